//! Logs, traces and metrics of a service: one [`init()`], one [`Guard`], and instruments for calls.
//!
//! Logs go to standard error, as text on a terminal and as JSON elsewhere. Metrics are recorded through
//! OpenTelemetry and exposed as text by [`prometheus_text`]. With a collector configured, all three are
//! exported to it as well.
//!
//! - [`ServerLayer`] and [`ClientCall`] record calls from the first byte to the trailers, and
//!   [`UnaryCall`] records server calls that bypass the layers. [`statement`] and [`Work`] record
//!   database statements and other work within a call.
//! - Calls are linked across services by W3C trace context, accepted from the peers in [`Trust`].
//!
//! **Invariant:** label sets are bounded: no ids, no raw paths.
//! **Invariant:** no request waits for telemetry, and the export queues are bounded.

mod bound_series;
mod call;
mod exemplar;
mod failure_cause;
mod grpc_prometheus;
mod histogram;
mod init;
mod layer;
mod level;
mod line;
mod messages;
mod otlp;
mod outcome;
mod process;
mod propagate;
mod sampling;
mod scrape;
mod span;
mod sql;
mod unary;

pub use call::is_request_id;
pub use failure_cause::FailureCause;
pub use histogram::durations;
pub use init::{Args, Guard, LogFormat, init};
pub use layer::{ClientCall, FindMethod, ServerLayer, WatchedBody};
pub use level::{log_level, set_log_level};
pub use messages::{Direction, count_messages};
pub use outcome::code_name;
pub use propagate::Trust;
pub use scrape::{OPENMETRICS, openmetrics_text, prometheus_text};
pub use span::{Work, current_trace_id, in_current_context, is_recorded, recorded_trace_id};
pub use sql::{batched_statement, statement};
pub use unary::{UnaryCall, record_hang_up};

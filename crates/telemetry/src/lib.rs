//! Logs, traces and metrics of a service: one [`init()`], one [`Guard`], and what sees every call.
//!
//! Logs go to standard error, for people on a terminal and as JSON elsewhere. Metrics are recorded
//! through OpenTelemetry and read as text by [`prometheus_text`]. Where a collector is named, all
//! three are sent to it as well.
//!
//! - [`ServerLayer`] and [`ClientCall`] see calls that come and go, from the first byte to the
//!   trailers, and [`UnaryCall`] those that are served ahead of the layers; [`statement`] and
//!   [`Work`] see what is done for them.
//! - Who calls is told by W3C trace context, which is believed from those that [`Trust`] names.
//!
//! **Invariant:** label sets are bounded: no ids, no raw paths.
//! **Invariant:** no request waits for telemetry, and what is kept to be sent is bounded.

mod bound;
mod call;
mod exemplar;
mod grpc_prometheus;
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

pub use call::{durations, is_request_id};
pub use init::{Args, Guard, LogFormat, init};
pub use layer::{ClientCall, FindMethod, ServerLayer, WatchedBody};
pub use level::{log_level, set_log_level};
pub use messages::{Direction, messages};
pub use propagate::Trust;
pub use scrape::{OPENMETRICS, openmetrics_text, prometheus_text};
pub use span::{Work, carried};
pub use sql::{batched_statement, statement};
pub use unary::UnaryCall;

//! Logs and metrics of a service: one [`init()`], one [`Guard`], and the layer that sees every call.
//!
//! Logs go to standard error, for people on a terminal and as JSON elsewhere. Metrics are recorded
//! through OpenTelemetry and read as Prometheus text by [`prometheus_text`].
//! **Invariant:** label sets are bounded: no ids, no raw paths.

mod init;
mod layer;
mod outcome;

pub use init::{Args, Guard, LogFormat, init, prometheus_text};
pub use layer::{REQUEST_ID, ServerLayer, is_request_id};

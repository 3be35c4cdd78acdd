//! A panic fails one call.

use std::any::Any;

use rpc::status::error;
use tonic::{Code, Status};

use crate::metrics;

/// The message of a panic, for the log.
pub fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or_default()
}

/// Logs and counts a panic that was caught in `place`; the status for the client.
pub fn panicked(place: &'static str, panic: &(dyn Any + Send)) -> Status {
    report(place, panic);
    error(Code::Internal, "INTERNAL", "something went wrong on our side")
}

/// Logs and counts a panic that was caught.
pub fn report(place: &'static str, panic: &(dyn Any + Send)) {
    metrics::panicked(place);
    tracing::error!(place, panic = panic_text(panic), "a panic was caught");
}

//! A panic is one failed call.

use std::any::Any;

use axum::body::Body;
use http::Response;
use rpc::status::error;
use tonic::{Code, Status};

use crate::metrics;

/// What a panic said, for the log.
pub fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or_default()
}

/// INTERNAL for the caller, the panic's message for the log.
pub(super) fn answer(panic: Box<dyn Any + Send>) -> Response<Body> {
    super::answer(panicked(metrics::HANDLER, panic.as_ref()))
}

/// Logs and counts a panic that was caught in `place`; what a caller is told of it.
pub fn panicked(place: &'static str, panic: &(dyn Any + Send)) -> Status {
    report(place, panic);
    error(Code::Internal, "INTERNAL", "something went wrong on our side")
}

/// Logs and counts a panic that was caught.
pub fn report(place: &'static str, panic: &(dyn Any + Send)) {
    metrics::panicked(place);
    tracing::error!(place, panic = panic_text(panic), "a panic was caught");
}

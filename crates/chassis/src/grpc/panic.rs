//! A panic is one failed call.

use std::any::Any;

use axum::body::Body;
use http::Response;
use tonic::Code;

use crate::status::error;

/// What a panic said, for the log.
pub fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or_default()
}

/// INTERNAL for the caller, the panic's message for the log.
pub(super) fn answer(panic: Box<dyn Any + Send>) -> Response<Body> {
    tracing::error!(panic = panic_text(panic.as_ref()), "a handler panicked");
    super::answer(error(Code::Internal, "INTERNAL", "something went wrong on our side"))
}

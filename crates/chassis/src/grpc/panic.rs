//! A panic is one failed call.

use std::any::Any;

use axum::body::Body;
use http::Response;
use tonic::Code;

use crate::status::error;

/// INTERNAL for the caller, the panic's message for the log.
pub(super) fn answer(panic: Box<dyn Any + Send>) -> Response<Body> {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    tracing::error!(panic = text, "a handler panicked");
    super::answer(error(Code::Internal, "INTERNAL", "something went wrong on our side"))
}

//! Builds an HTTP response from an encoded response message: status, headers and JSON.
//!
//! The message is transcoded without decoding; the fields that become headers are read from its bytes.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use proto::json::{Error, Message};

use super::{binding::Binding, body, etag};
use crate::problem::Problem;

/// The token of a write, for the parameter `minRevision` of a later read.
const REVISION_TOKEN: HeaderName = HeaderName::from_static("revision-token");
/// Caches must revalidate: prices and stock may change at any time.
const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");

/// The kind of a request, which decides the status and the headers of its response.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Read,
    Create,
    Change,
    /// A write with `validateOnly`: nothing was stored.
    Validate,
}

/// Responds with an encoded message: 200, 201 for a creation, or 304 for a client that has this version.
pub(super) fn respond(
    encoded: &[u8],
    binding: &Binding,
    operation: Operation,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let rendered = |message: &Message<'_>| render(message, binding, operation, headers);
    binding.rpc.output.read(encoded, rendered).map_err(body::not_transcodable)
}

fn render(
    message: &Message<'_>,
    binding: &Binding,
    operation: Operation,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let tag = etag::of(message).filter(|_| operation != Operation::Validate);
    let mut response = match &tag {
        Some(tag) if operation == Operation::Read && etag::if_none_match(headers, tag) => {
            StatusCode::NOT_MODIFIED.into_response()
        }
        _ => body::json(message)?,
    };
    if let Some(tag) = tag {
        response.headers_mut().insert(header::CACHE_CONTROL, NO_CACHE);
        response.headers_mut().insert(header::ETAG, tag);
    }
    if let Some(token) = message.text("revision_token").and_then(header_value) {
        response.headers_mut().insert(REVISION_TOKEN, token);
    }
    if operation == Operation::Create {
        *response.status_mut() = StatusCode::CREATED;
        if let Some(location) = location(message, binding).and_then(|path| header_value(&path)) {
            response.headers_mut().insert(header::LOCATION, location);
        }
    }
    Ok(response)
}

/// The path of a created resource, which has an id.
fn location(message: &Message<'_>, binding: &Binding) -> Option<String> {
    let list = binding.rule.template.split("/{").next()?;
    message.text("id").map(|id| format!("{list}/{id}"))
}

fn header_value(text: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(text).ok().filter(|value| !value.is_empty())
}

//! A response of the contract as an HTTP response: status, headers and JSON.
//!
//! It stays encoded: the few fields that HTTP has headers for are read where they lie.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use proto::json::{self, Message};

use super::{
    binding::{Binding, Body},
    body, etag,
};
use crate::problem::Problem;

/// What a write gives, to be given to a read as `minRevision`.
const REVISION_TOKEN: HeaderName = HeaderName::from_static("revision-token");
/// Caches must ask again: a price or a stock may change at any moment.
const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");

/// What was asked for, as far as it shapes the response.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Read,
    Creation,
    Change,
    /// A write that was only checked: nothing of the response has come to be.
    Check,
}

/// The encoded response `A` of a method as 200, 201 for a creation, or 304 for a reader who has this
/// version already.
pub(super) fn respond<A: prost::Message + Default>(
    encoded: &[u8],
    binding: &Binding,
    asked: Asked,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let of = binding.contract().output();
    json::read::<A, _>(of, encoded, |message| render(message, binding, asked, headers))
        .map_err(body::no_json)
}

fn render(
    message: &Message<'_>,
    binding: &Binding,
    asked: Asked,
    headers: &HeaderMap,
) -> Result<Response, json::Error> {
    let tag = etag::of(message).filter(|_| asked != Asked::Check);
    let mut response = match &tag {
        Some(tag) if asked == Asked::Read && etag::is_known(headers, tag) => {
            StatusCode::NOT_MODIFIED.into_response()
        }
        _ => body::json(message)?,
    };
    if let Some(tag) = tag {
        response.headers_mut().insert(header::CACHE_CONTROL, NO_CACHE);
        response.headers_mut().insert(header::ETAG, tag);
    }
    if let Some(token) = message.text("revision_token").and_then(header_of) {
        response.headers_mut().insert(REVISION_TOKEN, token);
    }
    if asked == Asked::Creation {
        *response.status_mut() = StatusCode::CREATED;
        if let Some(location) = location(message, binding).and_then(|path| header_of(&path)) {
            response.headers_mut().insert(header::LOCATION, location);
        }
    }
    Ok(response)
}

/// Where a resource is found from now on that was the body of a creation.
fn location(message: &Message<'_>, binding: &Binding) -> Option<String> {
    let is_resource = matches!(binding.body, Body::Field(_));
    is_resource.then(|| message.text("id")).flatten().map(|id| format!("{}/{id}", binding.template))
}

fn header_of(text: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(text).ok().filter(|value| !value.is_empty())
}

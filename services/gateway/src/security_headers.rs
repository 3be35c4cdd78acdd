//! Security headers of every response but those of gRPC.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// The policy of responses without one of their own, such as JSON: nothing may be loaded or run.
const STRICT_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// Adds the headers that a response has not set itself.
pub(crate) fn add(headers: &mut HeaderMap) {
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if let Some(b"text/event-stream" | b"application/x-ndjson") = kind {
        // nginx would keep events until its buffer is full.
        headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(STRICT_POLICY);
    const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
    let none = HeaderValue::from_static("camera=(), geolocation=(), microphone=()");
    headers.entry(PERMISSIONS).or_insert(none);
}

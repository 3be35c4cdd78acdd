//! Strong entity tags of compressed responses. A strong tag names one representation (RFC 9110, section
//! 8.8.1), so that of a gzipped response is the handler's with [`GZIP`] appended. Handlers see their own
//! tags only.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

/// Before the closing quote of a tag.
const GZIP: &str = ";gzip\"";

/// The middleware function, around the compression.
pub(crate) async fn tag(mut request: Request, next: Next) -> Response {
    let knows_gzip = strip(request.headers_mut());
    let mut response = next.run(request).await;
    let status = response.status();
    let headers = response.headers_mut();
    let Some(tag) = headers.get(header::ETAG).filter(|tag| tag.as_bytes().starts_with(b"\""))
    else {
        return response;
    };
    let is_gzip = headers.contains_key(header::CONTENT_ENCODING)
        || status == StatusCode::NOT_MODIFIED && knows_gzip;
    if is_gzip && let Some(tag) = with_suffix(tag) {
        headers.insert(header::ETAG, tag);
    }
    // Also where the compressor adds none: for 304, and for a body too small to compress.
    if !headers.contains_key(header::VARY) {
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    response
}

/// Removes the suffix from the tags of preconditions. Returns whether `If-None-Match` had it.
fn strip(headers: &mut HeaderMap) -> bool {
    let mut knows_gzip = false;
    for name in [header::IF_NONE_MATCH, header::IF_MATCH] {
        if let Some(tags) = headers.get(&name).and_then(|tags| tags.to_str().ok())
            && tags.contains(GZIP)
            && let Ok(stripped) = HeaderValue::from_str(&tags.replace(GZIP, "\""))
        {
            knows_gzip |= name == header::IF_NONE_MATCH;
            headers.insert(name, stripped);
        }
    }
    knows_gzip
}

fn with_suffix(tag: &HeaderValue) -> Option<HeaderValue> {
    let tag = tag.to_str().ok()?.strip_suffix('"')?;
    HeaderValue::from_str(&format!("{tag}{GZIP}")).ok()
}

//! Cross-origin requests (CORS): which pages of other origins may call the gateway, and which response headers they may read.

use std::time::Duration;

use anyhow::Context as _;
use http::{HeaderName, HeaderValue, header};
use tower_http::cors::{AllowOrigin, Any, CorsLayer};

/// How long a browser may cache the response to a preflight request.
const MAX_AGE: Duration = Duration::from_secs(3_600);

/// Response headers that the pages may read: the status of gRPC-web and of refused calls, and what a client acts on.
const EXPOSED: [&str; 17] = [
    "grpc-status",
    "grpc-message",
    "grpc-status-details-bin",
    "next-page-token",
    "revision-token",
    "resume-cursor",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "www-authenticate",
    "x-request-id",
    "etag",
    "location",
    "upload-complete",
    "upload-length",
    "upload-limit",
    "upload-offset",
];

/// The layer that allows pages of `origins` to call the gateway and to read the headers of gRPC-web. Without
/// credentials: cookies are for the gateway's own pages.
pub(crate) fn layer(origins: &[String]) -> anyhow::Result<CorsLayer> {
    let origins = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::from(Any)
    } else {
        let origins = origins.iter().map(|origin| HeaderValue::from_str(origin));
        AllowOrigin::list(origins.collect::<Result<Vec<_>, _>>().context("--cors-origin")?)
    };
    Ok(CorsLayer::new()
        .allow_origin(origins)
        .allow_methods(Any)
        // Browsers do not count `Authorization` among `*`.
        .allow_headers([HeaderName::from_static("*"), header::AUTHORIZATION])
        .expose_headers(EXPOSED.map(HeaderName::from_static))
        .max_age(MAX_AGE))
}

//! Serves pictures from a directory, under `/media/`.

use std::path::Path;

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, header};
use percent_encoding::percent_decode_str;
use tower_http::services::ServeDir;

use crate::{problem::Problem, state::AppState};

/// A replaced picture keeps its name, so caches must revalidate after an hour.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=3600");
/// An SVG may contain scripts and links, which must not work when it is opened as a document.
const SVG_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");

/// The longest name of a file (Linux's limit), and the longest path as it is sent; in bytes.
const MAX_NAME: usize = 255;
const MAX_PATH: usize = 2_048;

/// Serves the files of `folder`; without one there are no routes.
pub(crate) fn router(folder: Option<&Path>) -> Router<AppState> {
    let Some(folder) = folder else { return Router::new() };
    // Neither an index page nor a listing: a directory is not found.
    let files = ServeDir::new(folder).append_index_html_on_directories(false);
    let files = Router::new().fallback_service(files).layer(middleware::from_fn(guard));
    Router::new().nest_service("/media", files)
}

async fn guard(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if is_hidden(&path) || is_too_long(&path) {
        return Problem::no_such_route(&path).into_response();
    }
    let mut response = next.run(request).await;
    if response.status().is_client_error() || response.status().is_server_error() {
        return response;
    }
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, CACHE);
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if kind.is_some_and(|kind| kind.starts_with(b"image/svg")) {
        headers.insert(header::CONTENT_SECURITY_POLICY, SVG_POLICY);
    }
    response
}

/// Whether the path has a segment that begins with a dot, percent-encoded or not.
fn is_hidden(path: &str) -> bool {
    let path = path.to_ascii_lowercase().replace("%2e", ".").replace("%2f", "/");
    path.split('/').any(|segment| segment.starts_with('.'))
}

/// Whether no file can have the path: the file system would answer with an error other than "not found".
fn is_too_long(path: &str) -> bool {
    let too_long = |name: &str| percent_decode_str(name).count() > MAX_NAME;
    path.len() > MAX_PATH || path.split('/').any(too_long)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotfiles_are_hidden_in_any_encoding() {
        for path in ["/.git/config", "/a/.env", "/%2egit", "/a%2f%2Eenv", "/../x"] {
            assert!(is_hidden(path), "{path}");
        }
        assert!(!is_hidden("/mug.svg"));
    }
}

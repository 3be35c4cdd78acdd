//! Pictures from a folder, under `/media/`.

use std::path::Path;

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, header};
use tower_http::services::ServeDir;

use crate::{problem::Problem, state::AppState};

/// A picture that is replaced keeps its name, so caches ask again after a while.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=3600");
/// A drawing may hold scripts and links; shown by itself, it must not use them.
const DRAWING_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");

/// Serves the files of `folder`. Without one there is nothing under `/media/`.
pub(crate) fn router(folder: Option<&Path>) -> Router<AppState> {
    let Some(folder) = folder else { return Router::new() };
    // No index page and no listing: a folder is not found.
    let files = ServeDir::new(folder).append_index_html_on_directories(false);
    let files = Router::new().fallback_service(files).layer(middleware::from_fn(guard));
    Router::new().nest_service("/media", files)
}

async fn guard(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if is_hidden(&path) {
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
        headers.insert(header::CONTENT_SECURITY_POLICY, DRAWING_POLICY);
    }
    response
}

/// Dotfiles, and any spelling of a dot that would have to be decoded to be seen as one.
fn is_hidden(path: &str) -> bool {
    let path = path.to_ascii_lowercase().replace("%2e", ".").replace("%2f", "/");
    path.split('/').any(|segment| segment.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotfiles_are_hidden_however_they_are_spelt() {
        for path in ["/.git/config", "/a/.env", "/%2egit", "/a%2f%2Eenv", "/../x"] {
            assert!(is_hidden(path), "{path}");
        }
        assert!(!is_hidden("/mug.svg"));
    }
}

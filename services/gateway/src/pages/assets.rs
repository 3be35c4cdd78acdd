//! The files that pages load, inside the binary.

use axum::{
    Router,
    extract::{Path, RawQuery},
    response::{IntoResponse as _, Response},
    routing::get,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::{problem::Problem, state::AppState};

/// Under an address that names its content a file never changes.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// A file and what is served with it.
struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
    hash: u64,
}

const ASSETS: [Asset; 4] = [
    asset(
        "storefront.css",
        "text/css; charset=utf-8",
        include_bytes!("../../assets/storefront.css"),
    ),
    asset(
        "storefront.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../assets/storefront.js"),
    ),
    asset("favicon.svg", "image/svg+xml", include_bytes!("../../assets/favicon.svg")),
    asset("no-picture.svg", "image/svg+xml", include_bytes!("../../assets/no-picture.svg")),
];

const fn asset(name: &'static str, kind: &'static str, bytes: &'static [u8]) -> Asset {
    Asset { name, kind, bytes, hash: hash(bytes) }
}

/// FNV-1a. It tells versions apart, nothing more.
const fn hash(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x100_0000_01b3);
        at += 1;
    }
    hash
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/assets/{name}", get(serve))
}

/// The address of a file, which names its content. Files are those of [`ASSETS`].
pub(super) fn url(name: &str) -> String {
    let hash = find(name).map_or(0, |asset| asset.hash);
    format!("/assets/{name}?v={hash:016x}")
}

async fn serve(
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asset = find(&name).ok_or_else(|| Problem::no_such_route(&format!("/assets/{name}")))?;
    let hash = format!("{:016x}", asset.hash);
    let is_exact = query.is_some_and(|query| query.strip_prefix("v=") == Some(hash.as_str()));
    // Weak, for the bytes on the way may be compressed.
    let etag = format!("W/\"{hash}\"");
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|tags| tags.contains(&etag));
    let etag = HeaderValue::from_str(&etag).expect("hexadecimal digits between quotes");
    let common: [(HeaderName, HeaderValue); 2] =
        [(header::CACHE_CONTROL, if is_exact { FOREVER } else { ASK_AGAIN }), (header::ETAG, etag)];
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    Ok((common, [(header::CONTENT_TYPE, asset.kind)], asset.bytes).into_response())
}

fn find(name: &str) -> Option<&'static Asset> {
    const { &ASSETS }.iter().find(|asset| asset.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ask(name: &str, query: &str, known: Option<&str>) -> Response {
        let mut headers = HeaderMap::new();
        if let Some(known) = known {
            headers.insert(header::IF_NONE_MATCH, known.parse().unwrap());
        }
        let answer = serve(Path(name.to_owned()), RawQuery(Some(query.to_owned())), headers).await;
        answer.unwrap_or_else(|problem| problem.into_response())
    }

    #[tokio::test]
    async fn only_the_exact_version_may_be_kept_for_ever() {
        for asset in &ASSETS {
            let url = url(asset.name);
            let (_, query) = url.split_once('?').unwrap();
            let exact = ask(asset.name, query, None).await;
            assert_eq!(exact.headers()[header::CACHE_CONTROL], FOREVER);
            let other = ask(asset.name, "v=0", None).await;
            assert_eq!(other.headers()[header::CACHE_CONTROL], ASK_AGAIN);
            let tag = other.headers()[header::ETAG].to_str().unwrap();
            let again = ask(asset.name, "", Some(tag)).await;
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        }
    }

    #[tokio::test]
    async fn a_file_that_is_not_ours_is_not_found() {
        assert_eq!(ask("../Cargo.toml", "", None).await.status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn no_file_asks_another_host_for_anything() {
        for asset in &ASSETS {
            let text = std::str::from_utf8(asset.bytes).unwrap();
            let text = text.replace("http://www.w3.org/2000/svg", "");
            assert!(!text.contains("http:") && !text.contains("https:"), "{}", asset.name);
        }
    }
}

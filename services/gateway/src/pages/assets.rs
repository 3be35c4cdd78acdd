//! The static files of the pages, compiled into the binary.

use axum::{
    Router,
    extract::{Path, RawQuery},
    response::{IntoResponse as _, Response},
    routing::get,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::{problem::Problem, state::AppState};

/// For a URL with the hash of the content, which never changes.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
    hash: u64,
}

const ASSETS: [Asset; 13] = [
    asset(
        "storefront.css",
        "text/css; charset=utf-8",
        include_bytes!("../../assets/storefront.css"),
    ),
    script("pictures.js", include_bytes!("../../assets/pictures.js")),
    script("live.js", include_bytes!("../../assets/live.js")),
    script("search.js", include_bytes!("../../assets/search.js")),
    script("suggest.js", include_bytes!("../../assets/suggest.js")),
    script("recent.js", include_bytes!("../../assets/recent.js")),
    asset("desk.css", "text/css; charset=utf-8", include_bytes!("../../assets/desk.css")),
    script("import.js", include_bytes!("../../assets/import.js")),
    script("upload.js", include_bytes!("../../assets/upload.js")),
    asset("ops.css", "text/css; charset=utf-8", include_bytes!("../../assets/ops.css")),
    script("ops.js", include_bytes!("../../assets/ops.js")),
    asset("favicon.svg", "image/svg+xml", include_bytes!("../../assets/favicon.svg")),
    asset("no-picture.svg", "image/svg+xml", include_bytes!("../../assets/no-picture.svg")),
];

const fn script(name: &'static str, bytes: &'static [u8]) -> Asset {
    asset(name, "text/javascript; charset=utf-8", bytes)
}

const fn asset(name: &'static str, kind: &'static str, bytes: &'static [u8]) -> Asset {
    Asset { name, kind, bytes, hash: hash(bytes) }
}

/// FNV-1a, which can run at compile time. It only distinguishes versions.
const fn hash(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut index = 0;
    while index < bytes.len() {
        hash = (hash ^ bytes[index] as u64).wrapping_mul(0x100_0000_01b3);
        index += 1;
    }
    hash
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/assets/{name}", get(serve))
}

/// The URL of a file in [`ASSETS`], with the hash of its content.
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
    // Weak, because the response may be compressed.
    let etag = format!("W/\"{hash}\"");
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|tags| tags.contains(&etag));
    let etag = HeaderValue::from_str(&etag).expect("hexadecimal digits between quotes");
    let common: [(HeaderName, HeaderValue); 2] = [
        (header::CACHE_CONTROL, if is_exact { IMMUTABLE } else { REVALIDATE }),
        (header::ETAG, etag),
    ];
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

    async fn get(name: &str, query: &str, known: Option<&str>) -> Response {
        let mut headers = HeaderMap::new();
        if let Some(known) = known {
            headers.insert(header::IF_NONE_MATCH, known.parse().unwrap());
        }
        let result = serve(Path(name.to_owned()), RawQuery(Some(query.to_owned())), headers).await;
        result.unwrap_or_else(|problem| problem.into_response())
    }

    #[tokio::test]
    async fn only_the_exact_version_is_immutable() {
        for asset in &ASSETS {
            let url = url(asset.name);
            let (_, query) = url.split_once('?').unwrap();
            let exact = get(asset.name, query, None).await;
            assert_eq!(exact.headers()[header::CACHE_CONTROL], IMMUTABLE);
            let other = get(asset.name, "v=0", None).await;
            assert_eq!(other.headers()[header::CACHE_CONTROL], REVALIDATE);
            let tag = other.headers()[header::ETAG].to_str().unwrap();
            let again = get(asset.name, "", Some(tag)).await;
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        }
    }

    #[tokio::test]
    async fn unknown_file_is_not_found() {
        assert_eq!(get("../Cargo.toml", "", None).await.status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn no_file_refers_to_another_host() {
        for asset in &ASSETS {
            let text = std::str::from_utf8(asset.bytes).unwrap();
            let text = text.replace("http://www.w3.org/2000/svg", "");
            assert!(!text.contains("http:") && !text.contains("https:"), "{}", asset.name);
        }
    }
}

//! The header `Content-Type` of request bodies: JSON in UTF-8.

use http::{HeaderMap, StatusCode, header};

use crate::problem::Problem;

/// Requires `application/json` or `application/…+json`, such as merge patches, in UTF-8.
///
/// # Errors
/// 415 for any other type, for JSON patches (RFC 6902), whose lists of operations are no fields, and for
/// another charset.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Problem> {
    let text = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let text = text.unwrap_or_default().to_ascii_lowercase();
    let mut parts = text.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    let is_json =
        kind == "application/json" || kind.starts_with("application/") && kind.ends_with("+json");
    if !is_json || kind == "application/json-patch+json" {
        return Err(unsupported(
            "send the body as a JSON object, with the header content-type: application/json",
        ));
    }
    match is_utf8(parts) {
        true => Ok(()),
        false => Err(unsupported("send the body in UTF-8, the only charset of JSON")),
    }
}

/// Whether the parameters of a content type, in lower case, name UTF-8 or no charset.
pub(crate) fn is_utf8<'a>(mut parameters: impl Iterator<Item = &'a str>) -> bool {
    let charset = parameters.find_map(|part| part.trim().strip_prefix("charset="));
    let charset = charset.map(|charset| charset.trim_matches('"'));
    matches!(charset, None | Some("utf-8" | "utf8"))
}

fn unsupported(detail: &str) -> Problem {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "CONTENT_TYPE_UNSUPPORTED", detail)
}

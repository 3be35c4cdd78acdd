//! Builds links to pages, and checks the URLs of pictures.

use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes a text for a path segment, or a parameter's name or value.
pub(super) fn encode(text: &str) -> impl Display + '_ {
    utf8_percent_encode(text, RESERVED)
}

/// The link to a product's page.
pub(crate) fn product(id: &str) -> String {
    format!("/p/{}", encode(id))
}

/// The link to a product's page with one of its variants chosen.
pub(super) fn variant(id: &str, sku: &str) -> String {
    format!("/p/{}?variant={}#choose", encode(id), encode(sku))
}

/// A path on this host as a URL for others; `base` is the host's address. Other URLs are kept.
pub(super) fn absolute(base: &str, url: &str) -> String {
    if url.starts_with('/') { format!("{base}{url}") } else { url.to_owned() }
}

/// The URL of a picture, if it is safe: http(s), or a path on this host. Others, such as `javascript:`
/// or `//elsewhere`, are dropped.
pub(super) fn picture(url: &str) -> Option<&str> {
    let is_clean = !url.chars().any(|char| char.is_control() || char.is_whitespace());
    let is_path = url.starts_with('/') && !url.starts_with("//") && !url.contains('\\');
    let lower: String = url.chars().take(8).flat_map(char::to_lowercase).collect();
    let is_web = lower.starts_with("https://") || lower.starts_with("http://");
    (is_clean && (is_path || is_web)).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_encodes_its_parameters() {
        assert_eq!(product("../a b"), "/p/..%2Fa%20b");
        assert_eq!(variant("mug", "L/BLUE+"), "/p/mug?variant=L%2FBLUE%2B#choose");
    }

    #[test]
    fn only_http_urls_and_local_paths_are_shown() {
        for good in ["/media/mug.svg", "https://x.example/a.jpg?b=c", "HTTP://x.example/a.jpg"] {
            assert_eq!(picture(good), Some(good));
        }
        for bad in [
            "javascript:alert(1)",
            "data:image/svg+xml,<svg onload=alert(1)>",
            "//evil.example/a.jpg",
            "/\\evil.example/a.jpg",
            "https://x.example/\n",
            "media/mug.svg",
            "",
            "é",
        ] {
            assert_eq!(picture(bad), None, "{bad}");
        }
    }
}

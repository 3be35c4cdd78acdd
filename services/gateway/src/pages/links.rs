//! Builds links to pages, and checks the URLs of pictures.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The link to a page of results. Empty parameters are omitted.
pub(super) fn results(query: &str, category_id: &str, page_token: &str) -> String {
    let mut link = "/".to_owned();
    for (name, value) in [("q", query), ("category", category_id), ("page", page_token)] {
        if !value.is_empty() {
            link.push(if link.len() == 1 { '?' } else { '&' });
            link.push_str(name);
            link.push('=');
            link.extend(utf8_percent_encode(value, RESERVED));
        }
    }
    link
}

/// The same with the parts of the query that are taken as plain words.
pub(super) fn search(
    query: &str,
    category_id: &str,
    page_token: &str,
    as_words: &[String],
) -> String {
    let mut link = results(query, category_id, page_token);
    if query.is_empty() {
        return link;
    }
    for span in as_words {
        link.push_str("&as=");
        link.extend(utf8_percent_encode(span, RESERVED));
    }
    link
}

/// The link to a product's page.
pub(crate) fn product(id: &str) -> String {
    format!("/p/{}", utf8_percent_encode(id, RESERVED))
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
        assert_eq!(results("", "", ""), "/");
        assert_eq!(results("blue mug", "", ""), "/?q=blue%20mug");
        assert_eq!(
            results("a&b=ü", "kitchen", "t.1"),
            "/?q=a%26b%3D%C3%BC&category=kitchen&page=t.1"
        );
        assert_eq!(results("", "x\"><script>", ""), "/?category=x%22%3E%3Cscript%3E");
        assert_eq!(product("../a b"), "/p/..%2Fa%20b");
        assert_eq!(search("a", "", "", &["<$5".to_owned()]), "/?q=a&as=%3C%245");
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

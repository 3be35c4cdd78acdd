//! Addresses, ours and those that products name.

use std::fmt::Write as _;

/// The page of results for these words in this category, from this page token on. What is empty is
/// left out.
pub(super) fn results(query: &str, category_id: &str, page_token: &str) -> String {
    let mut link = "/".to_owned();
    for (name, value) in [("q", query), ("category", category_id), ("page", page_token)] {
        if !value.is_empty() {
            let mark = if link.len() == 1 { '?' } else { '&' };
            link.push(mark);
            link.push_str(name);
            link.push('=');
            encode(value, &mut link);
        }
    }
    link
}

/// The page of a product.
pub(super) fn product(id: &str) -> String {
    let mut link = "/p/".to_owned();
    encode(id, &mut link);
    link
}

/// The picture's address if a page may show it: http(s), or a path on this host. Anything else,
/// such as `javascript:` or `//elsewhere`, is dropped.
pub(super) fn picture(url: &str) -> Option<&str> {
    let is_clean = !url.chars().any(|char| char.is_control() || char.is_whitespace());
    let is_path = url.starts_with('/') && !url.starts_with("//") && !url.contains('\\');
    let lower: String = url.chars().take(8).flat_map(char::to_lowercase).collect();
    let is_web = lower.starts_with("https://") || lower.starts_with("http://");
    (is_clean && (is_path || is_web)).then_some(url)
}

/// Percent-encodes all but the unreserved characters of RFC 3986, section 2.3.
fn encode(value: &str, link: &mut String) {
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                link.push(char::from(byte));
            }
            _ => write!(link, "%{byte:02X}").expect("a String takes every write"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_travels_in_the_link() {
        assert_eq!(results("", "", ""), "/");
        assert_eq!(results("blue mug", "", ""), "/?q=blue%20mug");
        assert_eq!(
            results("a&b=ü", "kitchen", "t.1"),
            "/?q=a%26b%3D%C3%BC&category=kitchen&page=t.1"
        );
        assert_eq!(results("", "x\"><script>", ""), "/?category=x%22%3E%3Cscript%3E");
        assert_eq!(product("../a b"), "/p/..%2Fa%20b");
    }

    #[test]
    fn only_pictures_from_the_web_or_from_here_are_shown() {
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

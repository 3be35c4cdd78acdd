//! Rules for pictures.

use super::{check_count, check_text};
use crate::domain::{Media, Violations};

const MAX_IMAGES: usize = 50;
const MAX_URL: usize = 2_048;
const MAX_ALT: usize = 500;

/// Adds the violations of pictures. `as_urls` if they are from `image_urls`, whose name is then
/// used in the violations.
pub(crate) fn check_media(media: &[Media], as_urls: bool, violations: &mut Violations) {
    let list = if as_urls { "image_urls" } else { "media" };
    check_count(list, media.len(), MAX_IMAGES, violations);
    for (index, picture) in media.iter().enumerate() {
        let field = |name: &str| match as_urls {
            true => format!("{list}[{index}]"),
            false => format!("{list}[{index}].{name}"),
        };
        if let Some(fault) = url_fault(&picture.url) {
            violations.add(field("url"), fault);
        }
        if !picture.alt.is_empty() {
            check_text(&field("alt"), &picture.alt, MAX_ALT, violations);
        }
        for (name, pixels) in [("width", picture.width), ("height", picture.height)] {
            if pixels < 0 {
                violations.add(field(name), "must not be negative");
            }
        }
    }
}

fn url_fault(url: &str) -> Option<String> {
    let absolute = url.starts_with("http://") || url.starts_with("https://");
    let path = url.starts_with('/') && !url.starts_with("//");
    if !absolute && !path {
        Some("must begin with https://, http:// or a single /".to_owned())
    } else if url.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        Some("must not contain blanks, backslashes or control characters".to_owned())
    } else if url.len() > MAX_URL {
        Some(format!("must be at most {MAX_URL} bytes"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(media: &[Media], as_urls: bool) -> Vec<String> {
        let mut violations = Violations::default();
        check_media(media, as_urls, &mut violations);
        violations.iter().map(|(field, _)| field.to_owned()).collect()
    }

    fn picture(url: &str) -> Media {
        Media { url: url.to_owned(), ..Default::default() }
    }

    #[test]
    fn only_what_a_browser_fetches_safely_is_a_picture() {
        let long = format!("/{}", "x".repeat(MAX_URL));
        let urls = ["/ok.svg", "//evil/x", "javascript:x", "https://a b", "/a\\b", &long, ""];
        let media = urls.map(picture);
        let faults: Vec<_> = (1..7).map(|index| format!("image_urls[{index}]")).collect();
        assert_eq!(refused(&media, true), faults);
        assert_eq!(refused(&media[..2], false), ["media[1].url"]);
        assert_eq!(refused(&vec![picture("/a"); MAX_IMAGES + 1], false), ["media"]);
    }

    #[test]
    fn what_a_picture_shows_and_how_large_it_is_has_limits() {
        let fits = Media { alt: "é".repeat(MAX_ALT), width: 1, ..picture("/a") };
        assert_eq!(refused(std::slice::from_ref(&fits), false), [""; 0]);
        let broken = Media { alt: "é".repeat(MAX_ALT + 1), width: -1, height: -1, ..fits };
        assert_eq!(
            refused(&[broken], false),
            ["media[0].alt", "media[0].width", "media[0].height"]
        );
        let nul = Media { alt: "a\0b".to_owned(), ..picture("/a") };
        assert_eq!(refused(&[nul], false), ["media[0].alt"]);
    }
}

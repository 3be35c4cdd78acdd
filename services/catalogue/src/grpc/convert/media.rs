//! Pictures: the field `media`, and `image_urls` of the first contract.

use proto::catalogue::v1 as wire;

use crate::domain::{Media, Violations, check_media};

/// Parses pictures; `urls` apply only if `media` is empty.
pub(super) fn parse(
    media: Vec<wire::Media>,
    urls: Vec<String>,
    violations: &mut Violations,
) -> Vec<Media> {
    let as_urls = media.is_empty();
    let parsed: Vec<Media> = if as_urls {
        urls.into_iter().map(|url| Media { url, ..Default::default() }).collect()
    } else {
        let picture = |wire::Media { url, alt, width, height }| Media { url, alt, width, height };
        media.into_iter().map(picture).collect()
    };
    check_media(&parsed, as_urls, violations);
    parsed
}

pub(super) fn message(media: Media) -> wire::Media {
    let Media { url, alt, width, height } = media;
    wire::Media { url, alt, width, height }
}

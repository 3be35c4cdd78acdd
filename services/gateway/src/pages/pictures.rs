//! The pictures of a product.

use proto::catalogue::v1::Product;

use super::{links, text};

/// One picture that may be shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) url: String,
    /// What it shows; empty if nobody has said.
    pub(super) alt: String,
}

/// Those that a page may show, the main one first. Products of before there was `media` have
/// addresses alone.
pub(super) fn of(product: &Product) -> impl Iterator<Item = Picture> {
    let picture = |url: &str, alt: &str| {
        links::picture(url).map(|url| Picture { url: url.to_owned(), alt: text::plain(alt) })
    };
    let bare: &[String] = if product.media.is_empty() { &product.image_urls } else { &[] };
    let media = product.media.iter().filter_map(move |media| picture(&media.url, &media.alt));
    media.chain(bare.iter().filter_map(move |url| picture(url, "")))
}

#[cfg(test)]
mod tests {
    use proto::catalogue::v1::Media;

    use super::*;

    #[test]
    fn media_come_with_their_words_and_before_bare_addresses() {
        let media =
            |url: &str, alt: &str| Media { url: url.into(), alt: alt.into(), ..Default::default() };
        let mut product = Product {
            image_urls: vec!["/a.svg".into(), "javascript:alert(1)".into()],
            ..Default::default()
        };
        let picture = |url: &str, alt: &str| Picture { url: url.into(), alt: alt.into() };
        assert_eq!(of(&product).collect::<Vec<_>>(), [picture("/a.svg", "")]);
        product.media = vec![media("data:x", "no"), media("/b.svg", "A\u{202e} mug")];
        assert_eq!(of(&product).collect::<Vec<_>>(), [picture("/b.svg", "A mug")]);
    }
}

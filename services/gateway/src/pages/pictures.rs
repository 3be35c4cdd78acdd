//! The pictures of a product.

use proto::catalogue::v1::Product;

use super::{links, text};

/// A picture with a safe URL.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) url: String,
    /// The alternative text; empty if the product has none.
    pub(super) alt: String,
}

/// The pictures that a page may show, the main one first. Older products have URLs without `media`.
pub(super) fn of(product: &Product) -> impl Iterator<Item = Picture> {
    let picture = |url: &str, alt: &str| {
        links::picture(url).map(|url| Picture { url: url.to_owned(), alt: text::plain(alt) })
    };
    let urls: &[String] = if product.media.is_empty() { &product.image_urls } else { &[] };
    let media = product.media.iter().filter_map(move |media| picture(&media.url, &media.alt));
    media.chain(urls.iter().filter_map(move |url| picture(url, "")))
}

#[cfg(test)]
mod tests {
    use proto::catalogue::v1::Media;

    use super::*;

    #[test]
    fn media_replace_image_urls() {
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

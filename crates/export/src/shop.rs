//! The shop itself, as feeds for other systems name it beside its products.

use anyhow::{Result, bail};
use url::Url;

/// The shop, for feeds.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "For feeds")]
pub struct Shop {
    /// Address of the storefront, such as `https://shop.example`, for links to products
    #[arg(long = "shop-url", id = "shop_url", value_name = "URL", value_parser = shop_url)]
    pub url: Option<String>,
    /// Name of the seller
    #[arg(long, value_name = "NAME")]
    pub seller: Option<String>,
    /// Country that is sold to, such as US
    #[arg(long, value_name = "CODE", value_parser = country)]
    pub country: Option<String>,
    /// Id of the feed at its destination
    #[arg(long = "feed", value_name = "ID", id = "feed_id")]
    pub feed: Option<String>,
}

impl Shop {
    /// The address of a product's page; empty without that of the shop.
    pub(super) fn link(&self, product_id: &str) -> String {
        let Some(shop) = &self.url else { return String::new() };
        let mut url = Url::parse(shop).expect("it was checked");
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["p", product_id]);
        }
        url.into()
    }

    /// An address of a picture; empty for a path without the address of the shop.
    pub(super) fn absolute(&self, url: &str) -> String {
        match (url.strip_prefix('/'), &self.url) {
            (Some(_), Some(shop)) => format!("{}{url}", shop.trim_end_matches('/')),
            (Some(_), None) => String::new(),
            (None, _) => url.to_owned(),
        }
    }
}

/// The address of a storefront.
///
/// # Errors
/// If it is not one of HTTP, or has a query.
pub fn shop_url(text: &str) -> Result<String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.query().is_none() => {
            Ok(text.to_owned())
        }
        _ => bail!("must be a URL such as https://shop.example"),
    }
}

/// The code of a country, in capitals.
///
/// # Errors
/// If it is not two letters.
pub fn country(text: &str) -> Result<String> {
    match text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        true => Ok(text.to_ascii_uppercase()),
        false => bail!("must be two letters (ISO 3166-1), such as US"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_absolute_or_absent() {
        let shop = Shop { url: Some("https://shop.example/en/".to_owned()), ..Shop::default() };
        assert_eq!(shop.link("a b/ü"), "https://shop.example/en/p/a%20b%2F%C3%BC");
        assert_eq!(shop.absolute("/media/a.png"), "https://shop.example/en/media/a.png");
        assert_eq!(shop.absolute("https://cdn.example/a.png"), "https://cdn.example/a.png");
        let nowhere = Shop::default();
        assert_eq!((nowhere.link("a"), nowhere.absolute("/a.png")), Default::default());
        assert!(shop_url("shop.example").is_err() && country("USA").is_err());
        assert_eq!(country("us").unwrap(), "US");
    }
}

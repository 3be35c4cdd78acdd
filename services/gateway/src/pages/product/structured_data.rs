//! The structured data of a product's page, for search engines (schema.org).

use proto::{catalogue::v1::Product, google::r#type::Money};
use serde_json::json;

use super::{
    super::{pictures, visibility::Visibility},
    variants,
};

/// JSON-LD, escaped so that it cannot close its `<script>` element.
pub(super) struct StructuredData(String);

/// [`StructuredData::of`] escapes all characters that are special in HTML.
impl askama::filters::HtmlSafe for StructuredData {}

impl std::fmt::Display for StructuredData {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl StructuredData {
    pub(super) fn of(product: &Product) -> Self {
        let pictures: Vec<String> = pictures::of(product).map(|picture| picture.url).collect();
        let pictures: Vec<&String> = pictures.iter().filter(|url| !url.starts_with('/')).collect();
        let availability = match (Visibility::of(product), product.stock_qty) {
            (Visibility::Discontinued | Visibility::Hidden, _) => "https://schema.org/Discontinued",
            (Visibility::ForSale, 1..) => "https://schema.org/InStock",
            (Visibility::ForSale, _) => "https://schema.org/OutOfStock",
        };
        let offer = variants::price_range(product).map(|(min, max)| {
            if min == max {
                json!({
                    "@type": "Offer",
                    "price": amount(min),
                    "priceCurrency": min.currency_code,
                    "availability": availability,
                })
            } else {
                json!({
                    "@type": "AggregateOffer",
                    "lowPrice": amount(min),
                    "highPrice": amount(max),
                    "offerCount": product.variants.len(),
                    "priceCurrency": min.currency_code,
                    "availability": availability,
                })
            }
        });
        let data = json!({
            "@context": "https://schema.org",
            "@type": "Product",
            "name": product.name,
            "sku": product.id,
            "description": product.description,
            "brand": { "@type": "Brand", "name": product.brand },
            "image": pictures,
            "offers": offer,
        });
        let escaped = ['<', '>', '&', '\u{2028}', '\u{2029}'];
        let escape =
            |json: String, char: char| json.replace(char, &format!("\\u{:04x}", u32::from(char)));
        Self(escaped.into_iter().fold(data.to_string(), escape))
    }
}

/// An amount without its currency, such as `12.50`.
fn amount(money: &Money) -> String {
    let text = proto::money::display(money);
    text.split_once(' ').map_or(text.as_str(), |(amount, _)| amount).to_owned()
}

#[cfg(test)]
mod tests {
    use proto::catalogue::v1::Variant;

    use super::*;

    fn euros(units: i64) -> Option<Money> {
        Some(Money { currency_code: "EUR".into(), units, nanos: 500_000_000 })
    }

    fn read(product: &Product) -> serde_json::Value {
        let StructuredData(json) = StructuredData::of(product);
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn escaped_data_keeps_its_values() {
        let product = Product {
            name: "</script>&\u{2028}".into(),
            image_urls: vec!["/media/a.svg".into(), "https://x.example/2.jpg".into()],
            price: euros(1_012),
            ..Default::default()
        };
        let StructuredData(json) = StructuredData::of(&product);
        assert!(!json.contains(['<', '>', '&', '\u{2028}']));
        let value = read(&product);
        assert_eq!(value["name"], product.name);
        assert_eq!(value["offers"]["price"], "1012.50");
        assert_eq!(value["offers"]["availability"], "https://schema.org/OutOfStock");
        assert_eq!(value["image"], json!(["https://x.example/2.jpg"]));
    }

    #[test]
    fn different_prices_are_a_range() {
        let variant = |price| Variant { price, ..Default::default() };
        let variants = vec![variant(None), variant(euros(9))];
        let offers = &read(&Product { price: euros(12), variants, ..Default::default() })["offers"];
        assert_eq!((&offers["lowPrice"], &offers["highPrice"]), (&json!("9.50"), &json!("12.50")));
    }
}

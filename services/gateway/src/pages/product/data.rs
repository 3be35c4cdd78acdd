//! What machines read off a product's page.

use proto::{catalogue::v1::Product, google::r#type::Money};
use serde_json::json;

use super::{
    super::{pictures, shelf::Shelf},
    variants,
};

/// What machines read off the page (schema.org), as JSON that cannot end its own element.
pub(super) struct Data(String);

/// See [`Data::of`]: no character is left in it that means anything to HTML.
impl askama::filters::HtmlSafe for Data {}

impl std::fmt::Display for Data {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Data {
    pub(super) fn of(product: &Product) -> Self {
        let pictures: Vec<String> = pictures::of(product).map(|picture| picture.url).collect();
        let pictures: Vec<&String> = pictures.iter().filter(|url| !url.starts_with('/')).collect();
        let availability = match (Shelf::of(product), product.stock_qty) {
            (Shelf::NoLonger | Shelf::Hidden, _) => "https://schema.org/Discontinued",
            (Shelf::ForSale, 1..) => "https://schema.org/InStock",
            (Shelf::ForSale, _) => "https://schema.org/OutOfStock",
        };
        let offer = variants::prices(product).map(|(least, most)| match least == most {
            true => json!({
                "@type": "Offer",
                "price": amount(least),
                "priceCurrency": least.currency_code,
                "availability": availability,
            }),
            false => json!({
                "@type": "AggregateOffer",
                "lowPrice": amount(least),
                "highPrice": amount(most),
                "offerCount": product.variants.len(),
                "priceCurrency": least.currency_code,
                "availability": availability,
            }),
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

/// Without its currency: `12.50`.
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
        let Data(json) = Data::of(product);
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn data_for_machines_survives_its_escaping() {
        let product = Product {
            name: "</script>&\u{2028}".into(),
            image_urls: vec!["/media/a.svg".into(), "https://x.example/2.jpg".into()],
            price: euros(1_012),
            ..Default::default()
        };
        let Data(json) = Data::of(&product);
        assert!(!json.contains(['<', '>', '&', '\u{2028}']));
        let value = read(&product);
        assert_eq!(value["name"], product.name);
        assert_eq!(value["offers"]["price"], "1012.50");
        assert_eq!(value["offers"]["availability"], "https://schema.org/OutOfStock");
        assert_eq!(value["image"], json!(["https://x.example/2.jpg"]));
    }

    #[test]
    fn prices_that_differ_are_a_range() {
        let variant = |price| Variant { price, ..Default::default() };
        let variants = vec![variant(None), variant(euros(9))];
        let offers = &read(&Product { price: euros(12), variants, ..Default::default() })["offers"];
        assert_eq!((&offers["lowPrice"], &offers["highPrice"]), (&json!("9.50"), &json!("12.50")));
    }
}

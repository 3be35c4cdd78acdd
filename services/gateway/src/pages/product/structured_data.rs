//! The structured data of a product's page, for search engines (schema.org).

use product_fields::CurrentPrice;
use proto::catalogue::v1::{Product, Variant};
use serde_json::{Value, json};

use super::{
    super::{links, pictures},
    structured_offer::{self, amount, availability},
};
use crate::prices;

/// The most variants that are described.
const MAX_VARIANTS: usize = 100;
/// The properties of schema.org in which variants may differ.
const VARIES_BY: [&str; 4] = ["color", "size", "material", "pattern"];

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
    /// The data of a product with its page on the host `base`.
    pub(super) fn of(product: &Product, base: &str) -> Self {
        let pictures: Vec<String> =
            pictures::of(product).map(|picture| links::absolute(base, &picture.url)).collect();
        let url = links::absolute(base, &links::product(&product.id));
        let offer = prices::range(product).map(|(min, max)| {
            if min == max {
                let current = CurrentPrice { price: min, struck: prices::struck(product) };
                structured_offer::of(
                    product,
                    product.sale_period.as_ref(),
                    current,
                    product.stock_qty,
                )
            } else {
                json!({
                    "@type": "AggregateOffer",
                    "lowPrice": amount(min),
                    "highPrice": amount(max),
                    "offerCount": product.variants.len(),
                    "priceCurrency": min.currency_code,
                    "availability": availability(product, product.stock_qty),
                })
            }
        });
        let mut data = json!({
            "@context": "https://schema.org",
            "@type": "Product",
            "name": product.name,
            "sku": product.id,
            "url": url,
            "description": product.description,
            "image": pictures,
            "offers": offer,
        });
        structured_offer::add_measures(
            &mut data,
            product.weight.as_ref(),
            product.dimensions.as_ref(),
        );
        if !product.brand.is_empty() {
            data["brand"] = json!({ "@type": "Brand", "name": product.brand });
        }
        if !product.variants.is_empty() {
            data["@type"] = json!("ProductGroup");
            data["productGroupID"] = json!(product.id);
            data["variesBy"] = varies_by(product);
            let variants = product.variants.iter().take(MAX_VARIANTS);
            data["hasVariant"] = variants.map(|it| variant(product, it, &url, base)).collect();
        }
        let escaped = ['<', '>', '&', '\u{2028}', '\u{2029}'];
        let escape =
            |json: String, char: char| json.replace(char, &format!("\\u{:04x}", u32::from(char)));
        Self(escaped.into_iter().fold(data.to_string(), escape))
    }
}

/// The property of schema.org that an option is, by its name in American or British English.
fn property(option: &str) -> Option<&'static str> {
    let name = option.to_lowercase().replace("colour", "color");
    VARIES_BY.into_iter().find(|property| *property == name)
}

fn varies_by(product: &Product) -> Value {
    let options = product.variants.iter().flat_map(|variant| &variant.option_values);
    let mut properties: Vec<_> =
        options.filter_map(|option| property(&option.name)).collect::<Vec<_>>();
    properties.sort_unstable();
    properties.dedup();
    properties.into_iter().map(|property| format!("https://schema.org/{property}")).collect()
}

fn variant(product: &Product, variant: &Variant, url: &str, base: &str) -> Value {
    let values: Vec<_> = variant.option_values.iter().map(|option| option.value.as_str()).collect();
    let mut data = json!({
        "@type": "Product",
        "name": format!("{} {}", product.name, values.join(" ")).trim(),
        "sku": variant.sku,
    });
    for option in &variant.option_values {
        if let Some(property) = property(&option.name) {
            data[property] = json!(option.value);
        }
    }
    if !variant.gtin.is_empty() {
        data["gtin"] = json!(variant.gtin);
    }
    if let Some(picture) = links::picture(&variant.media_url) {
        data["image"] = json!(links::absolute(base, picture));
    }
    let Variant { weight, dimensions, .. } = variant;
    structured_offer::add_measures(&mut data, weight.as_ref(), dimensions.as_ref());
    if let Some(current) = prices::current(product, Some(variant)) {
        let period = match variant.price {
            Some(_) => variant.sale_period.as_ref(),
            None => product.sale_period.as_ref(),
        };
        data["offers"] = structured_offer::of(product, period, current, variant.stock_qty);
        data["offers"]["url"] = json!(url);
    }
    data
}

#[cfg(test)]
mod tests {
    use proto::{catalogue::v1::OptionValue, google::r#type::Money};

    use super::*;

    fn euros(units: i64) -> Option<Money> {
        Some(Money { currency_code: "EUR".into(), units, nanos: 500_000_000 })
    }

    fn read(product: &Product) -> serde_json::Value {
        let StructuredData(json) = StructuredData::of(product, "https://shop.example");
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
        let StructuredData(json) = StructuredData::of(&product, "https://shop.example");
        assert!(!json.contains(['<', '>', '&', '\u{2028}']));
        let value = read(&product);
        assert_eq!(value["name"], product.name);
        assert_eq!(value["offers"]["price"], "1012.50");
        assert_eq!(value["offers"]["availability"], "https://schema.org/OutOfStock");
        let own = "https://shop.example/media/a.svg";
        assert_eq!(value["image"], json!([own, "https://x.example/2.jpg"]));
    }

    #[test]
    fn different_prices_are_a_range() {
        let variant = |price| Variant { price, ..Default::default() };
        let variants = vec![variant(None), variant(euros(9))];
        let offers = &read(&Product { price: euros(12), variants, ..Default::default() })["offers"];
        assert_eq!((&offers["lowPrice"], &offers["highPrice"]), (&json!("9.50"), &json!("12.50")));
    }

    #[test]
    fn variants_are_a_group_with_codes_and_offers() {
        let variant = |colour: &str, gtin: &str, stock_qty| Variant {
            sku: format!("mug/{colour}"),
            gtin: gtin.into(),
            option_values: vec![OptionValue { name: "Colour".into(), value: colour.into() }],
            stock_qty,
            ..Default::default()
        };
        let variants = vec![variant("red", "4006381333931", 0), variant("blue", "", 2)];
        let group = read(&Product {
            id: "mug".into(),
            name: "Mug".into(),
            status: proto::catalogue::v1::product::Status::Active.into(),
            price: euros(12),
            variants,
            ..Default::default()
        });
        assert_eq!(group["@type"], "ProductGroup");
        assert_eq!(group["url"], "https://shop.example/p/mug");
        assert_eq!(group["variesBy"], json!(["https://schema.org/color"]));
        let [red, blue] = [&group["hasVariant"][0], &group["hasVariant"][1]];
        assert_eq!((&red["gtin"], &red["color"]), (&json!("4006381333931"), &json!("red")));
        assert_eq!(red["offers"]["availability"], "https://schema.org/OutOfStock");
        assert_eq!(blue["offers"]["availability"], "https://schema.org/InStock");
        assert_eq!((&blue["name"], blue.get("gtin")), (&json!("Mug blue"), None));
    }
}

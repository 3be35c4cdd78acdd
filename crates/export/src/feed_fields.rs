//! The fields of each item that can be bought, as feeds of other systems have them: for checks of what is missing.

use proto::catalogue::v1::Product;
use serde_json::{Map, Value, json};

use super::{acp::FeedProduct, google_merchant, item, openai, shop::Shop};

/// The fields of Google Merchant Center.
pub fn google_merchant(product: &Product, shop: &Shop) -> Vec<Map<String, Value>> {
    let rows = google_merchant::rows(product, shop).into_iter();
    let fields = rows.map(|row| {
        let cells = google_merchant::COLUMNS.iter().zip(row.cells);
        let known = cells.filter(|(_, cell)| !cell.is_empty());
        known.map(|(column, cell)| ((*column).to_owned(), cell.into())).collect()
    });
    fields.collect()
}

/// The fields of OpenAI's product feed.
pub fn openai(product: &Product, shop: &Shop) -> Vec<Map<String, Value>> {
    item::items(product).iter().map(|item| openai::object(item, shop)).collect()
}

/// The fields of variants in the Agentic Commerce Protocol; those of their product begin with `product.`.
pub fn acp(product: &Product, shop: &Shop) -> Vec<Map<String, Value>> {
    let mut of_product = json!(FeedProduct::of(product, shop));
    let variants = of_product["variants"].take();
    let Value::Array(variants) = variants else { return Vec::new() };
    let fields = variants.into_iter().filter_map(|variant| match variant {
        Value::Object(fields) => Some(fields),
        _ => None,
    });
    fields
        .map(|mut fields| {
            for name in ["description", "media"] {
                if let Some(value) = of_product.get(name) {
                    fields.insert(format!("product.{name}"), value.clone());
                }
            }
            fields.retain(|name, value| name != "title" || value.as_str() != Some(""));
            fields
        })
        .collect()
}

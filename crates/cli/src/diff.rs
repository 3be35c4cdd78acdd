//! Differences between two states of a product, as text.

use product_fields::{OfferField, OfferMessage, TextField};
use proto::catalogue::v1::{Product, ProductDiff};

use crate::output::{
    attribute_value, clip, condition, costs, format_time, offer_value, price, sanitize, status,
    variant_value,
};

/// Length at which a value is clipped, in characters.
const MAX_VALUE_LENGTH: usize = 60;

/// Returns one sanitized text per difference, such as `price 9.90 EUR -> 8.90 EUR`.
pub(crate) fn differences(diff: &ProductDiff) -> Vec<String> {
    let nothing = Product::default();
    let before = diff.before.as_ref().unwrap_or(&nothing);
    let after = diff.after.as_ref().unwrap_or(&nothing);
    let mut all = Vec::new();
    for field in &diff.changed_fields {
        // The price in euros repeats `price`.
        if field == "price_eur" {
            continue;
        }
        let (old, new) = (parts(before, field), parts(after, field));
        let keys = old.iter().chain(new.iter().filter(|(key, _)| find(&old, key).is_none()));
        let before = all.len();
        for (key, _) in keys {
            let (old, new) = (find(&old, key), find(&new, key));
            if old != new {
                let name = if key.is_empty() { field.clone() } else { format!("{field}[{key}]") };
                all.push(sanitize(&format!("{name} {} -> {}", display(old), display(new))));
            }
        }
        // Such as a different order of the same entries.
        if all.len() == before {
            all.push(sanitize(&format!("{field} changed")));
        }
    }
    all
}

fn find<'a>(parts: &'a [(String, String)], key: &str) -> Option<&'a str> {
    parts.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
}

fn display(value: Option<&str>) -> String {
    match value {
        None | Some("") => "(none)".to_owned(),
        Some(value) => clip(value, MAX_VALUE_LENGTH),
    }
}

/// A field's values by key: one per entry of attributes and variants, otherwise one with an empty
/// key.
fn parts(product: &Product, field: &str) -> Vec<(String, String)> {
    let text = match field {
        "attributes" => {
            let attributes = product.attributes.iter();
            return attributes.map(|each| (each.name.clone(), attribute_value(each))).collect();
        }
        "variants" => {
            let variants = product.variants.iter();
            return variants.map(|each| (each.sku.clone(), variant_value(each))).collect();
        }
        "costs" => return costs(product),
        "condition" => condition(product),
        "id" => product.id.clone(),
        "stock_qty" => product.stock_qty.to_string(),
        "image_urls" => product.image_urls.join(", "),
        "price" => price(product),
        "category_ids" => product.category_ids.join(", "),
        "labels" => product.labels.join(", "),
        "status" => status(product).to_owned(),
        "delete_time" => product.delete_time.as_ref().map(format_time).unwrap_or_default(),
        "external_id" => product.external_id.clone(),
        "media" => {
            product.media.iter().map(|media| media.url.clone()).collect::<Vec<_>>().join(", ")
        }
        "category_paths" => {
            let paths = product.category_paths.iter().map(|path| path.names.join(" > "));
            paths.collect::<Vec<_>>().join(", ")
        }
        // Otherwise a field of a newer version of the contract.
        field => match (OfferField::named(field), TextField::named(field)) {
            (Some(own), _) => {
                offer_value(own, &OfferMessage::of_product(product)).unwrap_or_default()
            }
            (None, Some(text)) => text.get(product).clone(),
            (None, None) => String::new(),
        },
    };
    vec![(String::new(), text)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::{
        catalogue::v1::{Attribute, attribute},
        money,
    };

    fn diff(fields: &[&str], before: Product, after: Product) -> Vec<String> {
        differences(&ProductDiff {
            changed_fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            before: Some(before),
            after: Some(after),
        })
    }

    #[test]
    fn each_field_has_its_old_and_new_value() {
        let eur = |minor| Some(money::from_minor(minor, "EUR"));
        let before = Product { price: eur(990), stock_qty: 3, ..Product::default() };
        let mut after =
            Product { price: eur(890), brand: "Ac\u{1b}me".to_owned(), ..before.clone() };
        after.description = "x".repeat(100);
        let fields = ["price", "price_eur", "brand", "description", "future"];
        let texts = diff(&fields, before, after);
        assert_eq!(texts[0], "price 9.90 EUR -> 8.90 EUR");
        assert_eq!(texts[1], "brand (none) -> Ac me");
        assert_eq!(texts[2], format!("description (none) -> {}…", "x".repeat(59)));
        assert_eq!(texts[3..], ["future changed"]);
    }

    #[test]
    fn only_entries_of_a_list_that_differ_are_included() {
        let attribute = |name: &str, number| Attribute {
            name: name.to_owned(),
            value: Some(attribute::Value::Number(number)),
            unit: "cm".to_owned(),
        };
        let before = Product {
            attributes: vec![attribute("width", 1.5), attribute("depth", 2.0)],
            ..Product::default()
        };
        let after = Product {
            attributes: vec![attribute("width", 1.5), attribute("height", 3.0)],
            ..Product::default()
        };
        assert_eq!(
            diff(&["attributes"], before.clone(), after),
            ["attributes[depth] 2 cm -> (none)", "attributes[height] (none) -> 3 cm"]
        );
        let mut reversed = before.clone();
        reversed.attributes.reverse();
        assert_eq!(diff(&["attributes"], before, reversed), ["attributes changed"]);
    }
}

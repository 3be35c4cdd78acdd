//! What is different between two states of a product, in words.

use proto::{
    catalogue::v1::{Attribute, Product, ProductDiff, Variant, attribute, product::Status},
    money,
};

use crate::output::{clean, clip, moment, price};

/// How much of a value is shown, in characters.
const SHOWN: usize = 60;

/// The differences, such as `price 9.90 EUR -> 8.90 EUR`, each harmless to a terminal.
pub(crate) fn differences(diff: &ProductDiff) -> Vec<String> {
    let nothing = Product::default();
    let before = diff.before.as_ref().unwrap_or(&nothing);
    let after = diff.after.as_ref().unwrap_or(&nothing);
    let mut all = Vec::new();
    for field in &diff.changed_fields {
        // Euros only repeat the price, and paths the ids they are found by.
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
                all.push(clean(&format!("{name} {} -> {}", shown(old), shown(new))));
            }
        }
        // Such as another order of the same entries.
        if all.len() == before {
            all.push(clean(&format!("{field} changed")));
        }
    }
    all
}

fn find<'a>(parts: &'a [(String, String)], key: &str) -> Option<&'a str> {
    parts.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
}

fn shown(value: Option<&str>) -> String {
    match value {
        None | Some("") => "(none)".to_owned(),
        Some(value) => clip(value, SHOWN),
    }
}

/// A field's value; one for each of its entries where those have names.
fn parts(product: &Product, field: &str) -> Vec<(String, String)> {
    let text = match field {
        "attributes" => return product.attributes.iter().map(attribute_part).collect(),
        "variants" => return product.variants.iter().map(variant_part).collect(),
        "id" => product.id.clone(),
        "name" => product.name.clone(),
        "description" => product.description.clone(),
        "stock_qty" => product.stock_qty.to_string(),
        "image_urls" => product.image_urls.join(", "),
        "price" => price(product),
        "brand" => product.brand.clone(),
        "category_ids" => product.category_ids.join(", "),
        "labels" => product.labels.join(", "),
        "status" => status(product).to_owned(),
        "delete_time" => product.delete_time.as_ref().map(moment).unwrap_or_default(),
        "external_id" => product.external_id.clone(),
        "media" => {
            product.media.iter().map(|media| media.url.clone()).collect::<Vec<_>>().join(", ")
        }
        "category_paths" => {
            let paths = product.category_paths.iter().map(|path| path.names.join(" > "));
            paths.collect::<Vec<_>>().join(", ")
        }
        // A field that this program does not know yet.
        _ => String::new(),
    };
    vec![(String::new(), text)]
}

fn attribute_part(attribute: &Attribute) -> (String, String) {
    (attribute.name.clone(), attribute_value(attribute))
}

fn variant_part(variant: &Variant) -> (String, String) {
    (variant.sku.clone(), variant_value(variant))
}

/// An attribute's value with its unit.
pub(crate) fn attribute_value(attribute: &Attribute) -> String {
    match &attribute.value {
        None => String::new(),
        Some(attribute::Value::Text(text)) => text.clone(),
        Some(attribute::Value::Flag(flag)) => (if *flag { "yes" } else { "no" }).to_owned(),
        Some(attribute::Value::Number(number)) => {
            format!("{number} {}", attribute.unit).trim_end().to_owned()
        }
    }
}

/// A variant without its sku: what it is, what it costs, how many there are.
pub(crate) fn variant_value(variant: &Variant) -> String {
    let options = variant.option_values.iter();
    let mut parts: Vec<String> =
        options.map(|option| format!("{} {}", option.name, option.value)).collect();
    parts.extend(variant.price.as_ref().map(money::display));
    parts.push(format!("{} in stock", variant.stock_qty));
    if !variant.gtin.is_empty() {
        parts.push(format!("gtin {}", variant.gtin));
    }
    parts.join(", ")
}

/// A product's status in lower case; empty where it is not known.
pub(crate) fn status(product: &Product) -> &'static str {
    match product.status() {
        Status::Unspecified => "",
        Status::Draft => "draft",
        Status::Active => "active",
        Status::Archived => "archived",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(fields: &[&str], before: Product, after: Product) -> Vec<String> {
        differences(&ProductDiff {
            changed_fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            before: Some(before),
            after: Some(after),
        })
    }

    #[test]
    fn each_field_is_told_from_what_to_what() {
        let eur = |minor| Some(money::from_minor(minor, "EUR"));
        let before = Product { price: eur(990), stock_qty: 3, ..Product::default() };
        let mut after =
            Product { price: eur(890), brand: "Ac\u{1b}me".to_owned(), ..before.clone() };
        after.description = "x".repeat(100);
        let told = diff(&["price", "price_eur", "brand", "description", "future"], before, after);
        assert_eq!(told[0], "price 9.90 EUR -> 8.90 EUR");
        assert_eq!(told[1], "brand (none) -> Ac me");
        assert_eq!(told[2], format!("description (none) -> {}…", "x".repeat(59)));
        assert_eq!(told[3..], ["future changed"]);
    }

    #[test]
    fn of_a_list_only_the_entries_that_differ_are_told() {
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
        let mut turned = before.clone();
        turned.attributes.reverse();
        assert_eq!(diff(&["attributes"], before, turned), ["attributes changed"]);
    }
}

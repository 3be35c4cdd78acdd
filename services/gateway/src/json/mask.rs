//! Field masks of updates (AIP-134): from the parameter `updateMask`, or from the fields in the body. In JSON a mask is a
//! text, with commas between its paths.

use pbjson_types::FieldMask;
use prost::Message as _;
use serde_json::{Map, Value, json};

pub(super) const FIELD_MASK: &str = "google.protobuf.FieldMask";

/// Fields that an update ignores, so that a client may send a product back as it read it.
const READ_ONLY: [&str; 11] = [
    "id",
    "created_at",
    "etag",
    "revision",
    "revision_token",
    "update_time",
    "delete_time",
    "category_paths",
    "parent_id",
    "path",
    "product_count",
];

/// The stock is output only on an update. A document that was read says its revision, and has it as it
/// then was: it is left out of the mask. In any other body it is meant, so that the catalogue refuses it
/// by name rather than that it is ignored.
const STOCK: &str = "stock_qty";
const REVISION: &str = "revision";

/// Costs are in a document only if they were asked for; the empty list of one that was read without them is not meant.
const COSTS: &str = "costs";

/// Pairs of fields with the same meaning: where both are sent, only the first counts.
const EQUIVALENT: [(&str, &str); 2] = [("price", "price_eur"), ("media", "image_urls")];

/// Parses a mask such as `name,priceEur`; `None` if it names no field.
pub(super) fn parse(text: &str) -> Option<Value> {
    mask(text.split(',').map(|path| proto_name(path.trim())))
}

/// The mask of the writable fields in a body; `None` if there are none, because an empty mask would
/// mean all fields. `null` clears a field.
pub(super) fn of_body(body: &Map<String, Value>) -> Option<Value> {
    let has =
        |name: &str| body.iter().any(|(key, value)| proto_name(key) == name && !is_empty(value));
    let is_repeated =
        |key: &str| EQUIVALENT.iter().any(|(first, second)| key == *second && has(first));
    let was_read = has(REVISION);
    let is_read_only = |key: &str| READ_ONLY.contains(&key) || (key == STOCK && was_read);
    let is_unasked = |key: &str, value: &Value| key == COSTS && *value == json!([]);
    let keys = body.iter().map(|(key, value)| (proto_name(key), value));
    let keys = keys.filter(|(key, value)| !is_unasked(key, value)).map(|(key, _)| key);
    mask(keys.filter(|key| !is_read_only(key) && !is_repeated(key)))
}

/// The mask of all writable fields.
pub(super) fn everything() -> Value {
    json!("*")
}

/// The encoded mask of a text.
pub(super) fn encode(text: &str) -> Vec<u8> {
    let paths = text.split(',').map(|path| proto_name(path.trim()));
    FieldMask { paths: paths.filter(|path| !path.is_empty()).collect() }.encode_to_vec()
}

fn mask(paths: impl Iterator<Item = String>) -> Option<Value> {
    let paths: Vec<String> = paths.filter(|path| !path.is_empty()).collect();
    (!paths.is_empty()).then(|| json!(paths.join(",")))
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

/// A field's name in the contract: `product.priceEur` is `product.price_eur`.
fn proto_name(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for char in name.chars() {
        if char.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(char.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(body: &str) -> Option<Value> {
        of_body(&serde_json::from_str(body).unwrap())
    }

    fn paths(paths: &[&str]) -> Option<Value> {
        Some(json!(paths.join(",")))
    }

    #[test]
    fn writable_fields_of_the_body_are_the_mask() {
        let body = r#"{"id":"a","name":"Mug","imageUrls":[],"revision":"7","parentId":"b"}"#;
        assert_eq!(sent(body), paths(&["image_urls", "name"]));
    }

    #[test]
    fn stock_of_a_document_that_was_read_is_not_meant() {
        assert_eq!(sent(r#"{"name":"Mug","stockQty":3,"revision":"7"}"#), paths(&["name"]));
        assert_eq!(sent(r#"{"name":"Mug","stockQty":3}"#), paths(&["name", "stock_qty"]));
        assert_eq!(sent(r#"{"stock_qty":3}"#), paths(&["stock_qty"]));
        assert_eq!(sent(r#"{"stockQty":3,"revision":null}"#), paths(&["stock_qty"]));
    }

    #[test]
    fn costs_of_a_document_that_was_read_without_them_are_not_meant() {
        assert_eq!(sent(r#"{"name":"Mug","costs":[]}"#), paths(&["name"]));
        assert_eq!(sent(r#"{"costs":null}"#), paths(&["costs"]));
        assert_eq!(sent(r#"{"costs":[{"sku":""}]}"#), paths(&["costs"]));
    }

    #[test]
    fn mask_is_parsed_in_either_spelling() {
        assert_eq!(parse("priceEur, category_ids"), paths(&["price_eur", "category_ids"]));
        let mask = FieldMask { paths: vec!["price_eur".to_owned(), "category_ids".to_owned()] };
        assert_eq!(encode("priceEur, category_ids"), mask.encode_to_vec());
    }

    #[test]
    fn equivalent_fields_count_once() {
        let body = r#"{"priceEur":1.5,"price":{"currencyCode":"EUR","units":"1"},
                       "imageUrls":["/a"],"media":[{"url":"/a"}]}"#;
        assert_eq!(sent(body), paths(&["media", "price"]));
        let body = r#"{"priceEur":1.5,"price":null,"imageUrls":["/a"],"media":[]}"#;
        assert_eq!(sent(body), paths(&["image_urls", "media", "price", "price_eur"]));
    }

    #[test]
    fn null_clears_a_field() {
        assert_eq!(sent(r#"{"price":null}"#), paths(&["price"]));
    }

    #[test]
    fn mask_without_fields_is_none() {
        assert_eq!(sent(r#"{"id":"a"}"#), None);
        assert_eq!(parse(" , "), None);
    }
}

//! Which fields a change speaks of.

use serde_json::{Map, Value, json};

/// The message that names fields, as the contract calls it.
pub(super) const FIELD_MASK: &str = "google.protobuf.FieldMask";

/// What a caller may send back as it was read, and what is never changed by a mask.
const NOT_CHANGED: [&str; 11] = [
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

/// Of two fields that say the same, the second is left out where the first is there: that is how
/// they are read.
const SAME: [(&str, &str); 2] = [("price", "price_eur"), ("media", "image_urls")];

/// The mask that a text such as `name,priceEur` stands for; none if it names nothing.
pub(super) fn of_text(text: &str) -> Option<Value> {
    mask(text.split(',').map(|path| proto_name(path.trim())))
}

/// The mask of all that was sent and can be changed; none if that is nothing, which would be read
/// as everything. `null` clears a field.
pub(super) fn of_sent(sent: &Map<String, Value>) -> Option<Value> {
    let holds =
        |name: &str| sent.iter().any(|(key, value)| proto_name(key) == name && !is_empty(value));
    let is_said_twice = |key: &str| SAME.iter().any(|(better, same)| key == *same && holds(better));
    let keys = sent.keys().map(|key| proto_name(key));
    mask(keys.filter(|key| !NOT_CHANGED.contains(&key.as_str()) && !is_said_twice(key)))
}

/// The mask of everything that can be written.
pub(super) fn everything() -> Value {
    json!({ "paths": ["*"] })
}

fn mask(paths: impl Iterator<Item = String>) -> Option<Value> {
    let paths: Vec<String> = paths.filter(|path| !path.is_empty()).collect();
    (!paths.is_empty()).then(|| json!({ "paths": paths }))
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
        of_sent(&serde_json::from_str(body).unwrap())
    }

    fn paths(paths: &[&str]) -> Option<Value> {
        Some(json!({ "paths": paths }))
    }

    #[test]
    fn the_fields_sent_are_the_mask() {
        let body = r#"{"id":"a","name":"Mug","imageUrls":[],"revision":"7","parentId":"b"}"#;
        assert_eq!(sent(body), paths(&["image_urls", "name"]));
    }

    #[test]
    fn a_mask_asked_for_may_be_in_either_spelling() {
        assert_eq!(of_text("priceEur, category_ids"), paths(&["price_eur", "category_ids"]));
    }

    #[test]
    fn what_a_product_read_says_twice_counts_once() {
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
    fn nothing_to_change_is_not_everything() {
        assert_eq!(sent(r#"{"id":"a"}"#), None);
        assert_eq!(of_text(" , "), None);
    }
}

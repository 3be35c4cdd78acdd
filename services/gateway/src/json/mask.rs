//! Which fields a change speaks of.

use proto::catalogue::v1::Product;

use crate::{json::body, problem::Problem};

/// What a caller may send back as it was read, and what is never changed by a mask.
const NOT_CHANGED: [&str; 6] =
    ["id", "created_at", "etag", "revision", "update_time", "category_paths"];

/// A product as sent, and the fields that were there.
pub(crate) struct Sent {
    pub(crate) product: Product,
    /// The keys that were there, by their names in the contract, and whether they hold anything:
    /// `null` clears a field.
    keys: Vec<(String, bool)>,
}

impl Sent {
    /// # Errors
    /// 400 that names the field, or the line and column.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Problem> {
        let product = body::parse(bytes)?;
        let object: serde_json::Map<String, serde_json::Value> = body::parse(bytes)?;
        let keys = object.iter().map(|(key, value)| (proto_name(key), !value.is_null()));
        Ok(Self { product, keys: keys.collect() })
    }

    /// The fields to change: those that `asked` names, or else those that were sent and can be
    /// changed. A price in euros beside an exact price is the same price, as it was read.
    ///
    /// # Errors
    /// None to change: it would be read as all of them.
    pub(crate) fn mask(&self, asked: &str) -> Result<Vec<String>, Problem> {
        let paths: Vec<String> = if asked.is_empty() {
            let exact = self.keys.iter().any(|(key, full)| key == "price" && *full);
            let keys = self.keys.iter().map(|(key, _)| key.as_str());
            let keys = keys.filter(|key| !NOT_CHANGED.contains(key));
            keys.filter(|key| !(exact && *key == "price_eur")).map(str::to_owned).collect()
        } else {
            asked.split(',').map(|path| proto_name(path.trim())).collect()
        };
        if paths.iter().all(String::is_empty) {
            return Err(Problem::invalid("body", "names no field that can be changed"));
        }
        Ok(paths)
    }
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

    fn mask(body: &str, asked: &str) -> Option<Vec<String>> {
        Sent::parse(body.as_bytes()).ok()?.mask(asked).ok()
    }

    #[test]
    fn the_fields_sent_are_the_mask() {
        let mask = mask(r#"{"id":"a","name":"Mug","imageUrls":[],"revision":"7"}"#, "").unwrap();
        assert_eq!(mask, ["image_urls", "name"]);
    }

    #[test]
    fn a_mask_asked_for_wins_and_may_be_in_either_spelling() {
        let mask = mask(r#"{"name":"Mug"}"#, "priceEur, category_ids").unwrap();
        assert_eq!(mask, ["price_eur", "category_ids"]);
    }

    #[test]
    fn the_two_prices_of_a_product_read_are_one() {
        let body = r#"{"priceEur":1.5,"price":{"currencyCode":"EUR","units":"1"}}"#;
        assert_eq!(mask(body, "").unwrap(), ["price"]);
    }

    #[test]
    fn null_clears_a_field() {
        assert_eq!(mask(r#"{"price":null}"#, "").unwrap(), ["price"]);
    }

    #[test]
    fn nothing_to_change_is_not_everything() {
        assert_eq!(mask(r#"{"id":"a"}"#, ""), None);
        assert_eq!(mask("{}", " , "), None);
    }
}

//! Product JSON of the contract, one object per line, which needs no field map.

use product_fields::{OfferField, TextField, json_name};
use proto::{
    catalogue::v1::{ImportRow, Product, product},
    google::r#type::Money,
};
use serde_json::{Map as Object, Value as Json};

use crate::{convert, row_error::RowError, spelling, value::Value};

/// Product fields besides the text fields: name in the contract, and whether an import can set it.
const FIELDS: [(&str, bool); 21] = [
    ("id", false),
    ("price_eur", true),
    ("stock_qty", true),
    ("image_urls", true),
    ("created_at", false),
    ("price", true),
    ("category_ids", true),
    ("attributes", true),
    ("variants", true),
    ("labels", true),
    ("status", true),
    ("condition", true),
    ("costs", true),
    ("etag", false),
    ("revision", false),
    ("update_time", false),
    ("delete_time", false),
    ("external_id", true),
    ("media", true),
    ("category_paths", true),
    ("revision_token", false),
];

/// Parses one line of product JSON. Its keys become the update mask; null clears a field.
///
/// # Errors
/// Malformed JSON, an unknown field, or a value of the wrong type.
pub(crate) fn product(line: &[u8]) -> Result<(Product, Vec<&'static str>), RowError> {
    let mut object: Object<String, Json> =
        serde_json::from_slice(line).map_err(|error| RowError::json(&error))?;
    let mut mask = Vec::new();
    for (key, value) in &object {
        match field_named(key) {
            // As of an export without costs, which does not mean that there are none.
            Some(("costs", _)) if value.as_array().is_some_and(Vec::is_empty) => {}
            Some((path, true)) => mask.push(path),
            Some(_) => {}
            None => {
                let known: Vec<String> = fields().map(|(name, _)| json_name(name)).collect();
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                let hint = spelling::hint(key, &known);
                let message = format!("is not a product field; {hint} Other formats require --map");
                let error = RowError::field(key, message);
                return Err(RowError { reason: "UNKNOWN_FIELD", ..error });
            }
        }
    }
    object.retain(|_, value| !value.is_null());
    let mut product: Product = serde_json::from_value(Json::Object(object))
        .map_err(|error| find_invalid_field(line, &error))?;

    // `price_eur` is an alias of `price`.
    if mask.contains(&"price_eur") {
        mask.retain(|field| *field != "price_eur");
        if !mask.contains(&"price") {
            // In this field, zero means that there is no price.
            product.price = match product.price_eur {
                None | Some(0.0) => None,
                Some(price) => euros(price)?,
            };
            mask.push("price");
        }
    }
    product.price_eur = None;
    // The stock of a product with variants is theirs; `media` overrides `image_urls`.
    if !product.variants.is_empty() {
        mask.retain(|field| *field != "stock_qty");
    }
    let pictures = if product.media.is_empty() { "image_urls" } else { "media" };
    if mask.contains(&pictures) {
        mask.retain(|field| *field == pictures || !["image_urls", "media"].contains(field));
    }
    // A null status leaves the status unchanged.
    if product.status() == product::Status::Unspecified {
        mask.retain(|field| *field != "status");
    }
    // Output-only fields are accepted and ignored.
    product.created_at = None;
    product.update_time = None;
    product.delete_time = None;
    product.revision_token = String::new();
    product.revision = 0;
    if product.id.is_empty() && product.external_id.is_empty() && !mask.contains(&"name") {
        merge_variants(line, &mut mask)?;
    }
    Ok((product, mask))
}

/// Merges a row that names its product by a variant's SKU: it sets the variants' fields that it
/// has, and keeps the others.
fn merge_variants(line: &[u8], mask: &mut Vec<&'static str>) -> Result<(), RowError> {
    const PARTS: [(&str, &str, &str); 6] = [
        ("sku", "sku", "variants.sku"),
        ("gtin", "gtin", "variants.gtin"),
        ("price", "price", "variants.price"),
        ("stockQty", "stock_qty", "variants.stock_qty"),
        ("optionValues", "option_values", "variants.option_values"),
        ("mediaUrl", "media_url", "variants.media_url"),
    ];
    // A cost goes by its SKU.
    if mask.contains(&"costs") {
        mask.retain(|path| *path != "costs");
        mask.push("costs.amount");
    }
    let row: Object<String, Json> = serde_json::from_slice(line).unwrap_or_default();
    let Some(variants) = row.get("variants").and_then(Json::as_array) else { return Ok(()) };
    let parts = |variant: &Json| {
        let has = |name: &str| variant.get(name).is_some();
        let parts = PARTS.iter().filter(|(json, name, _)| has(json) || has(name));
        let offers = OfferField::ALL.iter();
        let offers = offers.filter(|it| has(it.name()) || has(&json_name(it.name())));
        let offers = offers.map(|field| field.variant_path());
        parts.map(|(.., path)| *path).chain(offers).collect::<Vec<_>>()
    };
    let Some(first) = variants.first().map(parts) else { return Ok(()) };
    if variants.iter().any(|variant| parts(variant) != first) {
        let message = "without the product's id, all variants of a row must have the same fields";
        return Err(RowError::field("variants", message));
    }
    mask.retain(|path| *path != "variants");
    mask.extend(first);
    Ok(())
}

/// All product fields, as in [`FIELDS`].
fn fields() -> impl Iterator<Item = (&'static str, bool)> {
    let texts = TextField::ALL.iter().map(|field| (field.name(), true));
    let offers = OfferField::ALL.iter().map(|field| (field.name(), true));
    FIELDS.into_iter().chain(texts).chain(offers)
}

/// Finds a field by its name in the contract or in JSON.
fn field_named(name: &str) -> Option<(&'static str, bool)> {
    let exact = fields().find(|(path, _)| *path == name);
    exact.or_else(|| fields().find(|(path, _)| json_name(path) == name))
}

/// Whether a key of JSON is a field of a product.
pub(crate) fn is_field(key: &str) -> bool {
    field_named(key).is_some()
}

/// Builds the row of an import request.
///
/// # Errors
/// If the mask is empty, which the server would take for all fields.
pub(crate) fn row(
    line: i64,
    (product, mask): (Product, Vec<&'static str>),
) -> Result<ImportRow, RowError> {
    if mask.is_empty() {
        return Err(RowError::row("EMPTY_ROW", "names no field to import besides the id"));
    }
    let paths = mask.into_iter().map(str::to_owned).collect();
    let update_mask = Some(pbjson_types::FieldMask { paths });
    Ok(ImportRow { line, product: Some(product), update_mask })
}

fn euros(price: f64) -> Result<Option<Money>, RowError> {
    let number = serde_json::Number::from_f64(price);
    let value = number.map_or(Value::Null, Value::Number);
    convert::amount(&value, "EUR").map_err(|message| RowError::field("price_eur", message))
}

/// Finds the invalid field of a line by parsing each field on its own.
fn find_invalid_field(line: &[u8], error: &serde_json::Error) -> RowError {
    let object: Object<String, Json> = serde_json::from_slice(line).unwrap_or_default();
    for (key, value) in object.into_iter().filter(|(_, value)| !value.is_null()) {
        let name = field_named(&key);
        let alone = Json::Object(Object::from_iter([(key.clone(), value)]));
        if let Err(error) = serde_json::from_value::<Product>(alone) {
            return RowError::field(name.map_or("", |(path, _)| path), error.to_string());
        }
    }
    RowError::row("INVALID_FIELD", error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_costs_clears_none() {
        assert_eq!(super::product(br#"{"id":"1","name":"x","costs":[]}"#).unwrap().1, ["name"]);
        assert_eq!(super::product(br#"{"id":"1","costs":null}"#).unwrap().1, ["costs"]);
    }

    #[test]
    fn the_keys_of_a_line_are_its_update_mask() {
        let line = br#"{"id":"1","name":"Mug","stockQty":0,"brand":null,"etag":"x","revision":"4",
            "price":{"currencyCode":"EUR","units":"4","nanos":500000000},"createdAt":null}"#;
        let (product, mask) = super::product(line).unwrap();
        assert_eq!(mask.len(), 4);
        assert!(["name", "stock_qty", "brand", "price"].iter().all(|path| mask.contains(path)));
        assert_eq!(
            (product.etag.as_str(), product.revision),
            ("x", 0),
            "a condition of the update"
        );
        assert_eq!(product.price.unwrap().units, 4);
    }

    #[test]
    fn price_eur_is_used_if_there_is_no_price() {
        let (product, mask) = super::product(br#"{"id":"1","price_eur":12.5}"#).unwrap();
        assert_eq!(mask, ["price"]);
        assert_eq!(product.price.unwrap().nanos, 500_000_000);
        for none in
            [&br#"{"id":"1","priceEur":0,"price":null}"#[..], br#"{"id":"1","priceEur":0.0}"#]
        {
            let (product, mask) = super::product(none).unwrap();
            assert_eq!((product.price, mask), (None, vec!["price"]));
        }
    }

    #[test]
    fn variants_override_the_stock_and_media_the_images() {
        let line = br#"{"id":"1","stockQty":7,"imageUrls":["/a"],"status":"DRAFT",
            "variants":[{"sku":"s","stockQty":7,"optionValues":[{"name":"size","value":"S"}]}],
            "media":[{"url":"/a"}],"deleteTime":"2026-01-01T00:00:00Z","revisionToken":"x"}"#;
        let (product, mut mask) = super::product(line).unwrap();
        mask.sort_unstable();
        assert_eq!(mask, ["media", "status", "variants"]);
        assert_eq!(product.status(), product::Status::Draft);
        assert_eq!(product.variants[0].option_values[0].value, "S");
        assert_eq!((product.delete_time, product.revision_token.as_str()), (None, ""));
        let line = br#"{"id":"1","imageUrls":["/a"],"media":[]}"#;
        assert_eq!(super::product(line).unwrap().1, ["image_urls"]);
        let (_, mask) = super::product(br#"{"id":"1","name":"x","status":null}"#).unwrap();
        assert_eq!(mask, ["name"]);
    }

    #[test]
    fn an_invalid_line_is_rejected_with_reason_and_field() {
        let error = |line: &str| super::product(line.as_bytes()).unwrap_err();
        let malformed = error(r#"{"id":"1","#);
        assert_eq!(malformed.reason, "MALFORMED_JSON");
        assert!(malformed.message.ends_with("at column 10"), "{}", malformed.message);
        assert_eq!(error("[1]").reason, "MALFORMED_JSON");
        let unknown = error(r#"{"id":"1","nmae":"x"}"#);
        assert_eq!((unknown.reason, unknown.field.as_str()), ("UNKNOWN_FIELD", "nmae"));
        assert!(unknown.message.contains("\"name\""), "{}", unknown.message);
        let wrong = error(r#"{"id":"1","name":"x","stockQty":"many"}"#);
        assert_eq!((wrong.reason, wrong.field.as_str()), ("INVALID_FIELD", "stock_qty"));
        let empty = row(1, super::product(br#"{"id":"1"}"#).unwrap()).unwrap_err();
        assert_eq!(empty.reason, "EMPTY_ROW");
    }

    #[test]
    fn a_row_by_sku_sets_parts_of_variants() {
        let line = br#"{"variants":[{"sku":"S","price":{"currencyCode":"EUR","units":"79"}}]}"#;
        assert_eq!(super::product(line).unwrap().1, ["variants.sku", "variants.price"]);
        let line = br#"{"variants":[{"sku":"S","stockQty":1},{"sku":"M"}]}"#;
        assert!(super::product(line).unwrap_err().message.contains("same fields"));
        let line = br#"{"id":"1","variants":[{"sku":"S"}]}"#;
        assert_eq!(super::product(line).unwrap().1, ["variants"]);
    }
}

//! Native formats, which need no field map: product JSON of the contract, one object per line, and
//! CSV with product fields as columns.

use anyhow::{Result, bail};
use product_fields::{TextField, json_name};
use proto::{
    catalogue::v1::{ImportRow, Product, product},
    google::r#type::Money,
};
use serde_json::{Map as Object, Value as Json};

use super::{
    convert::{self, Separators},
    field_map::{FieldMap, PriceRule, Rule},
    row_error::RowError,
    value::Value,
};
use crate::spelling;

/// Product fields besides the text fields: name in the contract, and whether an import can set it.
const FIELDS: [(&str, bool); 19] = [
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
    ("etag", false),
    ("revision", false),
    ("update_time", false),
    ("delete_time", false),
    ("external_id", true),
    ("media", true),
    ("category_paths", true),
    ("revision_token", false),
];

/// Columns of the native CSV format, in the order in which an export writes them.
pub(crate) fn column_names() -> impl Iterator<Item = &'static str> {
    let texts = TextField::ALL.iter().map(|field| field.name());
    let others = ["price", "currency", "stock_qty", "category", "image_urls", "labels", "status"];
    ["id", "external_id"].into_iter().chain(texts).chain(others)
}

/// Separates list items in a CSV cell; escaped by a backslash.
pub(crate) const LIST_SEPARATOR: char = '|';
/// Separates the names of a category path in a CSV cell; escaped by a backslash.
pub(crate) const PATH_SEPARATOR: char = '>';

/// Parses one line of product JSON. Its keys become the update mask; null clears a field.
///
/// # Errors
/// Malformed JSON, an unknown field, or a value of the wrong type.
pub(crate) fn product(line: &[u8]) -> Result<(Product, Vec<&'static str>), RowError> {
    let mut object: Object<String, Json> =
        serde_json::from_slice(line).map_err(|error| RowError::json(&error))?;
    let mut mask = Vec::new();
    for key in object.keys() {
        match field_named(key) {
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
                0.0 => None,
                price => euros(price)?,
            };
            mask.push("price");
        }
    }
    product.price_eur = 0.0;
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
    product.etag = String::new();
    Ok((product, mask))
}

/// All product fields, as in [`FIELDS`].
fn fields() -> impl Iterator<Item = (&'static str, bool)> {
    FIELDS.into_iter().chain(TextField::ALL.iter().map(|field| (field.name(), true)))
}

/// Finds a field by its name in the contract or in JSON.
fn field_named(name: &str) -> Option<(&'static str, bool)> {
    let exact = fields().find(|(path, _)| *path == name);
    exact.or_else(|| fields().find(|(path, _)| json_name(path) == name))
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

/// Builds the field map for a header of [`column_names`], in any order, case and punctuation.
///
/// # Errors
/// An unknown column, no id, or only one of price and currency.
pub(crate) fn columns(header: &[String]) -> Result<FieldMap> {
    let mut map = FieldMap::default();
    let mut unknown = Vec::new();
    let mut amount = None;
    let mut currency = None;
    for column in header {
        let rule = Rule::field(column);
        let list = |paths: Option<char>, items: char| {
            let separators = Separators {
                items: Some(items.to_string()),
                paths: paths.map(String::from),
                escaped: true,
            };
            Rule { separators, ..Rule::field(column) }
        };
        match normalize(column).as_str() {
            "id" => map.id = Some(rule),
            "externalid" => map.external_id = Some(rule),
            "price" => amount = Some(rule),
            "currency" => currency = Some(rule),
            "stockqty" => map.stock_qty = Some(rule),
            "category" => map.category_path = Some(list(Some(LIST_SEPARATOR), PATH_SEPARATOR)),
            "imageurls" => map.image_urls = Some(list(None, LIST_SEPARATOR)),
            "labels" => map.labels = Some(list(None, LIST_SEPARATOR)),
            "status" => map.status = Some(rule),
            name => match TextField::ALL.iter().find(|field| normalize(field.name()) == name) {
                Some(field) => map.texts.set(*field, rule),
                None => unknown.push(column.as_str()),
            },
        }
    }
    if let [first, ..] = unknown.as_slice() {
        let hint = spelling::hint(first, &column_names().collect::<Vec<_>>());
        bail!(
            "columns that are not product fields: {}; {hint} Map columns to fields with --map FILE \
             (example in `catctl import --help`)",
            unknown.join(", ")
        );
    }
    if map.id.is_none() && map.external_id.is_none() {
        bail!("the header has no column `id` or `external_id`; other formats require --map FILE");
    }
    map.price = match (amount, currency) {
        (Some(amount), Some(currency)) => Some(PriceRule { amount, minor: false, currency }),
        (None, None) => None,
        _ => bail!("the columns `price` and `currency` require each other"),
    };
    Ok(map)
}

/// Removes case and punctuation from a column name: `Stock Qty` equals `stock_qty`.
fn normalize(column: &str) -> String {
    let letters = column.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
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
    use crate::import::value::Record;

    fn header(names: &str) -> Vec<String> {
        names.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn the_keys_of_a_line_are_its_update_mask() {
        let line = br#"{"id":"1","name":"Mug","stockQty":0,"brand":null,"etag":"x","revision":"4",
            "price":{"currencyCode":"EUR","units":"4","nanos":500000000},"createdAt":null}"#;
        let (product, mask) = super::product(line).unwrap();
        assert_eq!(mask.len(), 4);
        assert!(["name", "stock_qty", "brand", "price"].iter().all(|path| mask.contains(path)));
        assert_eq!((product.etag.as_str(), product.revision), ("", 0));
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
    fn native_columns_need_no_map() {
        let names = header("id,Name,price,currency,Stock Qty,category,image_urls");
        let texts = header(r"7,Mug,4.50,eur,,Kitchen > Mugs|Gifts \> All,/a.svg|/b.svg");
        let map = columns(&names).unwrap();
        let (product, mask) = map.apply(&Record::from_texts(&names, texts)).unwrap();
        assert_eq!(mask, ["name", "price", "image_urls", "category_paths"]);
        assert_eq!(product.price.unwrap().currency_code, "EUR");
        assert_eq!(product.category_paths[1].names, ["Gifts > All"]);
    }

    #[test]
    fn an_unknown_column_requires_a_map() {
        let message = columns(&header("id,titel,colour")).unwrap_err().to_string();
        assert!(message.contains("titel, colour") && message.contains("--map"), "{message}");
        assert!(columns(&header("id,price")).unwrap_err().to_string().contains("currency"));
        assert!(columns(&header("name")).unwrap_err().to_string().contains("`id`"));
    }
}

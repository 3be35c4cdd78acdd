//! Our own shapes: the contract's JSON, one product a line, and CSV with our fields as columns.

use anyhow::{Result, bail};
use proto::{
    catalogue::v1::{ImportRow, Product, product},
    google::r#type::Money,
};
use serde_json::{Map as Object, Value as Json};

use super::{
    convert::{self, Split},
    map::{Map, Price, Rule},
    problem::Problem,
    value::Value,
};
use crate::suggest;

/// A product's fields by their name in JSON and in the contract, and whether a row can set them.
const FIELDS: [(&str, &str, bool); 22] = [
    ("id", "id", false),
    ("name", "name", true),
    ("description", "description", true),
    ("priceEur", "price_eur", true),
    ("stockQty", "stock_qty", true),
    ("imageUrls", "image_urls", true),
    ("createdAt", "created_at", false),
    ("price", "price", true),
    ("brand", "brand", true),
    ("categoryIds", "category_ids", true),
    ("attributes", "attributes", true),
    ("variants", "variants", true),
    ("labels", "labels", true),
    ("status", "status", true),
    ("etag", "etag", false),
    ("revision", "revision", false),
    ("updateTime", "update_time", false),
    ("deleteTime", "delete_time", false),
    ("externalId", "external_id", true),
    ("media", "media", true),
    ("categoryPaths", "category_paths", true),
    ("revisionToken", "revision_token", false),
];

/// The columns of our own CSV.
pub(crate) const COLUMNS: [&str; 12] = [
    "id",
    "external_id",
    "name",
    "brand",
    "description",
    "price",
    "currency",
    "stock_qty",
    "category",
    "image_urls",
    "labels",
    "status",
];

/// Between the items of a list in a cell; a backslash before it makes it part of an item.
pub(crate) const LIST_SEPARATOR: char = '|';
/// Between the names of a category path in a cell.
pub(crate) const PATH_SEPARATOR: char = '>';

/// Reads one line of product JSON. The keys it has become the row's mask; null clears a field.
///
/// # Errors
/// What is malformed, unknown or of the wrong type.
pub(crate) fn product(line: &[u8]) -> Result<(Product, Vec<&'static str>), Problem> {
    let mut object: Object<String, Json> =
        serde_json::from_slice(line).map_err(|error| Problem::json(&error))?;
    let mut spoken = Vec::new();
    for key in object.keys() {
        let field = FIELDS.iter().find(|(json, path, _)| key == json || key == path);
        match field {
            Some((_, path, true)) => spoken.push(*path),
            Some(_) => {}
            None => {
                let known: Vec<&str> = FIELDS.iter().map(|(json, ..)| *json).collect();
                let hint = suggest::hint(key, &known);
                let message = format!("is no field of a product; {hint} Other shapes need --map");
                let problem = Problem::field(key, message);
                return Err(Problem { reason: "UNKNOWN_FIELD", ..problem });
            }
        }
    }
    object.retain(|_, value| !value.is_null());
    let mut product: Product =
        serde_json::from_value(Json::Object(object)).map_err(|error| culprit(line, &error))?;

    // The price in euros is only another way to write the price.
    if spoken.contains(&"price_eur") {
        spoken.retain(|field| *field != "price_eur");
        if !spoken.contains(&"price") {
            // Zero is how a product without a price is written.
            product.price = match product.price_eur {
                0.0 => None,
                price => euros(price)?,
            };
            spoken.push("price");
        }
    }
    product.price_eur = 0.0;
    // A product with variants has its stock in them, and pictures are what `media` says.
    if !product.variants.is_empty() {
        spoken.retain(|field| *field != "stock_qty");
    }
    let pictures = if product.media.is_empty() { "image_urls" } else { "media" };
    if spoken.contains(&pictures) {
        spoken.retain(|field| *field == pictures || !["image_urls", "media"].contains(field));
    }
    // A status that is null is not known, and stays.
    if product.status() == product::Status::Unspecified {
        spoken.retain(|field| *field != "status");
    }
    // What only the catalogue sets, a line may carry along but cannot ask for.
    product.created_at = None;
    product.update_time = None;
    product.delete_time = None;
    product.revision_token = String::new();
    product.revision = 0;
    product.etag = String::new();
    Ok((product, spoken))
}

/// A row as it is sent.
///
/// # Errors
/// A row that names nothing to import: an empty mask would mean every field.
pub(crate) fn row(
    line: i64,
    (product, spoken): (Product, Vec<&'static str>),
) -> Result<ImportRow, Problem> {
    if spoken.is_empty() {
        return Err(Problem::row("EMPTY_ROW", "names no field to import besides the id"));
    }
    let paths = spoken.into_iter().map(str::to_owned).collect();
    let update_mask = Some(pbjson_types::FieldMask { paths });
    Ok(ImportRow { line, product: Some(product), update_mask })
}

/// The map that a header of our own columns stands for.
///
/// # Errors
/// A column that is none of ours, or a price without its currency.
pub(crate) fn columns(header: &[String]) -> Result<Map> {
    let mut map = Map::default();
    let mut unknown = Vec::new();
    let mut amount = None;
    let mut currency = None;
    for column in header {
        let rule = Rule::field(column);
        let list = |paths: Option<char>, items: char| {
            let split = Split {
                items: Some(items.to_string()),
                paths: paths.map(String::from),
                escaped: true,
            };
            Rule { split, ..Rule::field(column) }
        };
        match plain(column).as_str() {
            "id" => map.id = Some(rule),
            "externalid" => map.external_id = Some(rule),
            "name" => map.name = Some(rule),
            "brand" => map.brand = Some(rule),
            "description" => map.description = Some(rule),
            "price" => amount = Some(rule),
            "currency" => currency = Some(rule),
            "stockqty" => map.stock_qty = Some(rule),
            "category" => map.category_path = Some(list(Some(LIST_SEPARATOR), PATH_SEPARATOR)),
            "imageurls" => map.image_urls = Some(list(None, LIST_SEPARATOR)),
            "labels" => map.labels = Some(list(None, LIST_SEPARATOR)),
            "status" => map.status = Some(rule),
            _ => unknown.push(column.as_str()),
        }
    }
    if let [first, ..] = unknown.as_slice() {
        let hint = suggest::hint(first, &COLUMNS);
        bail!(
            "columns that are no field of a product: {}; {hint} Say with --map FILE which column \
             feeds which field (`catctl import --help` shows one)",
            unknown.join(", ")
        );
    }
    if map.id.is_none() && map.external_id.is_none() {
        bail!("the header has no column `id` (or `external_id`); other shapes need --map FILE");
    }
    map.price = match (amount, currency) {
        (Some(amount), Some(currency)) => Some(Price { amount, minor: false, currency }),
        (None, None) => None,
        _ => bail!("the columns `price` and `currency` need each other"),
    };
    Ok(map)
}

/// A column's name without case and punctuation: `Stock Qty` is `stock_qty`.
fn plain(column: &str) -> String {
    let letters = column.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn euros(price: f64) -> Result<Option<Money>, Problem> {
    let number = serde_json::Number::from_f64(price);
    let value = number.map_or(Value::Null, Value::Number);
    convert::amount(&value, "EUR").map_err(|message| Problem::field("price_eur", message))
}

/// The field that makes a line no product, found by reading each alone.
fn culprit(line: &[u8], error: &serde_json::Error) -> Problem {
    let object: Object<String, Json> = serde_json::from_slice(line).unwrap_or_default();
    for (key, value) in object.into_iter().filter(|(_, value)| !value.is_null()) {
        let name = FIELDS.iter().find(|(json, path, _)| key == *json || key == *path);
        let alone = Json::Object(Object::from_iter([(key.clone(), value)]));
        if let Err(error) = serde_json::from_value::<Product>(alone) {
            return Problem::field(name.map_or("", |(_, path, _)| path), error.to_string());
        }
    }
    Problem::row("INVALID_FIELD", error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::value::Record;

    fn header(names: &str) -> Vec<String> {
        names.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn the_keys_of_a_line_are_its_mask() {
        let line = br#"{"id":"1","name":"Mug","stockQty":0,"brand":null,"etag":"x","revision":"4",
            "price":{"currencyCode":"EUR","units":"4","nanos":500000000},"createdAt":null}"#;
        let (product, spoken) = super::product(line).unwrap();
        assert_eq!(spoken.len(), 4);
        assert!(["name", "stock_qty", "brand", "price"].iter().all(|path| spoken.contains(path)));
        assert_eq!((product.etag.as_str(), product.revision), ("", 0));
        assert_eq!(product.price.unwrap().units, 4);
    }

    #[test]
    fn a_price_in_euros_counts_where_there_is_no_other() {
        let (product, spoken) = super::product(br#"{"id":"1","price_eur":12.5}"#).unwrap();
        assert_eq!(spoken, ["price"]);
        assert_eq!(product.price.unwrap().nanos, 500_000_000);
        for none in
            [&br#"{"id":"1","priceEur":0,"price":null}"#[..], br#"{"id":"1","priceEur":0.0}"#]
        {
            let (product, spoken) = super::product(none).unwrap();
            assert_eq!((product.price, spoken), (None, vec!["price"]));
        }
    }

    #[test]
    fn variants_have_the_stock_and_media_the_pictures() {
        let line = br#"{"id":"1","stockQty":7,"imageUrls":["/a"],"status":"DRAFT",
            "variants":[{"sku":"s","stockQty":7,"optionValues":[{"name":"size","value":"S"}]}],
            "media":[{"url":"/a"}],"deleteTime":"2026-01-01T00:00:00Z","revisionToken":"x"}"#;
        let (product, mut spoken) = super::product(line).unwrap();
        spoken.sort_unstable();
        assert_eq!(spoken, ["media", "status", "variants"]);
        assert_eq!(product.status(), product::Status::Draft);
        assert_eq!(product.variants[0].option_values[0].value, "S");
        assert_eq!((product.delete_time, product.revision_token.as_str()), (None, ""));
        let line = br#"{"id":"1","imageUrls":["/a"],"media":[]}"#;
        assert_eq!(super::product(line).unwrap().1, ["image_urls"]);
        let (_, spoken) = super::product(br#"{"id":"1","name":"x","status":null}"#).unwrap();
        assert_eq!(spoken, ["name"]);
    }

    #[test]
    fn a_broken_line_says_what_is_wrong_with_it() {
        let problem = |line: &str| super::product(line.as_bytes()).unwrap_err();
        let malformed = problem(r#"{"id":"1","#);
        assert_eq!(malformed.reason, "MALFORMED_JSON");
        assert!(malformed.message.ends_with("at column 10"), "{}", malformed.message);
        assert_eq!(problem("[1]").reason, "MALFORMED_JSON");
        let unknown = problem(r#"{"id":"1","nmae":"x"}"#);
        assert_eq!((unknown.reason, unknown.field.as_str()), ("UNKNOWN_FIELD", "nmae"));
        assert!(unknown.message.contains("\"name\""), "{}", unknown.message);
        let wrong = problem(r#"{"id":"1","name":"x","stockQty":"many"}"#);
        assert_eq!((wrong.reason, wrong.field.as_str()), ("INVALID_FIELD", "stock_qty"));
        let empty = row(1, super::product(br#"{"id":"1"}"#).unwrap()).unwrap_err();
        assert_eq!(empty.reason, "EMPTY_ROW");
    }

    #[test]
    fn our_own_columns_need_no_map() {
        let names = header("id,Name,price,currency,Stock Qty,category,image_urls");
        let texts = header(r"7,Mug,4.50,eur,,Kitchen > Mugs|Gifts \> All,/a.svg|/b.svg");
        let map = columns(&names).unwrap();
        let (product, spoken) = map.apply(&Record::from_texts(&names, texts)).unwrap();
        assert_eq!(spoken, ["name", "price", "image_urls", "category_paths"]);
        assert_eq!(product.price.unwrap().currency_code, "EUR");
        assert_eq!(product.category_paths[1].names, ["Gifts > All"]);
    }

    #[test]
    fn a_column_that_is_not_ours_asks_for_a_map() {
        let message = columns(&header("id,titel,colour")).unwrap_err().to_string();
        assert!(message.contains("titel, colour") && message.contains("--map"), "{message}");
        assert!(columns(&header("id,price")).unwrap_err().to_string().contains("currency"));
        assert!(columns(&header("name")).unwrap_err().to_string().contains("`id`"));
    }
}

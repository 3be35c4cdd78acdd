//! The limits of fields in requests, which the services check and the comments in `proto/` state.

use ::contract::Scope;
use product_fields::TextField;
use serde_json::{Value, json};

/// The ids of products, categories and others, and none.
const ID: &str = r"^(\.*[A-Za-z0-9_~-][A-Za-z0-9._~-]*)?$";
const REQUIRED_ID: &str = r"^\.*[A-Za-z0-9_~-][A-Za-z0-9._~-]*$";
const IMPORT_ID: &str = r"^(\.*[A-Za-z0-9_-][A-Za-z0-9._-]*)?$";
const REQUIRED_IMPORT_ID: &str = r"^\.*[A-Za-z0-9_-][A-Za-z0-9._-]*$";
const SKU: &str = r"^[A-Za-z0-9._~/+-]*$";
/// Text without NUL.
const TEXT: &str = r"^[^\x00]*$";
const NOT_BLANK: &str = r"^[^\x00]*[^\x00\s\x85][^\x00]*$";
const PRINTABLE: &str = r"^[^\x00-\x1f\x7f-\x9f]*$";
/// Addresses that a browser fetches safely.
const PICTURE: &str = r"^(https?://[^\s\\\x00-\x1f\x7f-\x9f]*|/([^/\s\\\x00-\x1f\x7f-\x9f][^\s\\\x00-\x1f\x7f-\x9f]*)?)$";
/// Parts of a second.
const FRACTION: &str = r"(\.[0-9]{1,9})?";
/// Seconds from 1 to 86,400.
const DAY: &str = "([1-9][0-9]{0,3}|[1-7][0-9]{4}|8[0-5][0-9]{3}|86[0-3][0-9]{2})";
/// Seconds below 2,592,000, which are 30 days.
const MONTH: &str = "([0-9]{1,6}|1[0-9]{6}|2[0-4][0-9]{5}|25[0-8][0-9]{4}|259[01][0-9]{3})";
/// Seconds from 1 to 3,149,999,999, which are almost 100 years.
const CENTURY: &str = "([1-9][0-9]{0,8}|[12][0-9]{9}|30[0-9]{8}|31[0-4][0-9]{7})";

/// The keywords of JSON schema for a field, by the names of its message and its own. `items` are those of each of a list.
pub(crate) fn of(message: &str, field: &str) -> Value {
    let of = [product, offer, stock, search, keys, ids];
    let found = of.iter().map(|of| of(message, field)).find(|keywords| !keywords.is_null());
    found.unwrap_or_else(|| json!({}))
}

fn ids(message: &str, field: &str) -> Value {
    match (message, field) {
        (_, "page_size" | "limit" | "width" | "height") => json!({ "minimum": 0 }),
        (_, "request_id") => json!({ "pattern": r"^[A-Za-z0-9._-]*$", "maxLength": 64 }),
        (_, "import_id") => json!({ "pattern": IMPORT_ID, "maxLength": 64 }),
        ("Synonym" | "Control", "id") => json!({ "pattern": ID, "maxLength": 128 }),
        ("Product" | "Category", "id")
        | (_, "product_id" | "category_id" | "parent_id" | "reservation_id" | "key_id") => {
            json!({ "pattern": ID, "maxLength": 128 })
        }
        (_, "product_ids" | "category_ids") => {
            json!({ "items": { "pattern": REQUIRED_ID, "maxLength": 128 } })
        }
        ("Variant", "sku") => json!({ "pattern": SKU, "minLength": 1, "maxLength": 128 }),
        (_, "sku") => json!({ "pattern": SKU, "maxLength": 128 }),
        ("RevertProductRequest", "revision") => json!({ "pattern": "^[1-9][0-9]{0,17}$" }),
        ("GetProductRequest", "revision") => json!({ "minimum": 0 }),
        _ => Value::Null,
    }
}

/// The keywords of an id in a path, by the field that it is.
pub(crate) fn of_path(field: &str) -> Value {
    match field {
        "import_id" => json!({ "pattern": REQUIRED_IMPORT_ID, "maxLength": 64 }),
        field if field.ends_with("id") || field == "category" => {
            json!({ "pattern": REQUIRED_ID, "maxLength": 128 })
        }
        _ => json!({}),
    }
}

fn product(message: &str, field: &str) -> Value {
    let text = |max: usize| json!({ "pattern": TEXT, "maxLength": max });
    match (message, field) {
        ("Product", "name") => json!({ "pattern": NOT_BLANK, "maxLength": 1_000 }),
        ("Product", field) if TextField::named(field).is_some() => {
            text(TextField::named(field).expect("named above").max_chars())
        }
        ("Product", "external_id") => json!({ "pattern": PRINTABLE, "maxLength": 256 }),
        ("Product", "category_ids") => json!({
            "maxItems": 32, "uniqueItems": true,
            "items": { "pattern": REQUIRED_ID, "maxLength": 128 },
        }),
        ("Product", "labels") => json!({
            "maxItems": 100, "uniqueItems": true,
            "items": { "pattern": NOT_BLANK, "maxLength": 100 },
        }),
        ("Product", "image_urls") => json!({
            "maxItems": 50, "items": { "pattern": PICTURE, "maxLength": 2_048 },
        }),
        ("Product", "media") => json!({ "maxItems": 50 }),
        ("Product", "attributes") => json!({ "maxItems": 500 }),
        ("Product", "variants" | "costs") => json!({ "maxItems": 1_000 }),
        ("Product", "price_eur") => json!({ "minimum": 0, "maximum": 100_000_000_000_i64 }),
        ("Attribute", "name") => json!({ "pattern": NOT_BLANK, "maxLength": 200 }),
        ("Attribute", "text") => text(10_000),
        ("Attribute", "unit") => text(50),
        ("Media", "url") => json!({ "pattern": PICTURE, "maxLength": 2_048 }),
        ("Media", "alt") => text(500),
        ("OptionValue", "name") => json!({ "pattern": NOT_BLANK, "maxLength": 100 }),
        ("OptionValue", "value") => json!({ "pattern": NOT_BLANK, "maxLength": 200 }),
        ("Variant", "gtin") => json!({ "pattern": "^([0-9]{8}|[0-9]{12,14})?$" }),
        ("Variant", "option_values") => json!({ "maxItems": 10 }),
        ("Category", "name") => json!({
            "pattern": r"^[^\x00-\x1f\x7f-\x9f]*[^\x00-\x20\x7f-\xa0\s][^\x00-\x1f\x7f-\x9f]*$",
            "maxLength": 200,
        }),
        _ => Value::Null,
    }
}

fn offer(message: &str, field: &str) -> Value {
    match (message, field) {
        (_, "currency_prices") => json!({ "maxItems": 50 }),
        ("Weight", "value") => json!({ "exclusiveMinimum": 0, "maximum": 100_000_000_000_i64 }),
        ("Weight", "unit") => json!({ "enum": ["mg", "g", "kg", "t", "oz", "lb"] }),
        ("Dimensions", "length" | "width" | "height") => {
            json!({ "minimum": 0, "maximum": 1_000_000 })
        }
        ("Dimensions", "unit") => json!({ "enum": ["mm", "cm", "m", "in", "ft"] }),
        ("Money", "currency_code") => json!({ "pattern": "^[A-Z]{3}$" }),
        // Of 64 bits, and not negative.
        ("Money", "units") => json!({ "pattern": "^(0|[1-9][0-9]{0,14})$" }),
        ("Money", "nanos") => {
            json!({ "minimum": 0, "maximum": 999_999_999, "multipleOf": 100_000 })
        }
        _ => Value::Null,
    }
}

fn stock(message: &str, field: &str) -> Value {
    match (message, field) {
        ("AdjustStockRequest", "delta") => json!({ "not": { "const": 0 } }),
        (_, "stock_qty" | "expected_qty") => json!({ "minimum": 0 }),
        ("ReserveStockRequest", "lines") => json!({ "minItems": 1, "maxItems": 100 }),
        ("ReserveStockRequest", "ttl") => {
            json!({ "pattern": format!("^({DAY}{FRACTION}|86400)s$") })
        }
        ("ReservationLine", "quantity") => json!({ "minimum": 1 }),
        ("BatchGetProductsRequest", "product_ids") => json!({
            "maxItems": 1_000, "items": { "pattern": REQUIRED_ID, "maxLength": 128 },
        }),
        _ => Value::Null,
    }
}

fn search(message: &str, field: &str) -> Value {
    let words = json!({ "pattern": NOT_BLANK, "maxLength": 100 });
    match (message, field) {
        ("SearchRequest" | "ExplainHitRequest", "query") => json!({ "maxLength": 8_192 }),
        ("SuggestRequest", "query") => json!({ "maxLength": 512 }),
        ("SearchRequest", "facets") => json!({ "maxItems": 20 }),
        ("SearchRequest", "skip") => json!({ "minimum": 0, "maximum": 10_000 }),
        ("SearchRequest" | "ExplainHitRequest", "as_words") => json!({ "maxItems": 32 }),
        ("Synonym", "input") => json!({ "maxLength": 100 }),
        ("Synonym", "words") => json!({ "minItems": 1, "maxItems": 20, "items": words }),
        ("StopWords", "words") => json!({
            "maxItems": 1_000, "items": { "pattern": r"^[^\x00\s\x85]+$", "maxLength": 100 },
        }),
        ("Ranking", "tie_breakers") => json!({
            "uniqueItems": true,
            "items": { "enum": ["in_stock", "popularity", "newest", "price", "price desc"] },
        }),
        ("Control", "description") => json!({ "maxLength": 200 }),
        ("Control", "boosts") => json!({ "maxItems": 20 }),
        ("Control", "pins") => json!({
            "maxItems": 100, "uniqueItems": true,
            "items": { "pattern": REQUIRED_ID, "maxLength": 128 },
        }),
        ("PreviewControlRequest", "control") => json!({
            "required": ["id"], "properties": { "id": { "minLength": 1 } },
        }),
        ("Boost", "factor") => json!({ "minimum": 0.01, "maximum": 100 }),
        ("Condition", "queries" | "contains") => json!({ "maxItems": 100, "items": words }),
        _ => Value::Null,
    }
}

fn keys(message: &str, field: &str) -> Value {
    match (message, field) {
        ("CreateKeyRequest", "name") => {
            json!({ "pattern": PRINTABLE, "minLength": 1, "maxLength": 64 })
        }
        ("CreateKeyRequest", "scopes") => {
            let scopes = Scope::ALL.into_iter().filter(|it| it.is_grantable());
            json!({ "items": { "enum": scopes.map(Scope::name).collect::<Vec<_>>() } })
        }
        ("CreateKeyRequest", "ttl") => json!({ "pattern": format!("^{CENTURY}{FRACTION}s$") }),
        (_, "overlap") => json!({ "pattern": format!("^({MONTH}{FRACTION}|2592000)s$") }),
        ("ErasePersonRequest", "name") => json!({ "pattern": PRINTABLE, "maxLength": 256 }),
        ("ListAuditEventsRequest", "principal" | "method" | "resource") => {
            json!({ "maxLength": 256 })
        }
        ("ListSettingChangesRequest", "name") => {
            json!({ "pattern": "^[A-Za-z0-9._~/-]*$", "maxLength": 200 })
        }
        _ => Value::Null,
    }
}

/// The keywords for a message as a whole.
pub(crate) fn of_message(message: &str) -> Value {
    let given = |names: [&str; 2]| {
        names.map(|name| json!({ "required": [name], "properties": { name: { "minLength": 1 } } }))
    };
    match message {
        "Attribute" => {
            let values = ["text", "number", "flag"].map(|name| json!({ "required": [name] }));
            json!({ "oneOf": values })
        }
        "ReservationLine" => json!({ "anyOf": given(["productId", "sku"]) }),
        "ErasePersonRequest" => json!({ "anyOf": given(["name", "address"]) }),
        _ => json!({}),
    }
}

/// Whether a request without the field is refused.
pub(crate) fn is_required(message: &str, field: &str) -> bool {
    matches!(
        (message, field),
        ("AdjustStockRequest", "delta")
            | ("Attribute" | "CreateKeyRequest", "name")
            | ("BatchGetProductsRequest", "product_ids")
            | ("Boost", "factor")
            | ("Cost", "amount")
            | ("CurrencyPrice", "price")
            | ("Dimensions", "unit")
            | ("Weight", "value" | "unit")
            | ("Media", "url")
            | ("Money", "currency_code")
            | ("OptionValue", "name" | "value")
            | ("PreviewControlRequest", "control")
            | ("ReservationLine", "quantity")
            | ("ReserveStockRequest", "lines")
            | ("RevertProductRequest", "revision")
            | ("Synonym", "words")
            | ("Variant", "sku")
    )
}

/// Adds keywords to a schema: those in `items` to the schema of its items.
pub(crate) fn add(schema: &mut Value, limits: Value) {
    let (Some(schema), Value::Object(mut limits)) = (schema.as_object_mut(), limits) else {
        return;
    };
    if let (Some(of_schema), Some(of_items)) = (schema.get_mut("items"), limits.remove("items")) {
        add(of_schema, of_items);
    }
    schema.extend(limits);
}

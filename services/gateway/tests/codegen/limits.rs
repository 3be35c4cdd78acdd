//! The limits of fields in requests, which the services check and the comments in `proto/` state.

use serde_json::{Value, json};

/// The ids of products and categories.
const ID: &str = r"^[A-Za-z0-9._~-]*$";
const SKU: &str = r"^[A-Za-z0-9._~/+-]*$";

/// The keywords of JSON schema for a field, by the names of its message and its own.
pub(crate) fn of(message: &str, field: &str) -> Value {
    match (message, field) {
        (_, "page_size" | "limit" | "width" | "height") => json!({ "minimum": 0 }),
        (_, "request_id" | "import_id") => {
            json!({ "pattern": r"^[A-Za-z0-9._-]*$", "maxLength": 64 })
        }
        ("Product" | "Category", "id") | (_, "product_id" | "category_id" | "parent_id") => {
            json!({ "pattern": ID, "maxLength": 128 })
        }
        (_, "sku") => json!({ "pattern": SKU, "maxLength": 128 }),
        ("Product", "name") => json!({ "maxLength": 1_000 }),
        ("Product", "description") => json!({ "maxLength": 20_000 }),
        ("Product", "tax_class") => json!({ "maxLength": 100 }),
        ("Product", "seo_title") => json!({ "maxLength": 300 }),
        ("Product", "seo_description") => json!({ "maxLength": 1_000 }),
        (_, "currency_prices") => json!({ "maxItems": 50 }),
        ("Weight", "value") | ("Dimensions", "length") => json!({ "minimum": 0 }),
        ("Product", "variants") => json!({ "maxItems": 1_000 }),
        ("Product", "price_eur") => json!({ "minimum": 0 }),
        (_, "stock_qty" | "expected_qty") => json!({ "minimum": 0 }),
        ("Variant", "gtin") => json!({ "pattern": r"^(\d{8}|\d{12,14})?$" }),
        ("Variant", "option_values") => json!({ "maxItems": 10 }),
        ("OptionValue", "name") => json!({ "minLength": 1, "maxLength": 100 }),
        ("OptionValue", "value") => json!({ "minLength": 1, "maxLength": 200 }),
        ("Media", "alt") => json!({ "maxLength": 500 }),
        ("Media", "url") => json!({ "minLength": 1 }),
        ("Attribute", "name") => json!({ "minLength": 1, "maxLength": 200 }),
        ("Category", "name") => json!({ "maxLength": 200 }),
        ("Money", "currency_code") => json!({ "pattern": "^[A-Z]{3}$" }),
        ("Money", "units") => json!({ "pattern": r"^\d{1,15}$" }),
        ("Money", "nanos") => json!({ "minimum": 0, "maximum": 999_999_999 }),
        ("ReserveStockRequest", "lines") => json!({ "minItems": 1, "maxItems": 100 }),
        ("ReservationLine", "quantity") => json!({ "minimum": 1 }),
        ("BatchGetProductsRequest", "product_ids") => json!({ "maxItems": 1_000 }),
        ("SearchRequest" | "ExplainHitRequest", "query") => json!({ "maxLength": 8_192 }),
        ("SuggestRequest", "query") => json!({ "maxLength": 512 }),
        ("SearchRequest", "facets") => json!({ "maxItems": 20 }),
        ("SearchRequest" | "ExplainHitRequest", "as_words") => json!({ "maxItems": 32 }),
        ("CreateKeyRequest", "name") => json!({ "minLength": 1, "maxLength": 64 }),
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
            | ("Cost", "amount")
            | ("CurrencyPrice", "price")
            | ("Dimensions", "unit")
            | ("Weight", "value" | "unit")
            | ("Media", "url")
            | ("Money", "currency_code")
            | ("OptionValue", "name" | "value")
            | ("ReservationLine", "quantity")
            | ("ReserveStockRequest", "lines")
            | ("RevertProductRequest", "revision")
            | ("Variant", "sku")
    )
}

/// Adds keywords to a schema.
pub(crate) fn add(schema: &mut Value, limits: Value) {
    if let (Some(schema), Value::Object(limits)) = (schema.as_object_mut(), limits) {
        schema.extend(limits);
    }
}

//! Encodes the JSON of a request as its message, by the descriptors of its fields. By the proto3 JSON mapping null is the
//! default, 7.0 and 1e2 are whole numbers, and numbers may be in quotes.

#[cfg(test)]
mod conformance;

use prost::encoding::{WireType, encode_key, encode_varint};
use serde_json::{Map, Value};

use super::{mask, scalar};
use crate::{
    contract::{Field, Holds, Message},
    problem::FieldError,
};

/// A field of an object: its key as the caller wrote it, and its value.
struct Given {
    field: &'static Field,
    key: String,
    value: Value,
}

/// The encoded message of an object, in the form of generated encoders: ordered by number, without defaults.
///
/// # Errors
/// The path of a field that the message does not have, or whose value has another type.
pub(crate) fn message(of: Message, object: Map<String, Value>) -> Result<Vec<u8>, FieldError> {
    let mut given = given(of, object)?;
    given.sort_by_key(|it| it.field.number);
    let mut out = Vec::new();
    for Given { field, key, value } in given {
        write_field(of, field, value, &mut out).map_err(|error| within(&key, error))?;
    }
    Ok(out)
}

/// The fields of an object that are not null.
fn given(of: Message, object: Map<String, Value>) -> Result<Vec<Given>, FieldError> {
    let mut given: Vec<Given> = Vec::with_capacity(object.len());
    for (key, value) in object {
        let known = |field: &&Field| field.json == key || field.name == key;
        let Some(field) = of.fields().iter().find(known) else {
            return Err(FieldError { message: unknown(&key, of), field: key });
        };
        if let Some(message) = given.iter().find_map(|other| conflict(other, field, &value)) {
            return Err(FieldError { field: key, message });
        }
        if !value.is_null() {
            given.push(Given { field, key, value });
        }
    }
    Ok(given)
}

/// The message about a field that is not of the message.
fn unknown(key: &str, of: Message) -> String {
    let key: String = key.chars().take(64).collect();
    let message = of.name().rsplit('.').next().unwrap_or_default();
    let names: Vec<_> = of.fields().iter().map(|field| field.json.as_str()).collect();
    match names.as_slice() {
        [] => format!("unknown field `{key}`: {message} has no fields"),
        names => format!("unknown field `{key}`; {message} has {}", names.join(", ")),
    }
}

/// The message about a field that is given in both spellings, or with another one of its oneof.
fn conflict(other: &Given, field: &Field, value: &Value) -> Option<String> {
    if other.field.number == field.number {
        return Some(format!("is the same as {}: give one of them", field.json));
    }
    let excludes = field.oneof.is_some() && field.oneof == other.field.oneof && !value.is_null();
    excludes.then(|| format!("excludes {}: give one of them", other.key))
}

/// The error of a part of `key`.
fn within(key: &str, error: FieldError) -> FieldError {
    let field = match error.field.as_str() {
        "" => key.to_owned(),
        part if part.starts_with('[') => format!("{key}{part}"),
        part => format!("{key}.{part}"),
    };
    FieldError { field, message: error.message }
}

fn wrong(message: impl Into<String>) -> FieldError {
    FieldError { field: String::new(), message: message.into() }
}

fn write_field(
    of: Message,
    field: &Field,
    value: Value,
    out: &mut Vec<u8>,
) -> Result<(), FieldError> {
    if !field.is_repeated {
        return write_value(of, field, value, out);
    }
    let Value::Array(items) = value else {
        return Err(wrong("must be a list, such as [ ... ]"));
    };
    for (at, item) in items.into_iter().enumerate() {
        let written = match item {
            Value::Null => Err(wrong("must not be null in a list")),
            item => write_value(of, field, item, out),
        };
        written.map_err(|error| within(&format!("[{at}]"), error))?;
    }
    Ok(())
}

fn write_value(
    of: Message,
    field: &Field,
    value: Value,
    out: &mut Vec<u8>,
) -> Result<(), FieldError> {
    match (&field.holds, value) {
        (Holds::Text, Value::String(text)) => write_bytes(field, text.as_bytes(), out),
        (Holds::Text, _) => return Err(wrong("must be a text in double quotes")),
        (Holds::Flag, Value::Bool(flag)) => write_varint(field, flag.into(), out),
        (Holds::Flag, _) => return Err(wrong("must be true or false")),
        (Holds::Whole(bits), value) => {
            write_varint(field, scalar::whole(*bits, &value).map_err(wrong)?, out);
        }
        (Holds::Choice(choices), value) => {
            write_varint(field, scalar::choice(choices, &value).map_err(wrong)?.into(), out);
        }
        (Holds::Number, value) => {
            write_double(field, scalar::number(&value).map_err(wrong)?, out);
        }
        (Holds::Message(name), value) => write_bytes(field, &nested(of, name, value)?, out),
        (Holds::Other, _) => return Err(wrong("cannot be sent as JSON")),
    }
    Ok(())
}

/// An encoded message within `of`.
fn nested(of: Message, name: &str, value: Value) -> Result<Vec<u8>, FieldError> {
    match (name, value) {
        ("google.protobuf.Timestamp", value) => scalar::time(&value).map_err(wrong),
        ("google.protobuf.Duration", value) => scalar::duration(&value).map_err(wrong),
        (mask::FIELD_MASK, Value::String(text)) => Ok(mask::encode(&text)),
        (mask::FIELD_MASK, _) => Err(wrong("must be names of fields, such as \"name,price\"")),
        (name, Value::Object(object)) => message(of.sibling(name), object),
        (_, _) => Err(wrong("must be an object, such as { ... }")),
    }
}

/// Whether a default value is written.
fn keeps_default(field: &Field) -> bool {
    field.is_repeated || field.has_presence()
}

fn write_varint(field: &Field, value: i64, out: &mut Vec<u8>) {
    if value != 0 || keeps_default(field) {
        encode_key(field.number, WireType::Varint, out);
        encode_varint(value as u64, out);
    }
}

fn write_double(field: &Field, value: f64, out: &mut Vec<u8>) {
    if value != 0.0 || keeps_default(field) {
        encode_key(field.number, WireType::SixtyFourBit, out);
        out.extend_from_slice(&value.to_le_bytes());
    }
}

fn write_bytes(field: &Field, value: &[u8], out: &mut Vec<u8>) {
    if !value.is_empty() || keeps_default(field) {
        encode_key(field.number, WireType::LengthDelimited, out);
        encode_varint(value.len() as u64, out);
        out.extend_from_slice(value);
    }
}

#[cfg(test)]
mod tests {
    use prost::Message as _;
    use proto::catalogue::v1::{Attribute, Product, Variant, attribute};
    use serde_json::json;

    use super::*;
    use crate::contract;

    /// The encoded request of a method.
    fn encoded(method: &str, value: Value) -> Result<Vec<u8>, (String, String)> {
        let Value::Object(object) = value else { panic!("{value}") };
        let path = format!("/catalogue.v1.{method}");
        let encoded = message(contract::method(&path).unwrap().input, object);
        encoded.map_err(|error| (error.field, error.message))
    }

    fn product(value: Value) -> Result<Product, (String, String)> {
        let of = contract::method("/catalogue.v1.CatalogueService/GetProduct").unwrap().output;
        let Value::Object(object) = value else { panic!("{value}") };
        let encoded = message(of, object).map_err(|error| (error.field, error.message))?;
        let product = Product::decode(&encoded[..]).unwrap();
        assert_eq!(product.encode_to_vec(), encoded, "as the generated code encodes it");
        Ok(product)
    }

    #[test]
    fn null_is_the_default_of_any_field() {
        let sent = json!({
            "id": "mug", "name": null, "price": null, "labels": null, "stockQty": null,
            "status": null, "createdAt": null, "variants": [{ "sku": "a", "price": null }],
        });
        let variant = Variant { sku: "a".to_owned(), ..Variant::default() };
        let read = Product { id: "mug".to_owned(), variants: vec![variant], ..Product::default() };
        assert_eq!(product(sent), Ok(read));
    }

    #[test]
    fn whole_numbers_have_several_forms() {
        for form in [json!(100), json!(100.0), json!(1e2), json!("100"), json!("1e2")] {
            assert_eq!(product(json!({ "stock_qty": form })).unwrap().stock_qty, 100);
        }
        let big = product(json!({ "revision": "9223372036854775807" }));
        assert_eq!(big.unwrap().revision, i64::MAX);
        assert_eq!(product(json!({ "stockQty": -1 })).unwrap().stock_qty, -1);
    }

    #[test]
    fn defaults_are_written_where_they_differ_from_nothing() {
        let sent = json!({ "name": "", "stockQty": 0, "priceEur": 0, "labels": ["", "a"], "price": {},
                           "attributes": [{ "flag": false }], "status": "STATUS_UNSPECIFIED" });
        let value = Some(attribute::Value::Flag(false));
        let read = Product {
            price_eur: Some(0.0),
            labels: vec![String::new(), "a".to_owned()],
            price: Some(proto::google::r#type::Money::default()),
            attributes: vec![Attribute { value, ..Attribute::default() }],
            ..Product::default()
        };
        assert_eq!(product(sent), Ok(read));
    }

    #[test]
    fn wrong_value_is_named_with_its_path_and_a_cure() {
        for (sent, path, words) in [
            (json!({ "colour": "red" }), "colour", "unknown field `colour`; Product has id, name"),
            (json!({ "stockQty": 1.5 }), "stockQty", "must be a whole number from -2147483648"),
            (json!({ "stockQty": 2_147_483_648_i64 }), "stockQty", "to 2147483647"),
            (json!({ "revision": 1e19 }), "revision", "whole number"),
            (json!({ "name": 7 }), "name", "must be a text"),
            (json!({ "status": "SOLD" }), "status", "must be one of STATUS_UNSPECIFIED, DRAFT"),
            (json!({ "labels": "new" }), "labels", "must be a list"),
            (json!({ "labels": [null] }), "labels[0]", "must not be null"),
            (json!({ "price": 7 }), "price", "must be an object"),
            (json!({ "price_eur": "much" }), "price_eur", "must be a number"),
            (json!({ "variants": [{}, { "stock_qty": "x" }] }), "variants[1].stock_qty", "whole"),
            (json!({ "createdAt": "today" }), "createdAt", "must be a time"),
            (json!({ "price_eur": 1, "priceEur": 1 }), "price_eur", "the same as priceEur"),
            (
                json!({ "attributes": [{ "flag": true, "text": "a" }] }),
                "attributes[0].text",
                "flag",
            ),
        ] {
            let (field, message) = product(sent).unwrap_err();
            assert_eq!(field, path, "{message}");
            assert!(message.contains(words), "{message}");
        }
        let ttl = encoded("StockService/ReserveStock", json!({ "ttl": "10 minutes" }));
        assert!(ttl.unwrap_err().1.contains("such as 600s"));
        let mask = encoded("CatalogueService/UpdateProduct", json!({ "updateMask": ["name"] }));
        assert!(mask.unwrap_err().1.contains("such as \"name,price\""));
    }
}

//! Checks the JSON of a request against its message type, and converts it to the form that the generated code
//! reads. By the proto3 JSON mapping null is the default, 7.0 and 1e2 are whole numbers, and numbers may be in
//! quotes.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{
    contract::{self, Field, Holds},
    problem::FieldError,
};

/// 2 to the power of 63: whole doubles below it are 64-bit integers.
const TWO_63: f64 = 9_223_372_036_854_775_808.0;

/// The canonical form of an object for a message, by the message's full name.
///
/// # Errors
/// The path of the first field that the message does not have or whose value has another type.
pub(crate) fn message(
    name: &str,
    object: Map<String, Value>,
) -> Result<Map<String, Value>, FieldError> {
    let fields = contract::fields(name);
    let mut canonical = Map::new();
    for (key, value) in object {
        let Some(field) = fields.iter().find(|field| field.json == key || field.name == key) else {
            return Err(FieldError { message: unknown(&key, name, fields), field: key });
        };
        if canonical.contains_key(&field.json) {
            let message = format!("is the same as {}: give one of them", field.json);
            return Err(FieldError { field: key, message });
        }
        if !value.is_null() {
            let value = field_value(field, value).map_err(|error| within(&key, error))?;
            canonical.insert(field.json.clone(), value);
        }
    }
    Ok(canonical)
}

/// The message about a field that is not of the message.
fn unknown(key: &str, message: &str, fields: &[Field]) -> String {
    let key: String = key.chars().take(64).collect();
    let message = message.rsplit('.').next().unwrap_or(message);
    let names: Vec<_> = fields.iter().map(|field| field.json.as_str()).collect();
    match names.as_slice() {
        [] => format!("unknown field `{key}`: {message} has no fields"),
        names => format!("unknown field `{key}`; {message} has {}", names.join(", ")),
    }
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

fn field_value(field: &Field, value: Value) -> Result<Value, FieldError> {
    if !field.is_repeated {
        return one(field, value);
    }
    let Value::Array(items) = value else {
        return Err(wrong("must be a list, such as [ ... ]"));
    };
    let items = items.into_iter().enumerate().map(|(at, item)| match item {
        Value::Null => Err(within(&format!("[{at}]"), wrong("must not be null in a list"))),
        item => one(field, item).map_err(|error| within(&format!("[{at}]"), error)),
    });
    items.collect::<Result<Vec<_>, _>>().map(Value::Array)
}

fn one(field: &Field, value: Value) -> Result<Value, FieldError> {
    match (&field.holds, value) {
        (Holds::Text, Value::String(text)) => Ok(text.into()),
        (Holds::Text, _) => Err(wrong("must be a text in double quotes")),
        (Holds::Flag, Value::Bool(flag)) => Ok(flag.into()),
        (Holds::Flag, _) => Err(wrong("must be true or false")),
        (Holds::Whole(bits), value) => whole(*bits, &value),
        (Holds::Number, value) => number(value),
        (Holds::Choice(names), value) => choice(names, value),
        (Holds::Message(name), value) => nested(name, value),
        (Holds::Other, value) => Ok(value),
    }
}

fn wrong(message: impl Into<String>) -> FieldError {
    FieldError { field: String::new(), message: message.into() }
}

fn whole(bits: u32, value: &Value) -> Result<Value, FieldError> {
    let of_double = |number: f64| {
        let is_whole = number.fract() == 0.0 && (-TWO_63..TWO_63).contains(&number);
        is_whole.then_some(number as i64)
    };
    let number = match value {
        Value::Number(number) => number.as_i64().or_else(|| of_double(number.as_f64()?)),
        Value::String(text) => text.parse().ok().or_else(|| of_double(text.parse().ok()?)),
        _ => None,
    };
    let max = i64::MAX >> (64 - bits);
    match number.filter(|number| (!max..=max).contains(number)) {
        Some(number) => Ok(number.into()),
        None => Err(wrong(format!("must be a whole number from {} to {max}", !max))),
    }
}

fn number(value: Value) -> Result<Value, FieldError> {
    let is_number = match &value {
        Value::Number(_) => true,
        Value::String(text) => text.parse::<f64>().is_ok(),
        _ => false,
    };
    if is_number { Ok(value) } else { Err(wrong("must be a number, such as 12.5")) }
}

fn choice(names: &[String], value: Value) -> Result<Value, FieldError> {
    let is_known = match &value {
        Value::String(text) => names.contains(text),
        // Values are numbered from 0 without gaps.
        Value::Number(number) => number.as_u64().is_some_and(|it| it < names.len() as u64),
        _ => false,
    };
    if is_known { Ok(value) } else { Err(wrong(format!("must be one of {}", names.join(", ")))) }
}

fn nested(name: &str, value: Value) -> Result<Value, FieldError> {
    match (name, value) {
        ("google.protobuf.Timestamp", value) => library::<pbjson_types::Timestamp>(
            value,
            "must be a time, such as 2026-01-31T12:00:00Z",
        ),
        ("google.protobuf.Duration", value) => {
            library::<pbjson_types::Duration>(value, "must be a duration in seconds, such as 600s")
        }
        // Made of the parameter `updateMask`.
        ("google.protobuf.FieldMask", value) => Ok(value),
        (name, Value::Object(object)) => message(name, object).map(Value::Object),
        (_, _) => Err(wrong("must be an object, such as { ... }")),
    }
}

/// A value of a type that has its own JSON.
fn library<T: DeserializeOwned>(value: Value, rule: &str) -> Result<Value, FieldError> {
    match T::deserialize(&value) {
        Ok(_) => Ok(value),
        Err(_) => Err(wrong(rule)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn canonical(name: &str, value: Value) -> Result<Value, (String, String)> {
        let Value::Object(object) = value else { panic!("{value}") };
        let canonical = message(name, object).map(Value::Object);
        canonical.map_err(|error| (error.field, error.message))
    }

    #[test]
    fn null_is_the_default_of_any_field() {
        let sent = json!({
            "id": "mug", "name": null, "price": null, "labels": null, "stockQty": null,
            "status": null, "createdAt": null, "variants": [{ "sku": "a", "price": null }],
        });
        let read = json!({ "id": "mug", "variants": [{ "sku": "a" }] });
        assert_eq!(canonical("catalogue.v1.Product", sent), Ok(read));
    }

    #[test]
    fn whole_numbers_have_several_forms() {
        for form in [json!(100), json!(100.0), json!(1e2), json!("100"), json!("1e2")] {
            let read = canonical("catalogue.v1.Product", json!({ "stock_qty": form }));
            assert_eq!(read, Ok(json!({ "stockQty": 100 })));
        }
        let big = json!({ "revision": "9223372036854775807" });
        let read = json!({ "revision": 9_223_372_036_854_775_807_i64 });
        assert_eq!(canonical("catalogue.v1.Product", big), Ok(read));
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
        ] {
            let (field, message) = canonical("catalogue.v1.Product", sent).unwrap_err();
            assert_eq!(field, path, "{message}");
            assert!(message.contains(words), "{message}");
        }
        let ttl = canonical("catalogue.v1.ReserveStockRequest", json!({ "ttl": "10 minutes" }));
        assert!(ttl.unwrap_err().1.contains("such as 600s"));
    }
}

//! Values of fields in JSON, by the proto3 JSON mapping. An error is the rule that the value breaks.

use prost::Message;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::contract::Choice;

/// 2 to the power of 63: whole doubles below it are 64-bit integers.
const TWO_63: f64 = 9_223_372_036_854_775_808.0;

/// A signed integer of this many bits.
pub(super) fn whole(bits: u32, value: &Value) -> Result<i64, String> {
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
    let number = number.filter(|number| (!max..=max).contains(number));
    number.ok_or_else(|| format!("must be a whole number from {} to {max}", !max))
}

/// A double.
pub(super) fn number(value: &Value) -> Result<f64, String> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    number.ok_or_else(|| "must be a number, such as 12.5".to_owned())
}

/// The number of a value of an enum, from its name or its number.
pub(super) fn choice(choices: &[Choice], value: &Value) -> Result<i32, String> {
    let is_meant = |choice: &&Choice| match value {
        Value::String(text) => choice.name == *text,
        Value::Number(number) => number.as_i64() == Some(choice.number.into()),
        _ => false,
    };
    choices.iter().find(is_meant).map(|choice| choice.number).ok_or_else(|| {
        let names: Vec<_> = choices.iter().map(|choice| choice.name.as_str()).collect();
        format!("must be one of {}", names.join(", "))
    })
}

/// An encoded timestamp.
pub(super) fn time(value: &Value) -> Result<Vec<u8>, String> {
    library::<pbjson_types::Timestamp>(value, "must be a time, such as 2026-01-31T12:00:00Z")
}

/// An encoded duration.
pub(super) fn duration(value: &Value) -> Result<Vec<u8>, String> {
    library::<pbjson_types::Duration>(value, "must be a duration in seconds, such as 600s")
}

/// An encoded value of a type that has its own JSON.
fn library<T: DeserializeOwned + Message>(value: &Value, rule: &str) -> Result<Vec<u8>, String> {
    match T::deserialize(value) {
        Ok(value) => Ok(value.encode_to_vec()),
        Err(_) => Err(rule.to_owned()),
    }
}

//! Values of fields in JSON, by the proto3 JSON mapping. An error is the rule that the value breaks.

use prost::Message;
use serde_json::{Number, Value};

use super::time;
use crate::contract::Choice;

/// 2 to the power of 63: whole doubles below it are 64-bit integers.
const TWO_63: f64 = 9_223_372_036_854_775_808.0;
/// Numbers that are none in JSON, and stand in quotes.
const SPECIAL: [(&str, f64); 3] =
    [("NaN", f64::NAN), ("Infinity", f64::INFINITY), ("-Infinity", f64::NEG_INFINITY)];

/// A signed integer of this many bits.
pub(super) fn whole(bits: u32, value: &Value) -> Result<i64, String> {
    let max = i64::MAX >> (64 - bits);
    let number = json_number(value).and_then(|number| whole_number(&number));
    let number = number.filter(|number| (!max..=max).contains(number));
    number.ok_or_else(|| format!("must be a whole number from {} to {max}", !max))
}

/// A double.
pub(super) fn number(value: &Value) -> Result<f64, String> {
    let special = SPECIAL.iter().find(|(name, _)| value == name).map(|(_, special)| *special);
    let number = special.or_else(|| json_number(value)?.as_f64());
    number.ok_or_else(|| "must be a number, such as 12.5".to_owned())
}

/// The number of a value of an enum, from its name or as it is: it may be of a newer contract.
pub(super) fn choice(choices: &[Choice], value: &Value) -> Result<i32, String> {
    let number = match value {
        Value::String(text) => {
            choices.iter().find(|choice| choice.name == *text).map(|choice| choice.number)
        }
        Value::Number(number) => whole_number(number).and_then(|number| number.try_into().ok()),
        _ => None,
    };
    number.ok_or_else(|| {
        let names: Vec<_> = choices.iter().map(|choice| choice.name.as_str()).collect();
        format!("must be one of {}", names.join(", "))
    })
}

/// An encoded timestamp.
pub(super) fn time(value: &Value) -> Result<Vec<u8>, String> {
    let time = value.as_str().and_then(time::timestamp).map(|time| time.encode_to_vec());
    time.ok_or_else(|| "must be a time, such as 2026-01-31T12:00:00Z".to_owned())
}

/// An encoded duration.
pub(super) fn duration(value: &Value) -> Result<Vec<u8>, String> {
    let duration = value.as_str().and_then(time::duration).map(|time| time.encode_to_vec());
    duration.ok_or_else(|| "must be a duration in seconds, such as 600s".to_owned())
}

/// A number, or one in quotes, which has the same syntax.
fn json_number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        // JSON allows spaces around a number, but they are a part of a text.
        Value::String(text) if text.contains(char::is_whitespace) => None,
        Value::String(text) => serde_json::from_str(text).ok(),
        _ => None,
    }
}

/// The integer that a number is. A double of -2^63 is none: what was written may be less.
fn whole_number(number: &Number) -> Option<i64> {
    number.as_i64().or_else(|| {
        let number = number.as_f64()?;
        let is_whole = number.fract() == 0.0 && number.abs() < TWO_63;
        is_whole.then_some(number as i64)
    })
}

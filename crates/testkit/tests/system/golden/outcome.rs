//! Outcomes of calls: `{"answer": ...}`, or `{"reason": ..., "fields": [...]}` of an error, in a form that is the same
//! for all doors.

use serde_json::{Number, Value, json};
use tonic::Status;
use tonic_types::StatusExt as _;

/// Fields of a search that differ from one answer to the next.
const VOLATILE: [&str; 3] = ["took", "lag", "indexedRevision"];

/// The outcome of an answer. What is volatile is only there.
pub(super) fn answer(mut answer: Value) -> Value {
    if answer.get("results").is_some() {
        for name in VOLATILE {
            if let Some(value) = answer.get_mut(name) {
                *value = json!(value.is_string());
            }
        }
    }
    json!({ "answer": comparable(answer) })
}

/// The outcome of an error, with the fields at fault by their names in JSON.
pub(super) fn refused<'a>(reason: &str, fields: impl IntoIterator<Item = &'a str>) -> Value {
    let fields: Vec<_> = fields.into_iter().map(camel).collect();
    json!({ "reason": reason, "fields": fields })
}

/// The outcome of a status of gRPC.
pub(super) fn of_status(status: &Status) -> Value {
    let reason = status.get_details_error_info().map(|info| info.reason);
    let reason = reason.unwrap_or_else(|| format!("{status:?}"));
    let request = status.get_details_bad_request();
    let violations = request.map(|request| request.field_violations).unwrap_or_default();
    refused(&reason, violations.iter().map(|it| it.field.as_str()))
}

/// The outcome of a problem of JSON.
pub(super) fn of_problem(problem: &Value) -> Value {
    let reason = problem["reason"].as_str().map_or_else(|| problem.to_string(), str::to_owned);
    let errors = problem["errors"].as_array().into_iter().flatten();
    refused(&reason, errors.filter_map(|error| error["field"].as_str()))
}

/// A name of a field in JSON: `product.price_eur` is `product.priceEur`.
pub(super) fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| {
        let mut chars = part.chars();
        let initial = chars.next().map(|char| char.to_ascii_uppercase());
        name + &initial.into_iter().chain(chars).collect::<String>()
    })
}

/// Numbers in one form: JavaScript writes 1.0 as 1.
pub(super) fn comparable(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.into_iter().map(comparable).collect(),
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, value)| (name, comparable(value)));
            Value::Object(members.collect())
        }
        other => other,
    }
}

/// Whether two numbers are the same but for the last digit, which `serde_json` may read wrongly.
fn is_near(one: &Number, other: &Number) -> bool {
    let (Some(one), Some(other)) = (one.as_f64(), other.as_f64()) else { return false };
    (one - other).abs() <= 4.0 * f64::EPSILON * one.abs()
}

/// The first place at which two values differ.
pub(super) fn difference(expected: &Value, found: &Value) -> Option<String> {
    let of = |path: String, it: Option<String>| it.map(|text| format!("{path}{text}"));
    match (expected, found) {
        (Value::Object(one), Value::Object(other)) => {
            let names = one.keys().chain(other.keys());
            names.into_iter().find_map(|name| {
                let pair = (one.get(name), other.get(name));
                let absent = Value::String("(absent)".to_owned());
                let (one, other) = (pair.0.unwrap_or(&absent), pair.1.unwrap_or(&absent));
                of(format!("/{name}"), difference(one, other))
            })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let pairs = one.iter().zip(other).enumerate();
            let mut found =
                pairs.filter_map(|(at, (one, other))| of(format!("/{at}"), difference(one, other)));
            found.next()
        }
        (Value::Number(one), Value::Number(other)) if is_near(one, other) => None,
        _ if expected == found => None,
        _ => Some(format!(": {found} instead of {expected}")),
    }
}

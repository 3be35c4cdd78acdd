//! The JSON API, by the bindings of the contract.

use http::Method;
use serde_json::Value;
use testkit::HttpClient;
use url::form_urlencoded::Serializer;

use super::{Outcomes, case::Call, outcome};

pub(super) async fn ask(http: &HttpClient, calls: &[&Call<'_>]) -> Outcomes {
    let mut outcomes = Outcomes::new();
    for call in calls {
        let method: Method = call.form.method.parse().unwrap();
        let body = call.form.body.as_ref().map(Value::to_string).unwrap_or_default();
        let accept = if call.streams { "application/x-ndjson" } else { "application/json" };
        let sent = http.send(method, &target(call), &[("accept", accept)], body).await.unwrap();
        let outcome = match sent.status.is_success() {
            true if call.streams => {
                let text = sent.text();
                let lines = text.lines().filter(|line| !line.is_empty());
                let products = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
                outcome::answer(products.collect())
            }
            true => outcome::answer(sent.json()),
            false => outcome::of_problem(&sent.json()),
        };
        outcomes.insert(call.case.name.clone(), outcome);
    }
    outcomes
}

/// The path and the query of a call.
fn target(call: &Call<'_>) -> String {
    let mut values = call.form.path.iter();
    let mut path = String::new();
    for (at, part) in call.form.template.split(['{', '}']).enumerate() {
        match at % 2 {
            0 => path += part,
            _ => path += &segment(values.next().map_or("", String::as_str)),
        }
    }
    let mut query = Serializer::new(String::new());
    for (name, value) in &call.form.query {
        let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        for value in values {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            query.append_pair(name, &text);
        }
    }
    match query.finish() {
        query if query.is_empty() => path,
        query => format!("{path}?{query}"),
    }
}

/// A value as one segment of a path.
fn segment(text: &str) -> String {
    let encoded = text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    });
    encoded.collect()
}

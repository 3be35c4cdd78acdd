//! Compares with the JSON of Python's protobuf: `crates/proto/golden/make.py` writes the cases.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{contract, types};

const CASES: &str = include_str!("../../../golden/cases.jsonl");
const STALE: &str = "run `cargo xtask codegen`, then `python3 crates/proto/golden/make.py`";

struct Golden {
    of: String,
    wire: Vec<u8>,
    json: Value,
}

fn golden() -> impl Iterator<Item = Golden> {
    CASES.lines().map(|line| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        Golden {
            of: line["type"].as_str().unwrap().to_owned(),
            wire: STANDARD.decode(line["wire"].as_str().unwrap()).unwrap(),
            json: line["json"].take(),
        }
    })
}

/// Whether a value has a number of an enum that this version of the contract does not know.
fn has_unknown_enum(golden: &Golden) -> bool {
    let json = golden.json.to_string();
    [":77,", ":77}", "[77,", ",77]"].iter().any(|number| json.contains(number))
}

#[test]
fn json_equals_that_of_python() {
    let cases = contract::all();
    for golden in golden() {
        let case = cases.iter().find(|case| case.name == golden.of).expect(STALE);
        let mut out = Vec::new();
        (case.append)(case.message_type, &golden.wire, &mut out).unwrap();
        let json: Value = serde_json::from_slice(&out).unwrap();
        // Sorted by name, and with all digits of numbers.
        assert_eq!(json.to_string(), golden.json.to_string(), "{}: {STALE}", golden.of);
    }
}

#[test]
fn json_of_python_is_read() {
    let cases = contract::all();
    for golden in golden().filter(|golden| !has_unknown_enum(golden)) {
        let case = cases.iter().find(|case| case.name == golden.of).expect(STALE);
        let encoded = (case.parse)(&golden.json.to_string());
        let encoded = encoded.unwrap_or_else(|error| panic!("{}: {error}", golden.of));
        assert_eq!(encoded, (case.encode)(&golden.wire), "{}", golden.of);
    }
}

#[test]
fn every_message_type_has_golden_cases() {
    let of_google = |name: &str| name.starts_with("google.protobuf.");
    for name in types::names().filter(|name| !of_google(name)) {
        assert!(golden().any(|golden| golden.of == name), "{name}: {STALE}");
    }
}

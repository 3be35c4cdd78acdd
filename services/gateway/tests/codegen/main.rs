//! Makes `openapi.json` from the contract, and proves that what is committed is current.
//!
//! Paths come from the `google.api.http` annotations, words from the comments in `proto/`. What no
//! contract says (server-sent events, examples, what all problems look like) is in
//! `openapi/overlay.json`, which is laid over the rest as a merge patch (RFC 7396).
//!
//! `cargo xtask codegen` runs this with `CODEGEN=write`; without it a stale file is a failure.

mod contract;
mod examples;
mod operations;
mod schemas;
mod words;

use std::{fs, path::Path};

use serde_json::{Map, Value, json};

#[test]
fn the_openapi_document_is_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let committed = folder.join("openapi.json");
    let document = document(folder);
    examples::check(&document);
    let fresh = serde_json::to_string_pretty(&document).unwrap() + "\n";
    if std::env::var("CODEGEN").as_deref() == Ok("write") {
        fs::write(committed, fresh).unwrap();
        return;
    }
    let is_current = fs::read_to_string(committed).is_ok_and(|committed| committed == fresh);
    assert!(is_current, "services/gateway/openapi.json is stale. Cure: cargo xtask codegen");
}

fn document(folder: &Path) -> Value {
    let contract = contract::Contract::read(&folder.join("../../proto"));
    let mut paths = Map::new();
    let mut schemas = schemas::Schemas::default();
    for operation in operations::all(&contract) {
        let (path, method, operation) = operation.describe(&mut schemas);
        let operations = paths.entry(path).or_insert_with(|| json!({}));
        let old = operations.as_object_mut().unwrap().insert(method, operation);
        assert!(old.is_none(), "two methods of the contract share an address");
    }
    let mut document = json!({
        "openapi": "3.1.0",
        "paths": paths,
        "components": { "schemas": schemas.describe(&contract) },
    });
    let overlay = fs::read_to_string(folder.join("openapi/overlay.json")).unwrap();
    patch(&mut document, serde_json::from_str(&overlay).expect("the overlay is JSON"));
    document
}

/// RFC 7396.
fn patch(target: &mut Value, with: Value) {
    let Value::Object(with) = with else {
        *target = with;
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let target = target.as_object_mut().expect("was made one above");
    for (key, value) in with {
        match value {
            Value::Null => {
                target.remove(&key);
            }
            value => patch(target.entry(key).or_insert(Value::Null), value),
        }
    }
}

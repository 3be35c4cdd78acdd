//! Generates `openapi.json` from the contract, and checks that the committed file is current.
//!
//! Paths come from the `google.api.http` annotations, and descriptions from the comments in `proto/`. The
//! rest (server-sent events, examples, problems) is in `openapi/overlay.json`, which is applied as a
//! merge patch (RFC 7396).
//!
//! `cargo xtask codegen` runs this test with `CODEGEN=write`; without it a stale file fails the test.

mod added_method;
mod comments;
mod contract;
mod examples;
mod limits;
mod operations;
mod problems;
mod schemas;

use std::{fs, path::Path};

use serde_json::{Map, Value, json};

use contract::Contract;

#[test]
fn openapi_document_is_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let committed = folder.join("openapi.json");
    let contract = Contract::read(&folder.join("../../proto"));
    let document = document(&contract, folder);
    examples::check(&contract, &document);
    let fresh = serde_json::to_string_pretty(&document).unwrap() + "\n";
    if std::env::var("CODEGEN").as_deref() == Ok("write") {
        fs::write(committed, fresh).unwrap();
        return;
    }
    let is_current = fs::read_to_string(committed).is_ok_and(|committed| committed == fresh);
    assert!(is_current, "services/gateway/openapi.json is stale; run cargo xtask codegen");
}

/// The OpenAPI document of a contract.
fn document(contract: &Contract, folder: &Path) -> Value {
    let overlay = fs::read_to_string(folder.join("openapi/overlay.json")).unwrap();
    let overlay: Value = serde_json::from_str(&overlay).expect("the overlay is JSON");
    let mut paths = Map::new();
    let mut schemas = schemas::Schemas::default();
    for operation in operations::all(contract) {
        let (path, method, operation) = operation.describe(&mut schemas, &overlay);
        let operations = paths.entry(path).or_insert_with(|| json!({}));
        let old = operations.as_object_mut().unwrap().insert(method, operation);
        assert!(old.is_none(), "two methods of the contract share a path");
    }
    // Not annotated in the contract: replaces all writable fields.
    paths["/v1/products/{id}"]["put"] =
        operations::replacement(&paths["/v1/products/{id}"]["patch"]);
    let mut schemas = schemas.describe(contract);
    schemas.insert("Reason".to_owned(), problems::reason());
    let mut document = json!({
        "openapi": "3.1.0",
        "paths": paths,
        "components": { "schemas": schemas },
    });
    patch(&mut document, overlay);
    problems::complete(&mut document);
    document
}

/// Applies a merge patch (RFC 7396).
fn patch(target: &mut Value, with: Value) {
    let Value::Object(with) = with else {
        *target = with;
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let target = target.as_object_mut().expect("made an object above");
    for (key, value) in with {
        match value {
            Value::Null => {
                target.remove(&key);
            }
            value => patch(target.entry(key).or_insert(Value::Null), value),
        }
    }
}

//! The validator of UCP's own project, ucp-schema, which resolves the schemas as clients of the protocol do.

use std::{fs, path::Path, process::Command};

use serde_json::Value;
use testkit::ucp_schema;

/// Validates documents, each by its schema below `schemas`. Skipped, reported, if the validator cannot be installed.
pub(super) fn check(schemas: &Path, seen: &[(&str, Value)]) {
    let Some(program) = ucp_schema() else { return };
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("document.json");
    let mut faults = Vec::new();
    for (schema, document) in seen {
        let (path, shape) = schema.split_once("#/$defs/").unwrap_or((schema, ""));
        fs::write(&file, document.to_string()).unwrap();
        let mut command = Command::new(&program);
        command.arg("validate").arg(&file).arg("--schema").arg(schemas.join(path));
        command.args(["--response", "--op", "read", "--schema-remote-base", REMOTE]);
        command.arg("--schema-local-base").arg(schemas);
        if !shape.is_empty() {
            command.args(["--def", shape]);
        }
        let output = command.output().unwrap();
        if !output.status.success() {
            let text = [output.stdout, output.stderr].concat();
            faults.push(format!("{schema}: {}{document}", String::from_utf8_lossy(&text)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The address of the schemas.
const REMOTE: &str = "https://ucp.dev/schemas";

//! Describes the problems: their reasons, and the responses that have them.

use serde_json::{Map, Value, json};

/// The responses in the overlay that are problems, with their statuses.
const RESPONSES: [(&str, u16); 19] = [
    ("Invalid", 400),
    ("Unauthenticated", 401),
    ("Forbidden", 403),
    ("NotFound", 404),
    ("BodyTooSlow", 408),
    ("Conflict", 409),
    ("Gone", 410),
    ("PreconditionFailed", 412),
    ("TooLarge", 413),
    ("NotJson", 415),
    ("HostNotAllowed", 421),
    ("NotWebSocket", 426),
    ("TooMany", 429),
    ("HeadersTooLarge", 431),
    ("Internal", 500),
    ("NotImplemented", 501),
    ("Unavailable", 503),
    ("TooSlow", 504),
    ("StoreFull", 507),
];

/// Reasons of a request whose meaning is wrong, not its form, with what a request has that may be answered with them:
/// a parameter or a field of the body.
const MEANINGS: [(&str, &[&str]); 12] = [
    ("CURSOR_MISMATCH", &["cursor", "Last-Event-ID"]),
    ("FACET_UNKNOWN", &["facets"]),
    ("FILTER_INVALID", &["filter", "missingWithin"]),
    ("FILTER_TOO_COSTLY", &["filter", "missingWithin"]),
    ("IMPORT_UPLOAD_COMPLETE", &["Upload-Offset"]),
    ("IMPORT_UPLOAD_DIGEST_MISMATCH", &["Repr-Digest"]),
    ("IMPORT_UPLOAD_LENGTH_MISMATCH", &["Upload-Length"]),
    ("ORDER_INVALID", &["orderBy"]),
    ("PAGE_TOKEN_INVALID", &["pageToken"]),
    ("QUERY_INVALID", &["q", "query"]),
    ("SKU_REQUIRED", &["sku", "lines"]),
    // An update of what exists.
    ("STOCK_NOT_WRITABLE", &["updateMask"]),
];

/// The schema of a reason, with the meaning of each.
pub(crate) fn reason() -> Value {
    let names: Vec<_> = gateway::reasons().iter().map(|reason| reason.name).collect();
    let meanings: Map<String, Value> = gateway::reasons()
        .iter()
        .map(|reason| {
            (reason.name.to_owned(), json!(format!("{} {}", reason.meaning, reason.cure)))
        })
        .collect();
    json!({
        "type": "string",
        "description": "What was wrong, for programs. `/docs/errors/REASON` explains each.",
        "enum": names,
        "x-meanings": meanings,
    })
}

/// Adds to the responses of problems their schema, with the reasons that come with the status; to 400 those of an
/// operation.
pub(crate) fn complete(document: &mut Value) {
    for (name, status) in RESPONSES {
        let names = names_of(status, |name| meaning(name).is_none());
        let response = &mut document["components"]["responses"][name];
        assert!(response["description"].is_string(), "{name} is not in the overlay");
        response["content"] = content(status, &names);
    }
    let invalid = document["components"]["responses"]["Invalid"]["description"].clone();
    let schemas = document["components"]["schemas"].clone();
    let paths = document["paths"].as_object_mut().expect("a document has paths").values_mut();
    for operation in paths.filter_map(Value::as_object_mut).flat_map(|it| it.values_mut()) {
        let given = given(operation, &schemas);
        let is_given = |name: &&str| given.iter().any(|given| given == name);
        let names = names_of(400, |name| meaning(name).is_none_or(|of| of.iter().any(&is_given)));
        if names.iter().any(|name| meaning(name).is_some()) {
            let content = content(400, &names);
            operation["responses"]["400"] = json!({ "description": invalid, "content": content });
        }
    }
}

/// The parts of a request that may be answered with a reason; `None` for one of a form that is wrong.
fn meaning(reason: &str) -> Option<&'static [&'static str]> {
    MEANINGS.iter().find(|(name, _)| *name == reason).map(|(_, of)| *of)
}

fn names_of(status: u16, is_wanted: impl Fn(&str) -> bool) -> Vec<&'static str> {
    let reasons = gateway::reasons().iter();
    let of_status = reasons.filter(|reason| reason.statuses().any(|it| it == status));
    of_status.map(|reason| reason.name).filter(|name| is_wanted(name)).collect()
}

fn content(status: u16, names: &[&str]) -> Value {
    assert!(!names.is_empty(), "{status} has no reason");
    json!({ "application/problem+json": { "schema": {
        "$ref": "#/components/schemas/Problem",
        "properties": { "status": { "const": status }, "reason": { "enum": names } },
    }}})
}

/// The names of an operation's parameters and of the fields of its body.
fn given(operation: &Value, schemas: &Value) -> Vec<String> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let parameters = parameters.filter_map(|it| it["name"].as_str().map(str::to_owned));
    let mut given: Vec<String> = parameters.collect();
    let bodies = operation["requestBody"]["content"].as_object().into_iter().flatten();
    for (_, body) in bodies {
        add_fields(&body["schema"], schemas, &mut given);
    }
    given
}

/// Adds the fields of an object, and those of a request in it.
fn add_fields(schema: &Value, schemas: &Value, given: &mut Vec<String>) {
    let reference = schema["$ref"].as_str().or_else(|| schema["anyOf"][0]["$ref"].as_str());
    let name = reference.and_then(|it| it.rsplit('/').next());
    let schema = name.map_or(schema, |name| &schemas[name]);
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        given.push(name.clone());
        let reference = field["anyOf"][0]["$ref"].as_str().unwrap_or_default();
        if reference.ends_with("Request") {
            add_fields(field, schemas, given);
        }
    }
}

/// The name of the response with a status.
pub(crate) fn response(status: u16) -> &'static str {
    let found = RESPONSES.iter().find(|(_, known)| *known == status);
    found.unwrap_or_else(|| panic!("{status} has no response: add it")).0
}

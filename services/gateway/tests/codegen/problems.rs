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

/// Adds to the responses of problems their schema, with the reasons that come with the status.
pub(crate) fn complete(responses: &mut Value) {
    for (name, status) in RESPONSES {
        let names: Vec<_> = gateway::reasons()
            .iter()
            .filter(|reason| reason.statuses().any(|it| it == status))
            .map(|reason| reason.name)
            .collect();
        assert!(!names.is_empty(), "{name} has no reason");
        let response = &mut responses[name];
        assert!(response["description"].is_string(), "{name} is not in the overlay");
        response["content"] = json!({ "application/problem+json": { "schema": {
            "$ref": "#/components/schemas/Problem",
            "properties": { "status": { "const": status }, "reason": { "enum": names } },
        }}});
    }
}

/// The name of the response with a status.
pub(crate) fn response(status: u16) -> &'static str {
    let found = RESPONSES.iter().find(|(_, known)| *known == status);
    found.unwrap_or_else(|| panic!("{status} has no response: add it")).0
}

//! A validator of JSON schemas, for the keywords that public specifications use.

use std::{fs, path::Path};

use serde_json::Value;

use crate::repository;

/// The schemas of feeds of the Agentic Commerce Protocol; `None` where they are not beside the checkout.
pub fn acp_schema() -> Option<JsonSchema> {
    let shared = ["../shared", "../../shared"].map(|it| repository().join(it));
    let mut files = shared.iter().map(|it| it.join("specs/acp/spec/2026-04-17/json-schema"));
    files.find_map(|folder| JsonSchema::read(&folder.join("schema.feed.json")))
}

/// Keywords that are checked, or say nothing of what is valid.
const KNOWN: [&str; 14] = [
    "$ref",
    "additionalProperties",
    "description",
    "example",
    "format",
    "items",
    "minProperties",
    "minimum",
    "pattern",
    "properties",
    "required",
    "title",
    "type",
    "$schema",
];

/// A bundle of schemas by name.
#[derive(Debug)]
pub struct JsonSchema(Value);

impl JsonSchema {
    /// Reads a bundle; `None` if there is no such file.
    ///
    /// # Panics
    /// If it is not JSON.
    pub fn read(file: &Path) -> Option<Self> {
        let json = fs::read(file).ok()?;
        Some(Self(serde_json::from_slice(&json).expect("a schema is JSON")))
    }

    /// The first fault of a value.
    ///
    /// # Panics
    /// If the bundle lacks the schema, or uses a keyword that is not known here.
    pub fn fault(&self, name: &str, value: &Value) -> Option<String> {
        self.check(self.definition(name), value, name)
    }

    fn definition(&self, name: &str) -> &Value {
        let schema = &self.0["$defs"][name];
        assert!(schema.is_object(), "{name} is not in the bundle");
        schema
    }

    fn check(&self, schema: &Value, value: &Value, path: &str) -> Option<String> {
        let keywords = schema.as_object().expect("a schema is an object").keys();
        for keyword in keywords {
            assert!(KNOWN.contains(&keyword.as_str()), "{path}: {keyword} is not known here");
        }
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap_or_default();
            return self.check(self.definition(name), value, path);
        }
        let fits = match schema["type"].as_str() {
            Some("object") => value.is_object(),
            Some("array") => value.is_array(),
            Some("string") => value.is_string(),
            Some("integer") => value.is_i64(),
            Some("number") => value.is_number(),
            Some("boolean") => value.is_boolean(),
            other => panic!("{path}: the type {other:?} is not known here"),
        };
        if !fits {
            return Some(format!("{path} is {value}, not {}", schema["type"]));
        }
        match value {
            Value::Number(_) if schema["minimum"].as_i64() > value.as_i64() => {
                Some(format!("{path} is {value}, less than {}", schema["minimum"]))
            }
            Value::String(text) => check_text(schema, text, path),
            Value::Array(items) => {
                let path = format!("{path}[]");
                items.iter().find_map(|item| self.check(&schema["items"], item, &path))
            }
            Value::Object(_) => self.check_fields(schema, value, path),
            _ => None,
        }
    }

    fn check_fields(&self, schema: &Value, value: &Value, path: &str) -> Option<String> {
        let fields = value.as_object()?;
        let required = schema["required"].as_array().into_iter().flatten();
        for name in required.filter_map(Value::as_str) {
            if !fields.contains_key(name) {
                return Some(format!("{path} lacks {name}"));
            }
        }
        if schema["minProperties"].as_u64() > Some(fields.len() as u64) {
            return Some(format!("{path} has {} fields only", fields.len()));
        }
        fields.iter().find_map(|(name, value)| {
            let path = format!("{path}.{name}");
            match &schema["properties"][name] {
                Value::Null => Some(format!("{path} is not known")),
                schema => self.check(schema, value, &path),
            }
        })
    }
}

fn check_text(schema: &Value, text: &str, path: &str) -> Option<String> {
    let is_format = match schema["format"].as_str() {
        None => true,
        Some("uri") => url::Url::parse(text).is_ok_and(|url| url.has_host()),
        Some("date-time") => is_date_time(text),
        Some(other) => panic!("{path}: the format {other} is not known here"),
    };
    let capitals = |count: usize| {
        text.len() == count && text.bytes().all(|letter| letter.is_ascii_uppercase())
    };
    let matches = match schema["pattern"].as_str() {
        None => true,
        Some("^[A-Z]{3}$") => capitals(3),
        Some("^[A-Z]{2}$") => capitals(2),
        Some(other) => panic!("{path}: the pattern {other} is not known here"),
    };
    let expected = if is_format { &schema["pattern"] } else { &schema["format"] };
    (!is_format || !matches).then(|| format!("{path} is {text:?}, not {expected}"))
}

/// Whether it is a time of RFC 3339, by the places of its signs.
fn is_date_time(text: &str) -> bool {
    let shape: String =
        text.chars().take(19).map(|it| if it.is_ascii_digit() { '0' } else { it }).collect();
    let has_zone = text.get(19..).is_some_and(|rest| {
        let rest = rest.trim_start_matches(|it: char| it == '.' || it.is_ascii_digit());
        rest == "Z" || rest.len() == 6 && rest.starts_with(['+', '-'])
    });
    shape == "0000-00-00T00:00:00" && has_zone
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_kind_of_fault_is_found() {
        let schema = JsonSchema(json!({ "$defs": {
            "Price": {
                "type": "object", "required": ["amount"], "minProperties": 1,
                "additionalProperties": false,
                "properties": {
                    "amount": { "type": "integer", "minimum": 0 },
                    "currency": { "type": "string", "pattern": "^[A-Z]{3}$" },
                    "url": { "type": "string", "format": "uri" },
                    "at": { "type": "string", "format": "date-time" },
                },
            },
            "Prices": { "type": "array", "items": { "$ref": "#/$defs/Price" } },
        } }));
        let whole = json!({ "amount": 0, "currency": "EUR", "url": "https://a.example/",
            "at": "2026-04-17T08:00:00.5Z" });
        assert_eq!(schema.fault("Prices", &json!([whole, { "amount": 7 }])), None);
        for (fault, part) in [
            (json!({}), "lacks amount"),
            (json!({ "amount": -1 }), "less than 0"),
            (json!({ "amount": 1.5 }), "not \"integer\""),
            (json!({ "amount": 1, "currency": "eur" }), "A-Z"),
            (json!({ "amount": 1, "url": "/a.png" }), "uri"),
            (json!({ "amount": 1, "at": "2026-04-17" }), "date-time"),
            (json!({ "amount": 1, "colour": "red" }), "colour is not known"),
        ] {
            let found = schema.fault("Prices", &json!([fault])).unwrap_or_default();
            assert!(found.contains(part), "{part}: {found}");
        }
        assert!(schema.fault("Prices", &json!({})).is_some());
    }
}

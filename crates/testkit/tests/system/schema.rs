//! A validator of JSON schemas, for the keywords that public specifications use.

use std::{fs, path::Path};

use serde_json::Value;

/// A bundle of schemas by name.
pub(crate) struct Schema(Value);

impl Schema {
    /// Reads a bundle; `None` where the specification is not there.
    pub(crate) fn read(file: &Path) -> Option<Self> {
        let json = fs::read(file).ok()?;
        Some(Self(serde_json::from_slice(&json).expect("a schema is JSON")))
    }

    /// The first fault of a value.
    pub(crate) fn fault(&self, name: &str, value: &Value) -> Option<String> {
        self.check(&self.0["$defs"][name], value, name)
    }

    fn check(&self, schema: &Value, value: &Value, path: &str) -> Option<String> {
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap();
            let referred = &self.0["$defs"][name];
            assert!(referred.is_object(), "{name} is not in the bundle");
            return self.check(referred, value, path);
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
        if schema["minimum"].as_i64() > value.as_i64() {
            return Some(format!("{path} is {value}, less than {}", schema["minimum"]));
        }
        if let (Some(text), Some("uri")) = (value.as_str(), schema["format"].as_str())
            && !text.starts_with("http")
        {
            return Some(format!("{path} is {text}, no address"));
        }
        if let Some(items) = value.as_array() {
            let mut items = items.iter();
            return items.find_map(|item| self.check(&schema["items"], item, &format!("{path}[]")));
        }
        let fields = value.as_object()?;
        let required = schema["required"].as_array().into_iter().flatten();
        for name in required.filter_map(Value::as_str) {
            if !fields.contains_key(name) {
                return Some(format!("{path} lacks {name}"));
            }
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

//! Describes messages as JSON schemas.

use std::collections::{BTreeMap, BTreeSet};

use protox::prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use crate::contract::{Comment as _, Contract};

const REFERENCE: &str = "#/components/schemas/";

/// The messages that the document refers to and has not described yet.
#[derive(Default)]
pub(crate) struct Schemas(BTreeSet<String>);

impl Schemas {
    /// A reference to a message, which `describe` will include.
    pub(crate) fn reference(&mut self, message: &MessageDescriptor) -> Value {
        self.0.insert(message.full_name().to_owned());
        json!({ "$ref": format!("{REFERENCE}{}", message.name()) })
    }

    /// The schema of a field, with its comment.
    pub(crate) fn field(&mut self, field: &FieldDescriptor) -> Value {
        let mut schema = match field.is_list() {
            true => json!({ "type": "array", "items": self.one(field) }),
            false => self.one(field),
        };
        if !field.is_list() && schema.get("$ref").is_some() {
            schema = json!({ "anyOf": [schema, { "type": "null" }] });
        }
        let comment = field.comment();
        if comment.ends_with("Output only.") {
            schema["readOnly"] = json!(true);
        }
        if !comment.is_empty() {
            schema["description"] = json!(comment);
        }
        schema
    }

    fn one(&mut self, field: &FieldDescriptor) -> Value {
        match field.kind() {
            Kind::String => json!({ "type": "string" }),
            Kind::Bool => json!({ "type": "boolean" }),
            Kind::Double => json!({ "type": "number", "format": "double" }),
            Kind::Int32 => json!({ "type": "integer", "format": "int32" }),
            // A string, because JavaScript's numbers cannot represent all 64-bit integers.
            Kind::Int64 => json!({ "type": "string", "format": "int64" }),
            Kind::Enum(values) => {
                let names: Vec<_> = values.values().map(|value| value.name().to_owned()).collect();
                json!({ "type": "string", "enum": names })
            }
            Kind::Message(message) => match message.full_name() {
                "google.protobuf.Timestamp" => {
                    json!({ "type": ["string", "null"], "format": "date-time" })
                }
                "google.protobuf.Duration" => {
                    json!({ "type": ["string", "null"], "pattern": r"^-?\d+(\.\d+)?s$" })
                }
                "google.protobuf.FieldMask" => json!({ "type": "string" }),
                _ => self.reference(&message),
            },
            other => panic!("{other:?} has no schema: add it"),
        }
    }

    /// The schemas of all referenced messages, including those that other schemas refer to.
    pub(crate) fn describe(mut self, contract: &Contract) -> Value {
        let mut described: BTreeMap<String, Value> = BTreeMap::new();
        let mut done = BTreeSet::new();
        while let Some(name) = self.0.pop_first() {
            if !done.insert(name.clone()) {
                continue;
            }
            let message = contract.message(&name);
            let fields: Map<String, Value> = message
                .fields()
                .map(|field| (field.json_name().to_owned(), self.field(&field)))
                .collect();
            let mut schema = json!({ "type": "object", "properties": fields });
            let comment = message.comment();
            if !comment.is_empty() {
                schema["description"] = json!(comment);
            }
            let previous = described.insert(message.name().to_owned(), schema);
            assert!(previous.is_none(), "two messages are called {name}");
        }
        json!(described)
    }
}

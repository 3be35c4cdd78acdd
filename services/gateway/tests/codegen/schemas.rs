//! Describes messages as JSON schemas: in requests the accepted form, in responses the sent one.

use std::collections::{BTreeMap, BTreeSet};

use protox::prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use crate::{
    contract::{Comment as _, Contract},
    limits,
};

const REFERENCE: &str = "#/components/schemas/";

/// Whether a message is in a request or in a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    Input,
    Output,
}

/// The messages that the document refers to and has not described yet.
#[derive(Default)]
pub(crate) struct Schemas(BTreeSet<(String, Direction)>);

impl Schemas {
    /// A reference to a message, which `describe` will include.
    pub(crate) fn reference(&mut self, message: &MessageDescriptor, direction: Direction) -> Value {
        self.0.insert((message.full_name().to_owned(), direction));
        json!({ "$ref": format!("{REFERENCE}{}", name(message, direction)) })
    }

    /// The schema of a field, with its comment.
    pub(crate) fn field(&mut self, field: &FieldDescriptor, direction: Direction) -> Value {
        let one = self.one(field, direction);
        let message = field.parent_message().name().to_owned();
        let mut schema = match field.is_list() {
            true => json!({ "type": "array", "items": one }),
            _ if limits::is_required(&message, field.name()) => one,
            // Null clears a field.
            false if direction == Direction::Input && one.get("$ref").is_some() => {
                json!({ "anyOf": [one, { "type": "null" }] })
            }
            false => one,
        };
        if direction == Direction::Input {
            limits::add(&mut schema, limits::of(&message, field.name()));
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

    fn one(&mut self, field: &FieldDescriptor, direction: Direction) -> Value {
        match field.kind() {
            Kind::String => json!({ "type": "string" }),
            Kind::Bool => json!({ "type": "boolean" }),
            Kind::Double => json!({ "type": "number", "format": "double" }),
            Kind::Int32 => json!({
                "type": "integer", "format": "int32", "minimum": i32::MIN, "maximum": i32::MAX,
            }),
            // A string, because JavaScript's numbers cannot represent all 64-bit integers.
            Kind::Int64 => {
                let pattern = match direction {
                    // Not quite all of 64 bits, which no pattern has in few words.
                    Direction::Input => "^(0|-?[1-9][0-9]{0,17})$",
                    Direction::Output => "^-?[0-9]{1,19}$",
                };
                json!({ "type": "string", "format": "int64", "pattern": pattern })
            }
            Kind::Enum(values) => {
                let names: Vec<_> = values.values().map(|value| value.name().to_owned()).collect();
                json!({ "type": "string", "enum": names })
            }
            Kind::Message(message) => match message.full_name() {
                "google.protobuf.Timestamp" => json!({ "type": "string", "format": "date-time" }),
                "google.protobuf.Duration" => {
                    json!({ "type": "string", "pattern": r"^-?[0-9]{1,11}(\.[0-9]{1,9})?s$" })
                }
                "google.protobuf.FieldMask" => json!({ "type": "string" }),
                _ => self.reference(&message, direction),
            },
            other => panic!("{other:?} has no schema: add it"),
        }
    }

    /// The schemas of all referenced messages, directly or by other schemas.
    pub(crate) fn describe(mut self, contract: &Contract) -> Map<String, Value> {
        let mut described: BTreeMap<String, Value> = BTreeMap::new();
        let mut done = BTreeSet::new();
        while let Some((full_name, direction)) = self.0.pop_first() {
            if !done.insert((full_name.clone(), direction)) {
                continue;
            }
            let message = contract.message(&full_name);
            let schema = self.message(&message, direction);
            let previous = described.insert(name(&message, direction), schema);
            assert!(previous.is_none(), "two messages are called {full_name}");
        }
        described.into_iter().collect()
    }

    fn message(&mut self, message: &MessageDescriptor, direction: Direction) -> Value {
        let fields: Map<String, Value> = message
            .fields()
            .map(|field| (field.json_name().to_owned(), self.field(&field, direction)))
            .collect();
        let mut schema = json!({ "type": "object", "properties": fields });
        let required: Vec<_> = message
            .fields()
            .filter(|field| match direction {
                Direction::Input => limits::is_required(message.name(), field.name()),
                // Default values are sent.
                Direction::Output => !field.supports_presence(),
            })
            .map(|field| field.json_name().to_owned())
            .collect();
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        if direction == Direction::Input {
            schema["additionalProperties"] = json!(false);
            limits::add(&mut schema, limits::of_message(message.name()));
        }
        let comment = message.comment();
        if !comment.is_empty() {
            schema["description"] = json!(comment);
        }
        schema
    }
}

/// The name of a schema: requests have their own names, and other messages in them end with `Input`.
fn name(message: &MessageDescriptor, direction: Direction) -> String {
    match direction {
        Direction::Input if !message.name().ends_with("Request") => {
            format!("{}Input", message.name())
        }
        _ => message.name().to_owned(),
    }
}

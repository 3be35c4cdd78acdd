//! The messages of a contract and their fields.

use std::collections::HashMap;

use prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto,
    field_descriptor_proto::{Label, Type},
};

use crate::declared::decode;

/// The messages of a contract, by full name.
#[derive(Debug)]
pub struct Messages(HashMap<String, Vec<Field>>);

/// A field of a message.
#[derive(Debug)]
pub struct Field {
    /// As the contract spells it: `product_id`.
    pub name: String,
    /// Its number on the wire.
    pub number: u32,
    /// As JSON spells it: `productId`.
    pub json: String,
    /// Whether it holds a list.
    pub is_repeated: bool,
    /// Its oneof, by a number within the message. An `optional` field has one of its own.
    pub oneof: Option<i32>,
    /// The type of its value, or of each value of the list.
    pub holds: Holds,
}

/// The type of a field, as far as a value in JSON or in a query string has to be parsed.
#[derive(Debug)]
pub enum Holds {
    /// A string.
    Text,
    /// A signed integer of this many bits.
    Whole(u32),
    /// A floating-point number of 64 bits.
    Number,
    /// A boolean.
    Flag,
    /// An enum, with its values.
    Choice(Vec<Choice>),
    /// A message, by its full name.
    Message(String),
    /// Any other type.
    Other,
}

/// A value of an enum.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Such as `START_NOW`.
    pub name: String,
    /// Its number on the wire.
    pub number: i32,
}

impl Field {
    /// Whether its value on the wire may be the default one, rather than be absent.
    pub fn has_presence(&self) -> bool {
        self.oneof.is_some() || (!self.is_repeated && matches!(self.holds, Holds::Message(_)))
    }
}

impl Messages {
    /// The messages of an encoded `FileDescriptorSet`; nested ones are left out.
    ///
    /// # Panics
    /// If `descriptors` cannot be decoded: they are compiled into the program.
    pub fn of(descriptors: &[u8]) -> Self {
        let files = decode(descriptors).file;
        let mut choices = Choices::new();
        for file in &files {
            add_choices(&mut choices, &format!(".{}", file.package()), &file.enum_type);
            for message in &file.message_type {
                let of = format!(".{}.{}", file.package(), message.name());
                add_choices(&mut choices, &of, &message.enum_type);
            }
        }
        let mut messages = HashMap::new();
        for file in &files {
            for message in &file.message_type {
                let name = format!("{}.{}", file.package(), message.name());
                messages.insert(name, fields_of(message, &choices));
            }
        }
        Self(messages)
    }

    /// The fields of a message; none for an unknown name.
    pub fn fields(&self, message: &str) -> &[Field] {
        self.0.get(message).map_or(&[], Vec::as_slice)
    }

    /// The name and the fields of a message.
    pub fn find(&self, message: &str) -> Option<(&str, &[Field])> {
        self.0.get_key_value(message).map(|(name, fields)| (name.as_str(), fields.as_slice()))
    }
}

type Choices = HashMap<String, Vec<Choice>>;

fn add_choices(choices: &mut Choices, of: &str, enums: &[EnumDescriptorProto]) {
    for described in enums {
        let choice = |value: &EnumValueDescriptorProto| Choice {
            name: value.name().to_owned(),
            number: value.number(),
        };
        let values = described.value.iter().map(choice).collect();
        choices.insert(format!("{of}.{}", described.name()), values);
    }
}

fn fields_of(message: &DescriptorProto, choices: &Choices) -> Vec<Field> {
    let field = |field: &FieldDescriptorProto| Field {
        name: field.name().to_owned(),
        number: field.number() as u32,
        json: field.json_name().to_owned(),
        is_repeated: field.label() == Label::Repeated,
        oneof: field.oneof_index,
        holds: match field.r#type() {
            Type::String => Holds::Text,
            Type::Int32 => Holds::Whole(32),
            Type::Int64 => Holds::Whole(64),
            Type::Double => Holds::Number,
            Type::Bool => Holds::Flag,
            Type::Enum => {
                Holds::Choice(choices.get(field.type_name()).cloned().unwrap_or_default())
            }
            Type::Message => Holds::Message(field.type_name().trim_start_matches('.').to_owned()),
            _ => Holds::Other,
        },
    };
    message.field.iter().map(field).collect()
}

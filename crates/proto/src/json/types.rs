//! Message types as lookup tables, built once from the descriptors of a contract.

use std::{
    collections::HashMap,
    fmt,
    sync::{LazyLock, OnceLock},
};

use prost::Message as _;
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorSet,
    field_descriptor_proto::{Label, Type},
};

use super::reader::WireType;

/// The most fields a message may have.
pub(super) const MAX_FIELDS: usize = 32;
/// The highest field number; a table per type is indexed by it.
const MAX_NUMBER: i32 = 255;

static TYPES: LazyLock<&Types> = LazyLock::new(|| Types::of(crate::DESCRIPTORS));

/// The message types of a contract, by full name.
#[derive(Debug)]
pub struct Types {
    messages: Vec<MessageType>,
    by_name: HashMap<String, usize>,
}

/// A message type of a contract.
#[derive(Debug)]
pub struct MessageType {
    pub(super) form: Form,
    /// In the order of the JSON output: members of oneofs last.
    pub(super) fields: Vec<Field>,
    /// The index of a field by its number.
    by_number: Vec<Option<u8>>,
}

/// The JSON representation of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Object,
    Timestamp,
    Duration,
}

#[derive(Debug)]
pub(super) struct Field {
    pub(super) number: u32,
    /// The name in the contract, such as `price_eur`.
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) wire_type: WireType,
    pub(super) is_repeated: bool,
    pub(super) is_oneof_member: bool,
    /// The JSON name with its punctuation: `,"priceEur":`.
    pub(super) key: Vec<u8>,
    /// The JSON of an absent field: `,"priceEur":0.0`, or nothing.
    pub(super) absent: Vec<u8>,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Bool,
    Int32,
    Int64,
    Double,
    String,
    Enum(EnumType),
    Message(Link),
}

/// The type of a field's messages: its index among the types, which are linked when all of them are there.
#[derive(Clone)]
pub(super) struct Link {
    index: usize,
    linked: OnceLock<&'static MessageType>,
}

/// The numbers of an enum, with the name of each in double quotes.
#[derive(Clone, Debug)]
pub(super) struct EnumType(Vec<(i32, String)>);

impl Link {
    #[inline]
    pub(super) fn of(&self) -> &'static MessageType {
        self.linked.get().expect("types are linked before they are used")
    }
}

// Types may hold themselves.
impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.index)
    }
}

impl MessageType {
    /// The type of the compiled contract with this full name, such as `catalogue.v1.Product`.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        TYPES.named(name)
    }

    /// The field with this name in the contract, and its index.
    pub(super) fn find(&self, name: &str) -> Option<(usize, &Field)> {
        self.fields.iter().enumerate().find(|(_, field)| field.name == name)
    }

    pub(super) fn index_of(&self, number: u32) -> Option<usize> {
        self.by_number.get(number as usize).copied().flatten().map(usize::from)
    }
}

/// The full names of all types.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TYPES.by_name.keys().map(String::as_str)
}

impl EnumType {
    pub(super) fn name(&self, number: i32) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == number).map(|(_, name)| name.as_str())
    }
}

impl Types {
    /// The types of the compiled contract.
    #[must_use]
    pub fn compiled() -> &'static Self {
        &TYPES
    }

    /// The types of an encoded `FileDescriptorSet`. They are kept until the process ends, as contracts are.
    ///
    /// # Panics
    /// If it cannot be decoded, or uses a feature that the transcoder does not support, so that tests find it.
    #[must_use]
    pub fn of(descriptors: &[u8]) -> &'static Self {
        let files = FileDescriptorSet::decode(descriptors).expect("a contract is a descriptor set");
        let types: &'static Self = Box::leak(Box::new(Self::unlinked(&files)));
        for field in types.messages.iter().flat_map(|message| &message.fields) {
            if let Kind::Message(Link { index, linked }) = &field.kind {
                linked.get_or_init(|| &types.messages[*index]);
            }
        }
        types
    }

    /// The type with this full name.
    #[must_use]
    pub fn named(&'static self, name: &str) -> Option<&'static MessageType> {
        self.by_name.get(name).map(|&index| &self.messages[index])
    }

    fn unlinked(files: &FileDescriptorSet) -> Self {
        let mut described = Vec::new();
        let mut enums = HashMap::new();
        for file in &files.file {
            add_enums(&mut enums, file.package(), &file.enum_type);
            // Options are never sent.
            let is_sent =
                file.package() != "google.api" && !file.name().ends_with("/descriptor.proto");
            for message in file.message_type.iter().filter(|_| is_sent) {
                let name = format!("{}.{}", file.package(), message.name());
                assert!(message.nested_type.is_empty(), "{name}: nested types are not supported");
                add_enums(&mut enums, &name, &message.enum_type);
                described.push((name, message));
            }
        }
        let by_name: HashMap<_, _> =
            described.iter().enumerate().map(|(index, (name, _))| (name.clone(), index)).collect();
        let names = Names { enums, messages: &by_name };
        let messages = described.iter().map(|(name, message)| message_type(name, message, &names));
        Self { messages: messages.collect(), by_name }
    }
}

struct Names<'a> {
    enums: HashMap<String, EnumType>,
    messages: &'a HashMap<String, usize>,
}

fn add_enums(enums: &mut HashMap<String, EnumType>, scope: &str, found: &[EnumDescriptorProto]) {
    for described in found {
        let values = described.value.iter();
        let values = values.map(|value| (value.number(), format!("\"{}\"", value.name())));
        enums.insert(format!("{scope}.{}", described.name()), EnumType(values.collect()));
    }
}

fn message_type(name: &str, message: &DescriptorProto, names: &Names<'_>) -> MessageType {
    let form = match name {
        "google.protobuf.Timestamp" => Form::Timestamp,
        "google.protobuf.Duration" => Form::Duration,
        "google.protobuf.FieldMask" => Form::Object,
        _ => {
            assert!(!name.starts_with("google.protobuf."), "{name} is not supported");
            Form::Object
        }
    };
    assert!(message.field.len() <= MAX_FIELDS, "{name} has more than {MAX_FIELDS} fields");
    // The order of `pbjson`.
    let mut ordered: Vec<&FieldDescriptorProto> = message.field.iter().collect();
    ordered.sort_by_key(|field| is_oneof_member(field));
    // One pass needs the same order on the wire and in JSON.
    let plain = ordered.iter().filter(|field| !is_oneof_member(field));
    assert!(plain.is_sorted_by_key(|field| field.number()), "{name} is not in order of numbers");
    let members = ordered.iter().filter(|field| is_oneof_member(field));
    let mut oneofs = members.map(|field| field.oneof_index());
    let oneof = oneofs.next();
    assert!(oneofs.all(|other| Some(other) == oneof), "{name} has more than one oneof");

    let mut by_number = vec![None; MAX_NUMBER as usize + 1];
    for (index, field) in ordered.iter().enumerate() {
        assert!(field.number() <= MAX_NUMBER, "{name} has a field beyond {MAX_NUMBER}");
        by_number[field.number() as usize] = Some(index as u8);
    }
    let fields = ordered.iter().map(|described| field(name, described, names)).collect();
    MessageType { form, fields, by_number }
}

/// Whether a field belongs to a oneof. (The descriptor of an `optional` field names a synthetic one.)
fn is_oneof_member(field: &FieldDescriptorProto) -> bool {
    field.oneof_index.is_some() && !field.proto3_optional()
}

fn field(message: &str, field: &FieldDescriptorProto, names: &Names<'_>) -> Field {
    let type_name = field.type_name().trim_start_matches('.');
    let kind = match field.r#type() {
        Type::Bool => Kind::Bool,
        Type::Int32 => Kind::Int32,
        Type::Int64 => Kind::Int64,
        Type::Double => Kind::Double,
        Type::String => Kind::String,
        Type::Enum => Kind::Enum(names.enums[type_name].clone()),
        Type::Message => {
            Kind::Message(Link { index: names.messages[type_name], linked: OnceLock::new() })
        }
        other => panic!("{message}.{}: {other:?} is not supported", field.name()),
    };
    let is_repeated = field.label() == Label::Repeated;
    assert!(
        !is_repeated || matches!(kind, Kind::String | Kind::Message(_)),
        "{message}.{}: repeated numbers are not supported",
        field.name()
    );
    let key = format!(",\"{}\":", field.json_name());
    // `pbjson_types` has Google's types, and omits their default values.
    let has_presence = field.oneof_index.is_some() || message.starts_with("google.protobuf.");
    let default = match &kind {
        _ if has_presence => None,
        _ if is_repeated => Some("[]"),
        Kind::Bool => Some("false"),
        Kind::Int32 => Some("0"),
        Kind::Int64 => Some("\"0\""),
        Kind::Double => Some("0.0"),
        Kind::String => Some("\"\""),
        Kind::Enum(names) => Some(names.name(0).expect("proto3 has a name for 0")),
        Kind::Message(_) => None,
    };
    Field {
        number: field.number() as u32,
        name: field.name().to_owned(),
        is_repeated,
        is_oneof_member: is_oneof_member(field),
        wire_type: kind.wire_type(),
        absent: default.map(|default| format!("{key}{default}").into_bytes()).unwrap_or_default(),
        key: key.into_bytes(),
        kind,
    }
}

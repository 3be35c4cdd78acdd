//! The contract as its descriptors have it: methods, and the fields of their requests.

use std::{collections::HashMap, sync::LazyLock};

use prost::Message as _;
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorSet,
    field_descriptor_proto::{Label, Type},
};
use proto::json::MessageType;

static CONTRACT: LazyLock<Contract> = LazyLock::new(Contract::read);

/// How long a call may last depends on this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One message in, one out.
    Unary,
    /// A stream in, out, or both.
    Streaming,
}

#[derive(Debug)]
pub(crate) struct Method {
    /// `/package.Service/Method`.
    pub(crate) path: String,
    pub(crate) kind: Kind,
    input: String,
    output: String,
}

/// A field of a message.
#[derive(Debug)]
pub(crate) struct Field {
    /// As the contract spells it: `product_id`.
    pub(crate) name: String,
    pub(crate) number: u32,
    /// As JSON does: `productId`.
    pub(crate) json: String,
    pub(crate) is_repeated: bool,
    pub(crate) holds: Holds,
}

/// What a field holds, as far as somebody who reads it from an address has to know.
#[derive(Debug)]
pub(crate) enum Holds {
    Text,
    /// A whole number of at most so many bits.
    Whole(u32),
    Flag,
    /// One of these values: the last part of each name, such as `NOW` of `START_NOW`, is enough.
    Choice(Vec<String>),
    /// A message, by its full name.
    Message(String),
    Other,
}

struct Contract {
    methods: Vec<Method>,
    /// The index of a method by its path.
    by_path: HashMap<String, usize>,
    messages: HashMap<String, Vec<Field>>,
}

/// Every method there is.
pub(crate) fn methods() -> &'static [Method] {
    &CONTRACT.methods
}

/// The method of this `/package.Service/Method`; none if the contract has no such.
pub(crate) fn method(path: &str) -> Option<&'static Method> {
    CONTRACT.by_path.get(path).map(|&index| &CONTRACT.methods[index])
}

/// The fields of a message; none for one that the contract does not have.
pub(crate) fn fields(message: &str) -> &'static [Field] {
    CONTRACT.messages.get(message).map_or(&[], Vec::as_slice)
}

impl Method {
    /// The catalogue leaves finding products by words to the search service.
    pub(crate) fn is_answered_by_search(&self) -> bool {
        self.path.starts_with("/search.v1.")
            || self.path == "/catalogue.v1.CatalogueService/SearchProducts"
    }

    /// The fields of its request.
    pub(crate) fn fields(&self) -> &'static [Field] {
        fields(&self.input)
    }

    /// The type of its responses.
    pub(crate) fn output(&self) -> &'static MessageType {
        MessageType::named(&self.output).expect("the types are read from the same descriptors")
    }
}

impl Contract {
    fn read() -> Self {
        let files = FileDescriptorSet::decode(proto::DESCRIPTORS)
            .expect("the descriptors were encoded with the code beside them");
        let mut methods = Vec::new();
        let mut messages = HashMap::new();
        let mut choices = HashMap::new();
        for file in &files.file {
            add_choices(&mut choices, &format!(".{}", file.package()), &file.enum_type);
            for message in &file.message_type {
                let of = format!(".{}.{}", file.package(), message.name());
                add_choices(&mut choices, &of, &message.enum_type);
            }
        }
        for file in files.file {
            let package = file.package().to_owned();
            for message in &file.message_type {
                let fields = fields_of(message, &choices);
                messages.insert(format!(".{package}.{}", message.name()), fields);
            }
            for service in file.service {
                let service_name = service.name().to_owned();
                methods.extend(service.method.iter().map(|method| Method {
                    path: format!("/{package}.{service_name}/{}", method.name()),
                    kind: match method.client_streaming() || method.server_streaming() {
                        true => Kind::Streaming,
                        false => Kind::Unary,
                    },
                    input: method.input_type().to_owned(),
                    output: method.output_type().trim_start_matches('.').to_owned(),
                }));
            }
        }
        let paths = methods.iter().map(|method: &Method| method.path.clone());
        let by_path = paths.enumerate().map(|(index, path)| (path, index)).collect();
        Self { methods, by_path, messages }
    }
}

type Choices = HashMap<String, Vec<String>>;

fn add_choices(choices: &mut Choices, of: &str, enums: &[EnumDescriptorProto]) {
    for choice in enums {
        let values = choice.value.iter().map(|value| value.name().to_owned());
        choices.insert(format!("{of}.{}", choice.name()), values.collect());
    }
}

fn fields_of(message: &DescriptorProto, choices: &Choices) -> Vec<Field> {
    let field = |field: &FieldDescriptorProto| Field {
        name: field.name().to_owned(),
        number: field.number() as u32,
        json: field.json_name().to_owned(),
        is_repeated: field.label() == Label::Repeated,
        holds: match field.r#type() {
            Type::String => Holds::Text,
            Type::Int32 => Holds::Whole(32),
            Type::Int64 => Holds::Whole(64),
            Type::Bool => Holds::Flag,
            Type::Enum => {
                Holds::Choice(choices.get(field.type_name()).cloned().unwrap_or_default())
            }
            Type::Message => Holds::Message(field.type_name().to_owned()),
            _ => Holds::Other,
        },
    };
    message.field.iter().map(field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contract_says_who_answers_what_and_how() {
        let search = method("/catalogue.v1.CatalogueService/SearchProducts").unwrap();
        assert!(search.is_answered_by_search());
        assert_eq!(search.kind, Kind::Unary);
        let status = method("/search.v1.SearchAdminService/GetIndexStatus").unwrap();
        assert!(status.is_answered_by_search());
        let import = method("/catalogue.v1.TransferService/ImportProducts").unwrap();
        assert!(!import.is_answered_by_search());
        assert_eq!(import.kind, Kind::Streaming);
        let list = method("/catalogue.v1.CatalogueService/ListProducts").unwrap();
        assert_eq!(list.kind, Kind::Streaming);
    }

    #[test]
    fn fields_have_both_their_names_and_what_they_hold() {
        let watch = method("/catalogue.v1.FeedService/WatchChanges").unwrap().fields();
        let field = |name: &str| watch.iter().find(|field| field.name == name).unwrap();
        assert_eq!(field("category_id").json, "categoryId");
        assert!(field("product_ids").is_repeated);
        let Holds::Choice(starts) = &field("start").holds else { panic!("{watch:?}") };
        assert_eq!(starts[2], "START_NOW");
    }
}

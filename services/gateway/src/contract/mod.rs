//! The contract that a gateway serves: its methods, the fields of their messages, and the document that describes them.
//!
//! A [`Contract`] is a value. What serves any method takes it, or a [`Method`] of it; handlers of single methods take
//! those of [`compiled`], whose messages they were built with.

#[cfg(test)]
mod from_text;
mod message;
mod method;

use std::{collections::HashMap, sync::LazyLock, sync::OnceLock};

pub(crate) use ::contract::{Choice, Field, Holds};
use proto::json::Types;
use serde_json::Value;

#[cfg(test)]
pub(crate) use from_text::{compiled_file, message_of};
pub(crate) use message::Message;
use message::MessageTypes;
pub(crate) use method::{Kind, Method};

/// OpenAPI 3.1, which `tests/codegen` generates from the contract.
const OPENAPI: &str = include_str!("../../openapi.json");

static COMPILED: LazyLock<Contract> =
    LazyLock::new(|| Contract::with(proto::DESCRIPTORS, Types::compiled(), OPENAPI));

/// The contract that this program was built with.
pub(crate) fn compiled() -> &'static Contract {
    &COMPILED
}

/// The method of the compiled contract with this `/package.Service/Method`.
pub(crate) fn method(path: &str) -> Option<&'static Method> {
    COMPILED.method(path)
}

/// A contract, and the document that describes it as JSON.
#[derive(Debug)]
pub struct Contract {
    /// The encoded `FileDescriptorSet`.
    pub(crate) descriptors: &'static [u8],
    /// The OpenAPI document.
    pub(crate) openapi: &'static str,
    document: OnceLock<Value>,
    methods: Vec<Method>,
    /// Methods of the services of every gRPC server, which are not forwarded.
    of_servers: Vec<Method>,
    /// The methods of both kinds: the index of each, those of servers after the others.
    by_path: HashMap<&'static str, usize>,
}

impl Contract {
    /// The contract in an encoded `FileDescriptorSet`, and its OpenAPI document. The types of its messages are kept until
    /// the process ends.
    ///
    /// # Panics
    /// If it cannot be decoded, or uses what the gateway does not support.
    #[must_use]
    pub fn new(descriptors: &'static [u8], openapi: &'static str) -> Self {
        Self::with(descriptors, Types::of(descriptors), openapi)
    }

    fn with(descriptors: &'static [u8], types: &'static Types, openapi: &'static str) -> Self {
        let types: &'static MessageTypes =
            Box::leak(Box::new(MessageTypes::of(descriptors, types)));
        let declared = |set: &[u8]| {
            let declared = ::contract::declared(set).into_iter();
            declared.map(|declared| Method::of(declared, types)).collect::<Vec<_>>()
        };
        let methods = declared(descriptors);
        let of_servers: Vec<_> = server::grpc::DESCRIPTORS.into_iter().flat_map(declared).collect();
        let paths = methods.iter().chain(&of_servers).map(|method| method.path);
        let by_path = paths.enumerate().map(|(index, path)| (path, index)).collect();
        Self { descriptors, openapi, document: OnceLock::new(), methods, of_servers, by_path }
    }

    /// All methods.
    pub(crate) fn methods(&self) -> &[Method] {
        &self.methods
    }

    /// The method with this `/package.Service/Method`.
    pub(crate) fn method(&self, path: &str) -> Option<&Method> {
        self.methods.get(*self.by_path.get(path)?)
    }

    /// The method with this path, of the contract or of the services of every gRPC server.
    pub(crate) fn procedure(&self, path: &str) -> Option<&Method> {
        let index = *self.by_path.get(path)?;
        self.methods.get(index).or_else(|| self.of_servers.get(index - self.methods.len()))
    }

    /// The parsed OpenAPI document.
    pub(crate) fn document(&self) -> &Value {
        self.document.get_or_init(|| serde_json::from_str(self.openapi).expect("it is JSON"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_have_an_upstream_and_a_kind() {
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
    fn methods_of_servers_are_procedures_but_not_of_the_contract() {
        let health = "/grpc.health.v1.Health/Check";
        assert!(method(health).is_none());
        assert_eq!(compiled().procedure(health).unwrap().input.fields()[0].name, "service");
        for method in compiled().methods() {
            let found = compiled().procedure(method.path);
            assert!(found.is_some_and(|found| std::ptr::eq(found, method)), "{}", method.path);
        }
    }

    #[test]
    fn fields_have_both_names_and_a_type() {
        let watch = method("/catalogue.v1.FeedService/WatchChanges").unwrap().input.fields();
        let field = |name: &str| watch.iter().find(|field| field.name == name).unwrap();
        assert_eq!(field("category_id").json, "categoryId");
        assert!(field("product_ids").is_repeated);
        let Holds::Choice(starts) = &field("start").holds else { panic!("{watch:?}") };
        assert_eq!((&*starts[2].name, starts[2].number), ("START_NOW", 2));
    }
}

//! The methods of the contract, and the fields of their request messages.

use std::{collections::HashMap, sync::LazyLock};

use ::contract::{Declared, Messages, Shape};
pub(crate) use ::contract::{Field, Holds};
use proto::json::MessageType;

static CONTRACT: LazyLock<Contract> = LazyLock::new(Contract::read);

/// The kind of a method, which decides whether its calls have a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Unary,
    Streaming,
}

#[derive(Debug)]
pub(crate) struct Method {
    /// `/package.Service/Method`.
    pub(crate) path: &'static str,
    pub(crate) kind: Kind,
    /// Its declaration.
    pub(crate) declared: ::contract::Method,
    input: String,
    output: String,
}

struct Contract {
    methods: Vec<Method>,
    /// The index of a method by its path.
    by_path: HashMap<&'static str, usize>,
    /// Of the contract, then of the services of every gRPC server.
    messages: Vec<Messages>,
}

/// All methods.
pub(crate) fn methods() -> &'static [Method] {
    &CONTRACT.methods
}

/// The method with this `/package.Service/Method`.
pub(crate) fn method(path: &str) -> Option<&'static Method> {
    CONTRACT.by_path.get(path).map(|&index| &CONTRACT.methods[index])
}

/// The fields of a message; empty for an unknown name.
pub(crate) fn fields(message: &str) -> &'static [Field] {
    let found = CONTRACT.messages.iter().map(|messages| messages.fields(message));
    found.into_iter().find(|fields| !fields.is_empty()).unwrap_or_default()
}

impl Method {
    fn of(Declared { method, input, output, .. }: Declared) -> Self {
        let kind = if method.shape == Shape::Unary { Kind::Unary } else { Kind::Streaming };
        Self { path: method.path, kind, declared: method, input, output }
    }

    /// Whether the search service serves the method. It also serves the catalogue's `SearchProducts`.
    pub(crate) fn is_answered_by_search(&self) -> bool {
        self.path.starts_with("/search.v1.")
            || self.path == "/catalogue.v1.CatalogueService/SearchProducts"
    }

    /// The full name of its request message.
    pub(crate) fn input(&self) -> &str {
        &self.input
    }

    /// The fields of its request message.
    pub(crate) fn fields(&self) -> &'static [Field] {
        fields(&self.input)
    }

    /// The type of its response messages.
    pub(crate) fn output(&self) -> &'static MessageType {
        MessageType::named(&self.output).expect("the types are read from the same descriptors")
    }
}

impl Contract {
    fn read() -> Self {
        let methods: Vec<_> =
            ::contract::declared(proto::DESCRIPTORS).into_iter().map(Method::of).collect();
        let paths = methods.iter().map(|method| method.path);
        let by_path = paths.enumerate().map(|(index, path)| (path, index)).collect();
        let sets = std::iter::once(proto::DESCRIPTORS).chain(server::grpc::DESCRIPTORS);
        Self { methods, by_path, messages: sets.map(Messages::of).collect() }
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
    fn fields_have_both_names_and_a_type() {
        let watch = method("/catalogue.v1.FeedService/WatchChanges").unwrap().fields();
        let field = |name: &str| watch.iter().find(|field| field.name == name).unwrap();
        assert_eq!(field("category_id").json, "categoryId");
        assert!(field("product_ids").is_repeated);
        let Holds::Choice(starts) = &field("start").holds else { panic!("{watch:?}") };
        assert_eq!(starts[2], "START_NOW");
    }
}

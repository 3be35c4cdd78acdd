//! A method of a contract.

use contract::{Declared, HttpRule, Shape};

use super::message::{Message, MessageTypes};

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
    pub(crate) declared: contract::Method,
    /// Its bindings to HTTP.
    pub(crate) http: Vec<HttpRule>,
    /// The type of its request messages.
    pub(crate) input: Message,
    /// The type of its response messages.
    pub(crate) output: Message,
}

impl Method {
    pub(super) fn of(declared: Declared, types: &'static MessageTypes) -> Self {
        let Declared { method, input, output, http } = declared;
        let kind = if method.shape == Shape::Unary { Kind::Unary } else { Kind::Streaming };
        let [input, output] = [input, output].map(|name| Message::named(&name, types));
        Self { path: method.path, kind, declared: method, http, input, output }
    }

    /// Whether the search service serves the method. It also serves the catalogue's `SearchProducts`.
    pub(crate) fn is_answered_by_search(&self) -> bool {
        self.path.starts_with("/search.v1.")
            || self.path == "/catalogue.v1.CatalogueService/SearchProducts"
    }
}

//! A binding of a method to HTTP, ready to serve requests.

use std::sync::Arc;

use ::contract::HttpRule;
use axum::extract::Request;
use http::Method;

use super::etag;
use crate::contract::{self, Field, Holds, Message};

/// A method of the contract with one of its `google.api.http` rules.
#[derive(Debug)]
pub(super) struct Binding {
    pub(super) method: Method,
    pub(super) rule: &'static HttpRule,
    /// The path for the router, without a custom verb, which the router cannot split from a variable.
    pub(super) route: String,
    /// The fields in the path.
    pub(super) variables: Vec<Variable>,
    pub(super) body: Body,
    pub(super) rpc: &'static contract::Method,
    /// The binding of a PUT with `If-None-Match: *`: the resource must not exist yet (RFC 9110, section 13.1.2).
    pub(super) creation: Option<Arc<Binding>>,
    /// The reason of a resource that exists, of such a creation.
    pub(super) exists: Option<&'static str>,
}

/// A request field in a path.
#[derive(Debug)]
pub(super) struct Variable {
    /// Its place in the request, such as `product.id`.
    pub(super) path: &'static str,
    pub(super) field: &'static Field,
}

/// The part of the request message that is in the body. The query has the fields that are neither there nor in
/// the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    None,
    Field(&'static str),
    /// The whole message: no query is allowed.
    Whole,
}

impl Binding {
    /// # Panics
    /// If the rule is not one of the method's messages: a contract is checked by starting a gateway with it.
    pub(super) fn of(rpc: &'static contract::Method, rule: &'static HttpRule) -> Self {
        let variable = |path| {
            let field = field(rpc.input, path);
            let field = field.unwrap_or_else(|| panic!("{}: {path} is not a field", rpc.path));
            Variable { path, field }
        };
        let mut route = rule.path();
        if let Some(verb) = rule.verb() {
            route.truncate(route.len() - verb.len() - 1);
        }
        Self {
            method: rule.method.parse().expect("the methods of rules are methods of HTTP"),
            rule,
            route,
            variables: rule.variables().map(variable).collect(),
            body: match rule.body.as_str() {
                "" => Body::None,
                "*" => Body::Whole,
                name => Body::Field(name),
            },
            rpc,
            creation: None,
            exists: None,
        }
    }

    /// The binding that serves a request of this path and method: that of a creation, if it must be one.
    pub(super) fn of_request(&self, request: &Request) -> &Self {
        match &self.creation {
            Some(creation) if etag::must_create(request.headers()) => creation,
            _ => self,
        }
    }

    /// Whether a field of the request is in the path.
    pub(super) fn has_in_path(&self, field: &Field) -> bool {
        self.variables.iter().any(|variable| variable.path == field.name)
    }

    /// Whether all variables are texts of the request itself, so that a request of nothing else is encoded as they are.
    pub(super) fn has_plain_path(&self) -> bool {
        self.variables.iter().all(|variable| {
            let is_plain = matches!(variable.field.holds, Holds::Text);
            is_plain && variable.path == variable.field.name
        })
    }
}

/// The field at a path such as `product.id`.
fn field(of: Message, path: &str) -> Option<&'static Field> {
    let Some((parent, rest)) = path.split_once('.') else { return of.field(path) };
    match &of.field(parent)?.holds {
        Holds::Message(name) => field(of.sibling(name), rest),
        _ => None,
    }
}

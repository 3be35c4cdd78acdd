//! The type of one row of [`ROUTES`](super::routes::ROUTES): how a method is called over HTTP.

use axum::{extract::Request, response::Response};
use futures::future::BoxFuture;
use http::Method;

use crate::{contract, problem::Problem, upstreams::Upstreams};

/// A method of the contract with its `google.api.http` rule.
pub(super) struct Binding {
    pub(super) method: Method,
    /// The path; braces enclose a field of the request, such as `{product.id}`.
    pub(super) template: &'static str,
    pub(super) body: Body,
    /// `/package.Service/Method`.
    pub(super) rpc: &'static str,
    pub(super) handler: Handler,
}

/// Handles a request. The text is the path's value of the field in braces.
pub(super) type Handler = fn(
    &'static Binding,
    Upstreams,
    Option<String>,
    Request,
) -> BoxFuture<'static, Result<Response, Problem>>;

/// The part of the request message that is in the body. The path has at most one field, and the query
/// has the others.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    None,
    Field(&'static str),
    /// The whole message: no query is allowed.
    Whole,
}

impl Binding {
    /// The path for the router: `{id}` for any field, and without a custom verb, which the router
    /// cannot split from the id.
    pub(super) fn route(&self) -> String {
        match self.parts() {
            Some((before, _, rest)) if rest.starts_with(':') => format!("{before}{{id}}"),
            Some((before, _, rest)) => format!("{before}{{id}}{rest}"),
            None => self.template.to_owned(),
        }
    }

    /// The field in the path.
    pub(super) fn variable(&self) -> Option<&'static str> {
        self.parts().map(|(_, variable, _)| variable)
    }

    /// The verb after the id and a colon, such as `adjustStock` (AIP-136, "Custom methods").
    pub(super) fn custom_verb(&self) -> Option<&'static str> {
        self.parts().and_then(|(_, _, rest)| rest.strip_prefix(':'))
    }

    pub(super) fn contract(&self) -> &'static contract::Method {
        contract::method(self.rpc).expect("a test finds every route in the contract")
    }

    fn parts(&self) -> Option<(&'static str, &'static str, &'static str)> {
        let (before, rest) = self.template.split_once('{')?;
        let (variable, rest) = rest.split_once('}')?;
        Some((before, variable, rest))
    }
}

//! What a line of the table says: how a method of the contract is asked over HTTP.

use axum::{extract::Request, response::Response};
use futures::future::BoxFuture;
use http::Method;

use crate::{contract, problem::Problem, upstreams::Upstreams};

/// A method of the contract and its `google.api.http` rule.
pub(super) struct Binding {
    pub(super) method: Method,
    /// The path; what stands in braces is a field of the request, such as `{product.id}`.
    pub(super) template: &'static str,
    pub(super) body: Body,
    /// `/package.Service/Method`.
    pub(super) rpc: &'static str,
    pub(super) handler: Handler,
}

/// Answers a request. The text is what stands in the path for the field in braces.
pub(super) type Handler = fn(
    &'static Binding,
    Upstreams,
    Option<String>,
    Request,
) -> BoxFuture<'static, Result<Response, Problem>>;

/// What the body of a request is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    /// There is none: what the path does not say, the query does.
    None,
    /// This field; the query says the rest.
    Field(&'static str),
    /// The whole request; there is no query.
    Whole,
}

impl Binding {
    /// The path as the router has it: `{id}` for any field, and without the verb behind it, which
    /// the router cannot tell from the id.
    pub(super) fn route(&self) -> String {
        match self.parts() {
            Some((before, _, rest)) if rest.starts_with(':') => format!("{before}{{id}}"),
            Some((before, _, rest)) => format!("{before}{{id}}{rest}"),
            None => self.template.to_owned(),
        }
    }

    /// The field that the path says.
    pub(super) fn variable(&self) -> Option<&'static str> {
        self.parts().map(|(_, variable, _)| variable)
    }

    /// What the path ends with behind an id and a colon, such as `adjustStock`.
    pub(super) fn verb(&self) -> Option<&'static str> {
        self.parts().and_then(|(_, _, rest)| rest.strip_prefix(':'))
    }

    pub(super) fn contract(&self) -> &'static contract::Method {
        contract::method(self.rpc).expect("a test finds every line of the table in the contract")
    }

    fn parts(&self) -> Option<(&'static str, &'static str, &'static str)> {
        let (before, rest) = self.template.split_once('{')?;
        let (variable, rest) = rest.split_once('}')?;
        Some((before, variable, rest))
    }
}

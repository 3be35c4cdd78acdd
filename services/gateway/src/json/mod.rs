//! The JSON API: the contract by the proto3 JSON mapping, over HTTP.
//!
//! `table` has a line for each method that is one message in and one out; `transcode` answers all
//! of them. What is not that simple has a handler: searches, and streams as lines or events.
//!
//! A request is put together (`message`) from the path, the query (`params`), the body (`body`,
//! `mask`) and the headers `If-Match` (`etag`) and `Idempotency-Key` (`idempotency`).

mod answer;
mod binding;
mod body;
mod distinct;
mod etag;
mod idempotency;
mod lines;
mod mask;
mod message;
mod openapi;
mod params;
mod search;
mod table;
mod transcode;

pub(crate) use message::asked;
pub(crate) use params::Params;

use std::collections::BTreeMap;

use axum::{
    Router,
    extract::{Path, Request},
    response::Response,
    routing::{self, MethodFilter, MethodRouter},
};
use http::Method;

use crate::{events, problem::Problem, state::AppState, upstreams::Upstreams};
use binding::Binding;
use table::TABLE;

/// Every route under `/v1/`, and the document that describes them.
pub(crate) fn router() -> Router<AppState> {
    let mut bindings: BTreeMap<String, Vec<&'static Binding>> = BTreeMap::new();
    for binding in &TABLE {
        bindings.entry(binding.route()).or_default().push(binding);
    }
    let bound = bindings.into_iter().map(|(path, bindings)| (path, route(bindings)));
    let handled = handled().into_iter().map(|(path, route)| (path.to_owned(), route));
    bound.chain(handled).fold(Router::new(), |router, (path, route)| router.route(&path, route))
}

/// What is not in the table.
fn handled() -> Vec<(&'static str, MethodRouter<AppState>)> {
    use routing::get;
    vec![
        ("/v1/products:stream", get(lines::stream)),
        ("/v1/products:export", get(lines::export)),
        ("/v1/search", get(search::search)),
        ("/v1/availability", get(events::availability)),
        ("/v1/changes", get(events::changes)),
        ("/openapi.json", get(openapi::document)),
    ]
}

/// The bindings of one path.
fn route(bindings: Vec<&'static Binding>) -> MethodRouter<AppState> {
    let (verbs, plain): (Vec<_>, Vec<_>) =
        bindings.into_iter().partition(|binding| binding.verb().is_some());
    let mut route = MethodRouter::new();
    for binding in &plain {
        let binding: &'static Binding = binding;
        let answer = move |upstreams: Upstreams, id: Option<Path<String>>, request: Request| {
            (binding.handler)(binding, upstreams, id.map(|Path(id)| id), request)
        };
        let filter = MethodFilter::try_from(binding.method.clone());
        route = route.on(filter.expect("HTTP's own methods have filters"), answer);
    }
    if verbs.is_empty() {
        return route;
    }
    let mut allow: Vec<_> = plain.iter().map(|binding| binding.method.as_str()).collect();
    if allow.contains(&Method::GET.as_str()) {
        allow.push(Method::HEAD.as_str());
    }
    let allow = allow.join(", ");
    route.post(async move |upstreams: Upstreams, Path(segment): Path<String>, request: Request| {
        verb(&verbs, &allow, upstreams, &segment, request).await
    })
}

/// `POST /v1/products/{id}:verb`: the router cannot tell an id from the verb behind it.
async fn verb(
    verbs: &[&'static Binding],
    allow: &str,
    upstreams: Upstreams,
    segment: &str,
    request: Request,
) -> Result<Response, Problem> {
    match segment.rsplit_once(':') {
        Some((id, verb)) => match verbs.iter().find(|binding| binding.verb() == Some(verb)) {
            Some(binding) => {
                (binding.handler)(binding, upstreams, Some(id.to_owned()), request).await
            }
            None => Err(Problem::no_such_route(request.uri().path())),
        },
        None if allow.is_empty() => Err(Problem::no_such_route(request.uri().path())),
        None => Err(Problem::method_not_allowed(allow)),
    }
}

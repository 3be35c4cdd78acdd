//! The JSON API: the contract's methods over HTTP, by the proto3 JSON mapping.
//!
//! [`routes`] has a row for each method with one request and one response message, and `transcode`
//! handles all of them. Search and streams of lines have handlers of their own; `crate::events` has the
//! event streams.
//!
//! A request message is built (`message`) from the path, the query (`params`), the body (`body`, `canonical`,
//! `mask`) and the headers `If-Match` (`etag`) and `Idempotency-Key` (`idempotency`).
//!
//! A new RPC needs its `google.api.http` annotation in `proto/`, a row in [`routes`], and
//! `cargo xtask codegen` for the OpenAPI document. A streaming RPC needs a handler in [`handlers`]
//! instead of a row.

mod binding;
mod body;
mod canonical;
mod content_encoding;
mod content_type;
mod etag;
mod idempotency;
mod mask;
mod message;
mod ndjson;
mod openapi;
mod params;
mod response;
mod routes;
mod search;
mod transcode;
mod undo;
mod unique_object;

pub(crate) use body::{parse as parse_object, read as read_object};
pub(crate) use canonical::message as canonical_message;
pub(crate) use content_encoding::Coding;
pub(crate) use content_type::is_utf8;
pub(crate) use idempotency::key as idempotency_key;
pub(crate) use message::query_request;
pub(crate) use openapi::DOCUMENT as OPENAPI;
pub(crate) use params::Params;

use std::collections::BTreeMap;

use axum::{
    Router,
    extract::{Path, Request},
    response::Response,
    routing::{self, MethodFilter, MethodRouter},
};
use contract::Class;
use http::Method;

use crate::{problem::Problem, state::AppState, upstreams::Upstreams};
use binding::Binding;
use routes::ROUTES;

/// The routes of the JSON API, and of the document that describes it.
pub(crate) fn router() -> Router<AppState> {
    let mut bindings: BTreeMap<String, Vec<&'static Binding>> = BTreeMap::new();
    for binding in &ROUTES {
        bindings.entry(binding.route()).or_default().push(binding);
    }
    let bound = bindings.into_iter().map(|(path, bindings)| (path, method_router(bindings)));
    let handlers = handlers().into_iter().map(|(path, route)| (path.to_owned(), route));
    bound.chain(handlers).fold(Router::new(), |router, (path, route)| router.route(&path, route))
}

/// The paths of streams of lines.
pub(crate) const STREAMS: [&str; 2] = ["/v1/products:stream", "/v1/products:export"];

/// The routes that are not in [`ROUTES`].
fn handlers() -> [(&'static str, MethodRouter<AppState>); 4] {
    use routing::get;
    [
        (STREAMS[0], get(ndjson::stream)),
        (STREAMS[1], get(ndjson::export)),
        ("/v1/search", get(search::search)),
        ("/openapi.json", get(openapi::document)),
    ]
}

/// The routes with their methods and classes of cost.
pub(crate) fn classes() -> impl Iterator<Item = (String, Method, Class)> {
    let of = |binding: &Binding| {
        (binding.route(), binding.method.clone(), binding.contract().declared.class)
    };
    let streams = STREAMS.map(|path| (path.to_owned(), Method::GET, Class::Bulk));
    let search = ("/v1/search".to_owned(), Method::GET, Class::Search);
    ROUTES.iter().map(of).chain(streams).chain([search])
}

/// The bindings that share a path.
fn method_router(bindings: Vec<&'static Binding>) -> MethodRouter<AppState> {
    let (custom, plain): (Vec<_>, Vec<_>) =
        bindings.into_iter().partition(|binding| binding.custom_verb().is_some());
    let mut router = MethodRouter::new();
    for binding in &plain {
        let binding: &'static Binding = binding;
        let handler = move |upstreams: Upstreams, id: Option<Path<String>>, request: Request| {
            let binding = creation(binding, &request).unwrap_or(binding);
            (binding.handler)(binding, upstreams, id.map(|Path(id)| id), request)
        };
        let filter = MethodFilter::try_from(binding.method.clone());
        router = router.on(filter.expect("standard methods have filters"), handler);
    }
    if custom.is_empty() {
        return router;
    }
    let mut allow: Vec<_> = plain.iter().map(|binding| binding.method.as_str()).collect();
    if allow.contains(&Method::GET.as_str()) {
        allow.push(Method::HEAD.as_str());
    }
    let allow = allow.join(", ");
    router.post(async move |upstreams: Upstreams, Path(segment): Path<String>, request: Request| {
        custom_method(&custom, &allow, upstreams, &segment, request).await
    })
}

/// The binding that creates the resource of a PUT with `If-None-Match: *`, which must not exist yet (RFC
/// 9110, section 13.1.2); `None` for any other request.
fn creation(put: &Binding, request: &Request) -> Option<&'static Binding> {
    let is_replacement = put.method == Method::PUT && put.rpc.ends_with("/UpdateProduct");
    if !is_replacement || !etag::must_create(request.headers()) {
        return None;
    }
    ROUTES.iter().find(|binding| binding.rpc.ends_with("/CreateProduct"))
}

/// `POST /v1/products/{id}:verb`: the router cannot split a path segment into an id and a verb.
async fn custom_method(
    bindings: &[&'static Binding],
    allow: &str,
    upstreams: Upstreams,
    segment: &str,
    request: Request,
) -> Result<Response, Problem> {
    match segment.rsplit_once(':') {
        Some((id, verb)) => {
            let mut bindings = bindings.iter();
            match bindings.find(|binding| binding.custom_verb() == Some(verb)) {
                Some(binding) => {
                    (binding.handler)(binding, upstreams, Some(id.to_owned()), request).await
                }
                None => Err(Problem::no_such_route(request.uri().path())),
            }
        }
        None if allow.is_empty() => Err(Problem::no_such_route(request.uri().path())),
        None => Err(Problem::method_not_allowed(allow)),
    }
}

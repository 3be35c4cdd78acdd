//! The JSON API: the contract's methods over HTTP, by the proto3 JSON mapping.
//!
//! A method is served as its `google.api.http` annotation says, without code for any: [`routes`] has the bindings,
//! with the few that are not annotated, and `transcode` serves them. Search and the export have handlers of their
//! own; `crate::events` has the event streams.
//!
//! A request message is built (`message`) from the path, the query (`params`), the body (`body`, `mask`) and the
//! headers `If-Match` (`etag`) and `Idempotency-Key` (`idempotency`), by the fields that the message has, and encoded
//! by their descriptors (`encode`). A response is written from its encoded bytes (`response`), a
//! stream as lines or events (`stream`, `ndjson`). A method whose requests stream is called by WebSocket (`websocket`).

mod binding;
mod body;
mod content_encoding;
mod content_type;
mod encode;
mod etag;
mod idempotency;
mod mask;
mod message;
mod ndjson;
mod openapi;
mod params;
mod path;
mod response;
mod routes;
mod scalar;
mod search;
mod stream;
mod time;
mod transcode;
mod unique_object;
mod websocket;

pub(crate) use body::{parse as parse_object, read as read_object};
pub(crate) use content_encoding::Coding;
pub(crate) use content_type::is_utf8;
pub(crate) use encode::message as encode_message;
pub(crate) use idempotency::key as idempotency_key;
pub(crate) use message::query_request;
pub(crate) use params::Params;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    extract::{RawPathParams, Request},
    routing::{self, MethodFilter, MethodRouter},
};
use contract::Class;
use http::Method;

use crate::{
    contract::{Contract, Kind},
    problem::Problem,
    state::AppState,
    upstreams::Upstreams,
};
use binding::Binding;
use path::PathValues;
use transcode::transcode;

/// The path of the export, whose response is a stream of lines.
const EXPORT: &str = "/v1/products:export";

/// The JSON API of a contract.
pub(crate) struct Api(Vec<Arc<Binding>>);

impl Api {
    pub(crate) fn of(contract: &'static Contract) -> Self {
        Self(routes::bindings(contract))
    }

    /// The routes, and that of the document that describes them.
    pub(crate) fn router(&self) -> Router<AppState> {
        let mut paths: BTreeMap<&str, Vec<Arc<Binding>>> = BTreeMap::new();
        for binding in &self.0 {
            paths.entry(&binding.route).or_default().push(Arc::clone(binding));
        }
        let bound = paths.into_iter().map(|(path, bindings)| (path, method_router(bindings)));
        let routes = bound.chain(handlers());
        routes.fold(Router::new(), |router, (path, route)| router.route(path, route))
    }

    /// The paths whose responses are streams.
    pub(crate) fn streams(&self) -> impl Iterator<Item = &'static str> {
        let streams = self.0.iter().filter(|binding| binding.rpc.kind == Kind::Streaming);
        streams.map(|binding| binding.rule.template.as_str()).chain([EXPORT])
    }

    /// The routes with their methods and classes of cost. Verbs share a route, and the class of its first.
    pub(crate) fn classes(&self) -> impl Iterator<Item = (String, Method, Class)> {
        let class = |binding: &Arc<Binding>| {
            (binding.route.clone(), binding.method.clone(), binding.rpc.declared.class)
        };
        let of_kind =
            move |kind| self.0.iter().filter(move |binding| binding.rpc.kind == kind).map(class);
        let handlers = [(EXPORT, Class::Bulk), ("/v1/search", Class::Search)];
        let handlers = handlers.map(|(path, class)| (path.to_owned(), Method::GET, class));
        of_kind(Kind::Unary).chain(of_kind(Kind::Streaming)).chain(handlers)
    }
}

/// The routes with handlers of their own.
fn handlers() -> [(&'static str, MethodRouter<AppState>); 3] {
    use routing::get;
    [
        (EXPORT, get(ndjson::export)),
        ("/v1/search", get(search::search)),
        ("/openapi.json", get(openapi::document)),
    ]
}

/// The bindings that share a path, by their HTTP methods.
fn method_router(bindings: Vec<Arc<Binding>>) -> MethodRouter<AppState> {
    let plain = bindings.iter().filter(|binding| binding.rule.verb().is_none());
    let mut allow: Vec<_> = plain.map(|binding| binding.rule.method).collect();
    if allow.contains(&Method::GET.as_str()) {
        allow.push(Method::HEAD.as_str());
    }
    let allow: Arc<str> = allow.join(", ").into();
    let mut methods: BTreeMap<&str, Vec<Arc<Binding>>> = BTreeMap::new();
    for binding in bindings {
        methods.entry(binding.rule.method).or_default().push(binding);
    }
    methods.into_values().fold(MethodRouter::new(), |router, bindings| {
        let filter = MethodFilter::try_from(bindings[0].method.clone());
        let filter = filter.expect("standard methods have filters");
        let allow = Arc::clone(&allow);
        let bindings: Arc<[Arc<Binding>]> = bindings.into();
        router.on(
            filter,
            async move |upstreams: Upstreams, path: RawPathParams, request: Request| {
                let path = PathValues::of(&path);
                let (binding, path) = choose(&bindings, &allow, path, &request)?;
                if binding.rpc.declared.streams_in() {
                    return websocket::respond(binding, upstreams, request).await;
                }
                transcode(binding, upstreams, &path, request).await
            },
        )
    })
}

/// The binding of a request among those of its path and method, and the values in its path: the router cannot split a
/// segment into an id and a verb, as in `/v1/products/{id}:verb`.
fn choose<'a>(
    bindings: &'a [Arc<Binding>],
    allow: &str,
    path: PathValues<'a>,
    request: &Request,
) -> Result<(&'a Binding, PathValues<'a>), Problem> {
    if let [binding] = bindings
        && binding.rule.verb().is_none()
    {
        return Ok((binding.of_request(request), path));
    }
    let (id, verb) = path.split_verb().unzip();
    let custom = bindings.iter().find(|binding| verb.is_some() && binding.rule.verb() == verb);
    if let (Some(binding), Some(path)) = (custom, id) {
        return Ok((binding, path));
    }
    match bindings.iter().find(|binding| binding.rule.verb().is_none()) {
        Some(plain) => Ok((plain.of_request(request), path)),
        None if verb.is_some() || allow.is_empty() => {
            Err(Problem::no_such_route(request.uri().path()))
        }
        None => Err(Problem::method_not_allowed(allow)),
    }
}

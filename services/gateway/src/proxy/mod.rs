//! gRPC, forwarded as raw bytes: nothing is decoded, nothing is held back.
//!
//! Only the methods of the contract are forwarded; anything else is UNIMPLEMENTED without asking
//! anyone. A stream keeps its back-pressure, half-close and cancellation, for its bodies are handed
//! on frame by frame, and dropping one side drops the other.

mod ending;
mod unary;

pub(crate) use unary::Forwarder;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::Response,
    routing::post,
};
use http::{HeaderMap, HeaderName, HeaderValue, Version, header, uri::PathAndQuery};
use upstream::Upstream;

use crate::{
    contract::{self, Kind},
    upstreams::Upstreams,
};

/// A caller of a unary method may ask for more time than it is given by default, up to this.
const MAX_UNARY_TIME: Duration = Duration::from_secs(60);

/// What belongs to one connection and must not reach the next (RFC 9110, section 7.6.1), and what
/// the next one says itself.
const HOP_BY_HOP: [HeaderName; 9] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::PROXY_AUTHORIZATION,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::HOST,
    header::CONTENT_LENGTH,
    header::EXPECT,
];

/// A route for every method of the contract.
pub(crate) fn router(upstreams: &Upstreams) -> Router {
    contract::methods().iter().fold(Router::new(), |router, method| {
        let route = Route::of(method, upstreams);
        router.route(method.path, post(forward).with_state(Arc::new(route)))
    })
}

/// Where calls of one method go.
struct Route {
    path: PathAndQuery,
    /// Of a call that does not say how long it may take.
    by_default: Upstream,
    /// Of a call that says so itself.
    at_most: Upstream,
    service: &'static str,
}

impl Route {
    fn of(method: &'static contract::Method, upstreams: &Upstreams) -> Self {
        let (upstream, service) = match method.is_answered_by_search() {
            true => (upstreams.raw_search(), "search"),
            false => (upstreams.raw_catalogue(), "catalogue"),
        };
        Self {
            path: PathAndQuery::from_static(method.path),
            by_default: match method.kind {
                Kind::Unary => upstream.deadline(upstreams.timeout()),
                // A stream may last; its headers may not: the upstream sees to that.
                Kind::Streaming => upstream.clone(),
            },
            at_most: match method.kind {
                Kind::Unary => upstream.deadline(MAX_UNARY_TIME),
                Kind::Streaming => upstream.clone(),
            },
            service,
        }
    }

    fn upstream(&self, headers: &HeaderMap) -> &Upstream {
        if headers.contains_key("grpc-timeout") { &self.at_most } else { &self.by_default }
    }
}

async fn forward(State(route): State<Arc<Route>>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    strip(&mut parts.headers);
    parts.headers.insert(header::TE, HeaderValue::from_static("trailers"));
    parts.version = Version::HTTP_2;
    let (body, fault) = ending::watch(body);
    let upstream = route.upstream(&parts.headers);
    let request = http::Request::from_parts(parts, tonic::body::Body::new(body));
    match upstream.send(request).await {
        Ok(response) => {
            let (mut parts, body) = response.into_parts();
            strip(&mut parts.headers);
            // What has arrived whole cannot break off any more.
            let body = match body.is_ongoing() {
                true => Body::new(ending::Ending::new(body, fault, route.service)),
                false => Body::new(body),
            };
            Response::from_parts(parts, body)
        }
        Err(status) => server::grpc::answer(fault.take().unwrap_or(status)),
    }
}

/// Removes what belongs to one connection; mostly there is nothing of it.
fn strip(headers: &mut HeaderMap) {
    if !headers.keys().any(|name| HOP_BY_HOP.contains(name)) {
        return;
    }
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
}

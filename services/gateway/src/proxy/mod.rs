//! Forwards gRPC calls to the upstreams as raw bytes, without decoding or buffering.
//!
//! Only methods of the contract are forwarded; any other is UNIMPLEMENTED. A stream keeps its
//! back-pressure, half-close and cancellation: bodies are forwarded frame by frame, and dropping one
//! side drops the other.

mod bodies;
mod unary;

pub(crate) use unary::UnaryForwarder;

use std::{net::IpAddr, sync::Arc, time::Duration};

use access::{Access, Caller, Origin};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::Response,
    routing::post,
};
use http::{HeaderMap, HeaderName, HeaderValue, Version, header, uri::PathAndQuery};
use telemetry::FailureCause;
use upstream::Upstream;

use crate::{
    contract::{self, Kind},
    ops::{Head, Name, Outcome, Requests},
    request_id::RequestId,
    upstreams::Upstreams,
};
use bodies::{ForwardedBody, RequestBody};

/// The longest timeout that a client may request for a unary call.
const MAX_UNARY_TIMEOUT: Duration = Duration::from_secs(60);

/// Headers of one connection, which must not be forwarded (RFC 9110, section 7.6.1), and headers that
/// the next connection sets itself; and cookies, which are for the pages of this gateway.
const HOP_BY_HOP: [HeaderName; 10] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::PROXY_AUTHORIZATION,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::HOST,
    header::CONTENT_LENGTH,
    header::EXPECT,
    header::COOKIE,
];

/// A route for every method of the contract.
pub(crate) fn router(upstreams: &Upstreams, requests: &Requests) -> Router {
    upstreams.contract().methods().iter().fold(Router::new(), |router, method| {
        let route = Route::of(method, upstreams, requests);
        router.route(method.path, post(forward).with_state(Arc::new(route)))
    })
}

/// The upstream of one method.
struct Route {
    /// `/package.Service/Method`.
    name: &'static str,
    path: PathAndQuery,
    /// For calls without a timeout.
    default_timeout: Upstream,
    /// For calls with a timeout, which is capped.
    capped_timeout: Upstream,
    service: &'static str,
    /// Whether the upstream audits calls, and needs the client's address.
    is_audited: bool,
    access: Access,
    requests: Requests,
}

impl Route {
    fn of(method: &'static contract::Method, upstreams: &Upstreams, requests: &Requests) -> Self {
        let (upstream, service) = if method.is_answered_by_search() {
            (upstreams.raw_search(), "search")
        } else {
            (upstreams.raw_catalogue(), "catalogue")
        };
        // A stream has no deadline; the upstream limits the wait for its headers.
        let (default_timeout, capped_timeout) = match method.kind {
            Kind::Unary => {
                (upstream.deadline(upstreams.timeout()), upstream.deadline(MAX_UNARY_TIMEOUT))
            }
            Kind::Streaming => (upstream.clone(), upstream.clone()),
        };
        let path = PathAndQuery::from_static(method.path);
        let access = upstreams.access().clone();
        let is_audited = method.declared.is_audited();
        Self {
            name: method.path,
            path,
            default_timeout,
            capped_timeout,
            service,
            is_audited,
            access,
            requests: requests.clone(),
        }
    }

    /// Prepares headers for the upstream. `peer` is the address of the client's connection.
    fn pass_on(&self, caller: &Caller, peer: Option<IpAddr>, headers: &mut HeaderMap) {
        strip(headers);
        headers.insert(header::TE, HeaderValue::from_static("trailers"));
        self.access.pass_on(caller, headers);
        if let Some(peer) = peer.filter(|_| self.is_audited) {
            let client = self.access.proxies().client(peer, headers);
            self.access.name_client(client, headers);
        }
    }

    fn upstream(&self, headers: &HeaderMap) -> &Upstream {
        let has_timeout = headers.contains_key("grpc-timeout");
        if has_timeout { &self.capped_timeout } else { &self.default_timeout }
    }
}

async fn forward(State(route): State<Arc<Route>>, request: Request) -> Response {
    let id = request.extensions().get::<RequestId>().cloned();
    let id = id.unwrap_or_else(|| RequestId::of(request.headers()));
    let head = Head { name: Name::Grpc(route.name), id };
    route.requests.observe(head, send(&route, request), outcome).await
}

/// How a response begins: of a stream only its headers are known.
fn outcome(response: &Response) -> Outcome {
    let status = tonic::Status::from_header_map(response.headers());
    Outcome::Grpc(status.map_or(tonic::Code::Ok, |status| status.code()))
}

async fn send(route: &Route, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let caller = parts.extensions.get().unwrap_or(&Caller::ANONYMOUS);
    let peer = parts.extensions.get().map(Origin::peer);
    route.pass_on(caller, peer, &mut parts.headers);
    parts.version = Version::HTTP_2;
    let (body, fault) = RequestBody::new(body);
    let upstream = route.upstream(&parts.headers);
    let request = http::Request::from_parts(parts, tonic::body::Body::new(body));
    match upstream.send(request).await {
        Ok(response) => {
            let (mut parts, body) = response.into_parts();
            strip(&mut parts.headers);
            // A body that has arrived completely cannot break off.
            if !body.is_ongoing() {
                return Response::from_parts(parts, Body::new(body));
            }
            let cause = FailureCause::default();
            parts.extensions.insert(cause.clone());
            let body = ForwardedBody::new(body, fault, route.service, cause);
            Response::from_parts(parts, Body::new(body))
        }
        Err(status) => server::grpc::answer(fault.take().unwrap_or(status)),
    }
}

/// Removes hop-by-hop headers, also the ones that `Connection` lists.
fn strip(headers: &mut HeaderMap) {
    // Most requests have none.
    if !headers.keys().any(|name| HOP_BY_HOP.contains(name)) {
        return;
    }
    let listed: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in listed {
        headers.remove(name);
    }
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
}

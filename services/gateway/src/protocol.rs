//! The outermost service: gives each request an id, refuses it if another site made it, and routes it by
//! its protocol.

use std::{
    convert::Infallible,
    task::{Context, Poll},
};

use access::{Access, Origin};
use audit::Trail;
use axum::{Router, body::Body, extract::Request, response::Response};
use futures::future::BoxFuture;
use http::{StatusCode, header};
use tonic_web::{GrpcWebLayer, GrpcWebService};
use tower::{Layer as _, Service, ServiceExt as _};

use crate::{
    access_log::Entry,
    client_address::ClientAddress,
    config::Config,
    connect::{self, Connect},
    contract::Contract,
    problem::Problem,
    request_id::RequestId,
    same_site::SameSite,
    web_layer::Refused,
};

/// Routes gRPC and gRPC-web by their content type, Connect by its paths, and web requests.
#[derive(Clone)]
pub(crate) struct ProtocolRouter {
    contract: &'static Contract,
    same_site: SameSite,
    access: Access,
    trail: Trail,
    logs_access: bool,
    grpc: Router,
    grpc_web: GrpcWebService<Router>,
    connect: Connect,
    web: Router,
}

impl ProtocolRouter {
    pub(crate) fn new(
        config: &Config,
        contract: &'static Contract,
        access: Access,
        same_site: SameSite,
        trail: Trail,
        grpc: Router,
        web: Router,
    ) -> Self {
        Self {
            contract,
            same_site,
            access,
            trail,
            logs_access: config.access_log,
            grpc_web: GrpcWebLayer::new().layer(grpc.clone()),
            connect: connect::service(contract, grpc.clone()),
            grpc,
            web,
        }
    }
}

impl ProtocolRouter {
    /// Audits a request that is forbidden to all callers.
    fn audit(&self, request: &Request, problem: &Problem) {
        if problem.status == StatusCode::FORBIDDEN
            && let Some(origin) = request.extensions().get::<Origin>()
        {
            self.trail.forbidden(request.headers(), origin, &problem.reason);
        }
    }
}

impl Service<Request> for ProtocolRouter {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    // All three are always ready.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let id = RequestId::of(request.headers());
        request.headers_mut().insert(RequestId::HEADER, id.header());
        request.extensions_mut().insert(id.clone());
        if let Some(origin) = request.extensions().get::<Origin>() {
            let client = self.access.proxies().client(origin.peer(), request.headers());
            request.extensions_mut().insert(ClientAddress(client));
        }
        let entry = self.logs_access.then(|| Entry::begin(self.contract, &request, &id));
        let checked = self.same_site.check(&request);
        let destination = match protocol(&request) {
            Protocol::Connect if let Err(problem) = checked => {
                self.audit(&request, &problem);
                Destination::Ready(connect::forbidden(request.headers(), &problem))
            }
            // The web layer renders the problem.
            _ if let Err(problem) = checked => {
                self.audit(&request, &problem);
                request.extensions_mut().insert(Refused(problem));
                Destination::Router(self.web.clone())
            }
            Protocol::Grpc => Destination::Router(self.grpc.clone()),
            Protocol::GrpcWeb => Destination::GrpcWeb(self.grpc_web.clone()),
            Protocol::Connect => Destination::Connect(Box::new(self.connect.clone())),
            Protocol::Web => Destination::Router(self.web.clone()),
        };
        Box::pin(async move {
            let mut response = match destination {
                Destination::Router(router) => router.oneshot(request).await?,
                Destination::GrpcWeb(service) => service.oneshot(request).await?.map(Body::new),
                Destination::Connect(service) => service.oneshot(request).await?.map(Body::new),
                Destination::Ready(response) => response,
            };
            response.headers_mut().insert(RequestId::HEADER, id.header());
            Ok(match entry {
                Some(entry) => entry.follow(response),
                None => response,
            })
        })
    }
}

/// The clone of a service that handles one request, or the response.
enum Destination {
    Router(Router),
    GrpcWeb(GrpcWebService<Router>),
    Connect(Box<Connect>),
    Ready(Response),
}

enum Protocol {
    Grpc,
    GrpcWeb,
    Connect,
    Web,
}

fn protocol(request: &Request) -> Protocol {
    let kind = request.headers().get(header::CONTENT_TYPE).map(|kind| kind.as_bytes());
    match kind {
        Some(kind) if kind.starts_with(b"application/grpc-web") => Protocol::GrpcWeb,
        Some(kind) if kind.starts_with(b"application/grpc") => Protocol::Grpc,
        _ if connect::is_call(request) => Protocol::Connect,
        _ => Protocol::Web,
    }
}

//! An HTTP/1 connection, driven by hyper.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{Arc, atomic::Ordering::Relaxed},
};

use axum::body::Body;
use http::{
    HeaderMap, HeaderValue, StatusCode, Version,
    header::{CONNECTION, UPGRADE},
};
use hyper::{
    Request, Response,
    body::{Body as _, Incoming},
};
use tokio_util::task::TaskTracker;

use super::{
    receive::{self, BodyLimit, BodyRead},
    request_watch::RequestClock,
    service::{ConnectionService, RoutedResponse},
    slot_body::SlotBody,
    upgrade::Upgrade,
};
use crate::{bodies::BodyBuffer, host::host, overload::Refusal};

/// Serves the requests of a connection.
pub(super) struct Http1Service {
    service: Arc<ConnectionService>,
    clock: Arc<RequestClock>,
    /// Upgrades of the connection.
    upgrades: TaskTracker,
}

impl Http1Service {
    pub(super) fn new(
        service: ConnectionService,
        clock: Arc<RequestClock>,
        upgrades: TaskTracker,
    ) -> Self {
        Self { service: Arc::new(service), clock, upgrades }
    }
}

impl hyper::service::Service<Request<Incoming>> for Http1Service {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        let (service, clock) = (Arc::clone(&self.service), Arc::clone(&self.clock));
        clock.in_body.store(!request.body().is_end_stream(), Relaxed);
        clock.requests.fetch_add(1, Relaxed);
        let upgrade = request.headers().contains_key(UPGRADE).then(|| {
            let upgrade = Upgrade::of(&self.upgrades, service.lifetime.closing.clone());
            request.extensions_mut().insert(upgrade.clone());
            upgrade
        });
        Box::pin(async move { Ok(service.respond(request, upgrade, &clock).await) })
    }
}

impl ConnectionService {
    async fn respond(
        &self,
        request: Request<Incoming>,
        upgrade: Option<Upgrade>,
        clock: &RequestClock,
    ) -> Response<Body> {
        let gate = &self.context.gate;
        if clock.has_bare_lf.load(Relaxed) {
            // Where the next request begins is doubtful.
            let mut refused = gate.refuse(Refusal::LineEnd, &request);
            refused.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            return refused;
        }
        if !has_host(&request) {
            return gate.refuse(Refusal::Host, &request);
        }
        let method = gate.method(request.uri().path());
        let (mut request, body) = take_body(request);
        if method.takes_one(request.method()) && !body.is_end_stream() {
            match self.receive(request.headers(), body).await {
                BodyRead::Whole(whole) | BodyRead::MessageTooLarge(whole) => {
                    clock.in_body.store(false, Relaxed);
                    *request.body_mut() = Body::from(whole);
                }
                BodyRead::Refused(refusal) => return gate.refuse(refusal, &request),
                BodyRead::Gone => {
                    self.record_hang_up(&method, &mut request);
                    return gate.refuse(Refusal::BodyIncomplete, &request);
                }
            }
        } else {
            *request.body_mut() = Body::new(body);
        }
        let pass = match gate.enter(&method, &request, &self.peer.usage) {
            Ok(pass) => pass,
            Err(refusal) => return gate.refuse(refusal, &request),
        };
        let RoutedResponse { response, slot } = self.route(request, pass).await;
        let is_upgraded = response.status() == StatusCode::SWITCHING_PROTOCOLS;
        if is_upgraded {
            // No further head comes.
            clock.in_body.store(true, Relaxed);
        }
        match slot {
            None => response,
            Some(slot) if is_upgraded && let Some(upgrade) = &upgrade => {
                upgrade.hold(slot);
                response
            }
            Some(slot) => response.map(|body| Body::new(SlotBody::new(body, slot))),
        }
    }

    async fn receive(&self, headers: &HeaderMap, mut body: Incoming) -> BodyRead {
        let max_message = self.context.messages.max_message;
        match BodyLimit::of(headers, max_message) {
            Err(refusal) => BodyRead::Refused(refusal),
            Ok(limit) => {
                let buffer = BodyBuffer::default();
                receive::wait(&mut body, buffer, limit, &self.bodies, None).await
            }
        }
    }
}

fn take_body(request: Request<Incoming>) -> (Request<Body>, Incoming) {
    let (head, body) = request.into_parts();
    (Request::from_parts(head, Body::empty()), body)
}

/// Whether a request names one host, as HTTP/1.1 demands (RFC 9112, section 3.2).
fn has_host<B>(request: &Request<B>) -> bool {
    let may_lack = request.version() < Version::HTTP_11;
    host(request.headers()).is_ok_and(|host| host.is_some() || may_lack)
}

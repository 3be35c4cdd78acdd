//! The layer around every call of the general stack: deadline, message checks, response body.

use std::{borrow::Cow, net::Ipv4Addr, time::Duration};

use access::{Access, Admitted, Caller, Origin, Standing};
use audit::Trail;
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use futures::future::BoxFuture;
use http::{HeaderMap, HeaderValue};
use rpc::{
    deadline::{DeadlineBody, exceeded, timeout_of, within},
    status::{METHOD_UNKNOWN, error},
};
use telemetry::Direction;
use tokio::time::{Instant, timeout_at};
use tonic::{Code, Status};

use super::{audited::Audited, revocable_body::RevocableBody};
use crate::{
    MessageArgs,
    lifetime::Lifetime,
    message::{CheckedBody, Framing, MessageRules, ResponseBody, WholeMessages, gzip},
    methods::{Method, Methods},
    overload::Refusal,
};

/// Calls with less time left are not started: no response can be ready in time.
const TOO_LATE: Duration = Duration::from_micros(50);

/// Maximum length of a path in an error, in characters.
const MAX_PATH: usize = 200;

/// Deadline of a call; an extension of requests with a `grpc-timeout`.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(pub Instant);

#[derive(Debug, Clone)]
pub(super) struct CallLayer {
    pub(super) messages: MessageArgs,
    /// Maximum time without a byte while a message of a stream arrives.
    pub(super) patience: Duration,
    pub(super) methods: Methods,
    pub(super) access: Access,
    pub(super) trail: Trail,
}

/// Enforces `grpc-timeout`, for streams until their end, and the limits on messages in both directions, which it
/// decompresses and compresses.
/// Calls made to upstreams on its behalf inherit the deadline.
pub(super) async fn handle(
    State(call_layer): State<CallLayer>,
    mut request: Request,
    next: Next,
) -> Response {
    let takes_gzip = gzip::take_accepted(request.headers_mut());
    let is_gzip = match gzip::take_encoding(request.headers_mut()) {
        Ok(is_gzip) => is_gzip,
        Err(status) => return super::answer(status),
    };
    let method = call_layer.methods.find(request.uri().path());
    let Ok(timeout) = timeout_of(request.headers()) else {
        return super::answer(Refusal::Timeout.status());
    };
    if timeout.is_some_and(|timeout| timeout < TOO_LATE) {
        return super::answer(exceeded());
    }
    let origin = call_layer.origin(&request);
    let admitted = call_layer.access.admit(method.contract, request.headers(), &origin);
    let Admitted { caller, standing } = match admitted {
        Ok(admitted) => admitted,
        Err(refusal) => {
            let name = method.contract.name();
            call_layer.trail.refused(name, request.headers(), &origin, refusal);
            return super::answer(refusal.status());
        }
    };
    let audited =
        Audited::begin(&call_layer.trail, method.contract, &caller, &origin, &mut request);
    let deadline = timeout.map(|timeout| Instant::now() + timeout);
    let lifetime = request.extensions().get::<Lifetime>().cloned();
    let path = match method.number {
        0 => Cow::Owned(request.uri().path().to_owned()),
        _ => Cow::Borrowed(method.contract.path),
    };
    let lost_access = call_layer.on_lost_access(&method, &request, &origin, &caller);
    let mut request = call_layer.check_body(&method, request, is_gzip);
    request.extensions_mut().insert(caller);
    let response = run(next, request, deadline).await;
    audited.end(response.headers());
    if is_unknown_method(response.headers()) {
        return super::answer(unknown_method(&path));
    }
    let response = with_standing(response, standing);
    let response = match lost_access {
        Some(lost) => response.map(|body| Body::new(RevocableBody::new(body, lost))),
        None => response,
    };
    let sent = Framing::of(method.contract, Direction::Sent);
    let max = call_layer.messages.max_answer;
    let response = response.map(|body| ResponseBody::new(body, max, sent, method.kind, lifetime));
    match takes_gzip && !response.headers().contains_key("grpc-status") {
        true => compressed(response),
        false => response.map(Body::new),
    }
}

/// Makes the call, and ends it at its deadline.
async fn run(next: Next, mut request: Request, deadline: Option<Instant>) -> Response {
    let Some(deadline) = deadline else { return next.run(request).await };
    request.extensions_mut().insert(Deadline(deadline));
    match timeout_at(deadline, within(deadline, next.run(request))).await {
        Ok(response) => response.map(|body| Body::new(DeadlineBody::new(body, Some(deadline)))),
        Err(_) => super::answer(exceeded()),
    }
}

impl CallLayer {
    /// The origin that the connection has given the request.
    fn origin(&self, request: &Request) -> Origin {
        let given = request.extensions().get().cloned();
        given.unwrap_or_else(|| self.access.origin(Ipv4Addr::UNSPECIFIED.into(), []))
    }

    /// Why and when a stream of the caller must end; `None` for a method that does not stream.
    fn on_lost_access(
        &self,
        method: &Method,
        request: &Request,
        origin: &Origin,
        caller: &Caller,
    ) -> Option<BoxFuture<'static, Status>> {
        if !method.contract.shape.streams() || method.contract.scope.is_none() {
            return None;
        }
        let credential = access::credential_of(request.headers());
        let ended = self.access.clone().ended(credential, origin.clone(), caller.clone());
        Some(Box::pin(async move { ended.await.status() }))
    }

    /// The request, with a body that fails when it breaks the rules of its method.
    fn check_body(&self, method: &Method, request: Request, is_gzip: bool) -> Request {
        let expected = MessageRules {
            max: self.messages.max_message,
            one: method.takes_one(request.method()),
            compressed: is_gzip,
            patience: self.patience,
        };
        let received = Framing::of(method.contract, Direction::Received);
        request.map(|body| {
            let body = CheckedBody::new(body, expected, received);
            match is_gzip {
                true => Body::new(WholeMessages::decompressed(body, expected.max)),
                false => Body::new(body),
            }
        })
    }
}

/// The response, with the rest of the caller's limit in its headers if it is low.
fn with_standing(mut response: Response, standing: Option<Standing>) -> Response {
    if let Some(standing) = standing.filter(Standing::is_low) {
        standing.add_to(response.headers_mut());
    }
    response
}

/// A response with its large messages compressed.
fn compressed(mut response: http::Response<ResponseBody<Body>>) -> Response {
    gzip::announce(response.headers_mut());
    response.map(|body| Body::new(WholeMessages::compressed(body)))
}

/// Whether a response is tonic's to a method that it does not know: UNIMPLEMENTED, without a word.
fn is_unknown_method(headers: &HeaderMap) -> bool {
    headers.get("grpc-status").is_some_and(|code| code == "12")
        && headers.get("grpc-message").is_none_or(HeaderValue::is_empty)
}

fn unknown_method(path: &str) -> Status {
    let shown: String = path.chars().take(MAX_PATH).collect();
    let message = format!("this server has no method {shown}; compare it with the contract");
    error(Code::Unimplemented, METHOD_UNKNOWN, message)
}

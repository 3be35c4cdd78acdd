//! The layer around every call of the general stack: deadline, message checks, response body.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use rpc::deadline::{DeadlineBody, exceeded, timeout_of, within};
use telemetry::Direction;
use tokio::time::{Instant, timeout_at};

use crate::{
    MessageArgs,
    lifetime::Lifetime,
    message::{CheckedBody, Framing, MessageRules, ResponseBody},
    methods::{Method, Methods},
};

/// Calls with less time left are not started: no response can be ready in time.
const TOO_LATE: Duration = Duration::from_micros(50);

/// Deadline of a call; an extension of requests with a `grpc-timeout`.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(pub Instant);

#[derive(Debug, Clone)]
pub(super) struct CallLayer {
    pub(super) messages: MessageArgs,
    pub(super) methods: Methods,
}

/// Enforces `grpc-timeout`, for streams until their end, and the limits on messages in both directions.
/// Calls made to upstreams on its behalf inherit the deadline.
pub(super) async fn handle(
    State(call_layer): State<CallLayer>,
    request: Request,
    next: Next,
) -> Response {
    let Method { kind, contract: method, .. } = call_layer.methods.find(request.uri().path());
    let timeout = timeout_of(request.headers());
    let lifetime = request.extensions().get::<Lifetime>().cloned();
    let expected = MessageRules {
        max: call_layer.messages.max_message,
        one: kind.takes_one(),
        compressed: request.headers().contains_key("grpc-encoding"),
    };
    let received = Framing::of(method, Direction::Received);
    let mut request = request.map(|body| Body::new(CheckedBody::new(body, expected, received)));
    let sent = move || Framing::of(method, Direction::Sent);
    let max = call_layer.messages.max_answer;
    let Some(timeout) = timeout else {
        let response = next.run(request).await;
        return response
            .map(|body| Body::new(ResponseBody::new(body, max, sent(), kind, lifetime)));
    };
    let deadline = Instant::now() + timeout;
    if timeout < TOO_LATE {
        return super::answer(exceeded());
    }
    request.extensions_mut().insert(Deadline(deadline));
    match timeout_at(deadline, within(deadline, next.run(request))).await {
        Ok(response) => response.map(|body| {
            let body = DeadlineBody::new(body, Some(deadline));
            Body::new(ResponseBody::new(body, max, sent(), kind, lifetime))
        }),
        Err(_) => super::answer(exceeded()),
    }
}

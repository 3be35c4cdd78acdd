//! What is around every call: its time, what it may bring, what becomes of its answer.

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

use super::{
    answer::Answer,
    framing::Framing,
    limit::{Checked, Expected},
    methods::{Method, Methods},
};
use crate::{Lifetime, MessageArgs};

/// Nobody can answer so soon.
const TOO_LATE: Duration = Duration::from_micros(50);

/// When a call must have been answered; among the extensions of a request whose caller has said so.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(pub Instant);

#[derive(Debug, Clone)]
pub(super) struct Guard {
    pub(super) messages: MessageArgs,
    pub(super) methods: Methods,
}

/// Ends a call when the time its `grpc-timeout` gave is over, streams included, and sees to what
/// comes in and goes out. Does not begin one that comes too late, and hands the deadline on to the
/// calls that are made for it.
pub(super) async fn around(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let Method { kind, contract: method, .. } = guard.methods.find(request.uri().path());
    let timeout = timeout_of(request.headers());
    let lifetime = request.extensions().get::<Lifetime>().cloned();
    let expected = Expected {
        max: guard.messages.max_message,
        one: kind.takes_one(),
        compressed: request.headers().contains_key("grpc-encoding"),
    };
    let received = Framing::of(method, Direction::Received);
    let mut request = request.map(|body| Body::new(Checked::new(body, expected, received)));
    let sent = move || Framing::of(method, Direction::Sent);
    let max = guard.messages.max_answer;
    let Some(timeout) = timeout else {
        let response = next.run(request).await;
        return response.map(|body| Body::new(Answer::new(body, max, sent(), kind, lifetime)));
    };
    let deadline = Instant::now() + timeout;
    // A timer fires after what it watches has begun.
    if timeout < TOO_LATE {
        return super::answer(exceeded());
    }
    request.extensions_mut().insert(Deadline(deadline));
    match timeout_at(deadline, within(deadline, next.run(request))).await {
        Ok(response) => response.map(|body| {
            let body = DeadlineBody::new(body, Some(deadline));
            Body::new(Answer::new(body, max, sent(), kind, lifetime))
        }),
        Err(_) => super::answer(exceeded()),
    }
}

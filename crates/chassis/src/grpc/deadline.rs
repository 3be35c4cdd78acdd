//! Nothing goes on for a caller who has stopped waiting.

use std::time::Duration;

use axum::{extract::Request, middleware::Next, response::Response};
use tokio::time::{Instant, timeout_at};

use crate::deadline::{DeadlineBody, exceeded, timeout_of, within};

/// Nobody can answer so soon.
const TOO_LATE: Duration = Duration::from_micros(50);

/// When a call must have been answered; among the extensions of a request whose caller has said so.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(pub Instant);

/// Ends a call when the time its `grpc-timeout` gave is over, streams included. Does not begin one
/// that comes too late, and hands the deadline on to the calls that are made for it.
pub(super) async fn keep(mut request: Request, next: Next) -> Response {
    let Some(timeout) = timeout_of(request.headers()) else {
        return next.run(request).await;
    };
    let deadline = Instant::now() + timeout;
    // A timer fires after what it watches has begun.
    if timeout < TOO_LATE {
        return super::answer(exceeded());
    }
    request.extensions_mut().insert(Deadline(deadline));
    match timeout_at(deadline, within(deadline, next.run(request))).await {
        Ok(response) => {
            response.map(|body| axum::body::Body::new(DeadlineBody::new(body, Some(deadline))))
        }
        Err(_) => super::answer(exceeded()),
    }
}

//! Nothing goes on for a caller who has stopped waiting.

use axum::{extract::Request, middleware::Next, response::Response};
use tokio::time::{Instant, timeout_at};

use crate::deadline::{DeadlineBody, exceeded, timeout_of};

/// When a call must have been answered; among the extensions of a request whose caller has said so.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(pub Instant);

/// Ends a call when the time its `grpc-timeout` gave is over, streams included.
pub(super) async fn keep(mut request: Request, next: Next) -> Response {
    let Some(timeout) = timeout_of(request.headers()) else {
        return next.run(request).await;
    };
    let deadline = Instant::now() + timeout;
    request.extensions_mut().insert(Deadline(deadline));
    match timeout_at(deadline, next.run(request)).await {
        Ok(response) => {
            response.map(|body| axum::body::Body::new(DeadlineBody::new(body, Some(deadline))))
        }
        Err(_) => super::answer(exceeded()),
    }
}

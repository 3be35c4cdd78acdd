//! The middleware that records web requests.

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};

use super::{Head, Name, Outcome, Requests};
use crate::request_id::RequestId;

/// Routes that are not recorded: the pages that show the requests, and files.
const SILENT: [&str; 3] = ["/ops", "/assets/", "/media/"];

/// The middleware function. It is inside of telemetry, whose trace it names.
pub(crate) async fn handle(
    State(requests): State<Requests>,
    request: Request,
    next: Next,
) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let is_silent = |route: &MatchedPath| SILENT.iter().any(|it| route.as_str().starts_with(it));
    if route.as_ref().is_some_and(is_silent) {
        return next.run(request).await;
    }
    let id = request.extensions().get::<RequestId>().cloned();
    let id = id.unwrap_or_else(|| RequestId::of(request.headers()));
    let head = Head { name: Name::Web(request.method().clone(), route), id };
    let outcome = |response: &Response| Outcome::Web(response.status());
    requests.observe(head, next.run(request), outcome).await
}

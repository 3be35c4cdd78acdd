//! The middleware around all web routes: renders problems as JSON or as a page, and adds security
//! headers.

use axum::{
    body::Body,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use server::overload::{self, Refusal};
use telemetry::FailureCause;

use crate::{pages, problem::Problem, request_id::RequestId};

/// The policy of responses without one of their own, such as JSON: nothing may be loaded or run.
const STRICT_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// The middleware function.
pub(crate) async fn handle(request: Request, next: Next) -> Response {
    let summary = RequestSummary::of(&request);
    let response = next.run(request).await;
    let mut response = match problem_of(&summary, &response) {
        Some(problem) => render(&summary, response, &problem),
        None => response,
    };
    add_security_headers(response.headers_mut());
    response
}

/// The response to a request that the server refuses before it is routed, in the client's protocol.
pub(crate) fn refused(headers: &HeaderMap, refusal: Refusal) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).map(|kind| kind.as_bytes());
    if kind.is_some_and(|kind| kind.starts_with(b"application/grpc")) {
        return overload::refuse_grpc(headers, refusal);
    }
    let problem = Problem::from(refusal.status());
    let id = RequestId::of(headers);
    let mut response = problem_json(&problem, &id);
    set_problem_head(&mut response, &problem);
    response.headers_mut().insert(RequestId::HEADER, id.header());
    add_security_headers(response.headers_mut());
    response
}

/// The parts of a request that its problem needs.
struct RequestSummary {
    id: RequestId,
    path: String,
    wants_page: bool,
}

impl RequestSummary {
    fn of(request: &Request) -> Self {
        let headers = request.headers();
        let path = request.uri().path().to_owned();
        let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        let is_data = path.starts_with("/v1/") || path == "/openapi.json";
        let wants_page = !is_data && accept.is_some_and(|accept| accept.contains("text/html"));
        let id = request.extensions().get().cloned();
        let id = id.unwrap_or_else(|| RequestId::of(headers));
        Self { id, path, wants_page }
    }
}

/// The problem that a handler returned, or the one for an error response of the router or a library.
fn problem_of(request: &RequestSummary, response: &Response) -> Option<Problem> {
    if let Some(problem) = response.extensions().get::<Problem>() {
        return Some(problem.clone());
    }
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_page(response.headers()) {
        return None;
    }
    Some(match status {
        StatusCode::NOT_FOUND => Problem::no_such_route(&request.path),
        StatusCode::METHOD_NOT_ALLOWED => {
            let allow = response.headers().get(header::ALLOW).and_then(|allow| allow.to_str().ok());
            let detail = format!("this address answers {}", allow.unwrap_or("nothing"));
            Problem::new(status, "METHOD_NOT_ALLOWED", detail)
        }
        status if status.is_client_error() => {
            Problem::new(status, "BAD_REQUEST", "the request cannot be read")
        }
        _ => Problem::internal(format!("a response {status} without a problem")),
    })
}

fn is_page(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn render(request: &RequestSummary, bare: Response, problem: &Problem) -> Response {
    let page = request.wants_page.then(|| pages::problem_page(problem, &request.id)).flatten();
    let mut response = page.unwrap_or_else(|| problem_json(problem, &request.id));
    if let Some(allow) = bare.headers().get(header::ALLOW) {
        response.headers_mut().insert(header::ALLOW, allow.clone());
    }
    set_problem_head(&mut response, problem);
    if problem.status.is_server_error() {
        // Logged by the telemetry layer around this one.
        let error = problem.internal.as_deref().unwrap_or(&problem.detail);
        response.extensions_mut().insert(FailureCause::new(problem.reason.clone(), error));
    }
    response
}

fn problem_json(problem: &Problem, id: &RequestId) -> Response {
    let kind = (header::CONTENT_TYPE, "application/problem+json");
    ([kind], Body::from(problem.to_json(id))).into_response()
}

fn set_problem_head(response: &mut Response, problem: &Problem) {
    *response.status_mut() = problem.status;
    for (name, value) in &problem.headers {
        response.headers_mut().insert(name, value.clone());
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

fn add_security_headers(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(STRICT_POLICY);
    const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
    let none = HeaderValue::from_static("camera=(), geolocation=(), microphone=()");
    headers.entry(PERMISSIONS).or_insert(none);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_server_errors_are_logged_as_failures() {
        let request = Request::new(Body::empty());
        let summary = RequestSummary::of(&request);
        let is_failure = |problem: Problem| {
            let response = render(&summary, Response::default(), &problem);
            response.extensions().get::<FailureCause>().is_some()
        };
        assert!(is_failure(Problem::internal("the disk is gone")));
        assert!(!is_failure(Problem::no_such_route("/nothing")));
    }
}

//! The middleware around all web routes: renders problems as JSON or as a page, and adds security
//! headers.

use std::sync::LazyLock;

use axum::{
    body::Body,
    extract::{MatchedPath, Request},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use server::overload::{self, Refusal};
use telemetry::FailureCause;

use crate::{
    connect,
    pages::{self, Locale},
    problem::Problem,
    request_id::RequestId,
    security_headers,
};

/// The problem of a request that is refused before it is routed, as an extension of the request.
#[derive(Clone)]
pub(crate) struct Refused(pub(crate) Problem);

/// The middleware function.
pub(crate) async fn handle(mut request: Request, next: Next) -> Response {
    let summary = RequestSummary::of(&request);
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = match request.extensions_mut().remove::<Refused>() {
        Some(Refused(problem)) => problem.into_response(),
        None => next.run(request).await,
    };
    let mut response = match problem_of(&summary, &response) {
        Some(problem) => render(&summary, &problem),
        None => response,
    };
    if let Some(route) = route {
        // For the access log, which is around the routes.
        response.extensions_mut().insert(route);
    }
    security_headers::add(response.headers_mut());
    response
}

/// The middleware function that renders 405 of the router. It is around the routes, which add `Allow` last.
pub(crate) async fn render_method_not_allowed(request: Request, next: Next) -> Response {
    let summary = RequestSummary::of(&request);
    let response = next.run(request).await;
    let is_rendered = response.headers().contains_key(header::CONTENT_TYPE);
    if response.status() != StatusCode::METHOD_NOT_ALLOWED || is_rendered {
        return response;
    }
    let allow = response.headers().get(header::ALLOW).and_then(|allow| allow.to_str().ok());
    let problem = Problem::method_not_allowed(&allow.unwrap_or_default().replace(',', ", "));
    let mut response = render(&summary, &problem);
    security_headers::add(response.headers_mut());
    response
}

/// The response to a request that the server refuses before it is routed, in the client's protocol.
pub(crate) fn refused(uri: &Uri, headers: &HeaderMap, refusal: Refusal) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).map(|kind| kind.as_bytes());
    if kind.is_some_and(|kind| kind.starts_with(b"application/grpc")) {
        return overload::refuse_grpc(uri, headers, refusal);
    }
    if connect::is_procedure(uri) {
        return connect::refused(headers, refusal);
    }
    // Made once: overload means many refusals, and the details of a status take longer than all else.
    static OVERLOAD: LazyLock<Problem> = LazyLock::new(|| Refusal::Calls.status().into());
    let made;
    let problem = match refusal {
        Refusal::Calls | Refusal::Streams => &*OVERLOAD,
        refusal => {
            made = Problem::from(refusal.status());
            &made
        }
    };
    let id = RequestId::of(headers);
    let mut response = problem_json(problem, &id);
    set_problem_head(&mut response, problem);
    response.headers_mut().insert(RequestId::HEADER, id.header());
    security_headers::add(response.headers_mut());
    response
}

/// The parts of a request that its problem needs.
struct RequestSummary {
    id: RequestId,
    path: String,
    wants_page: bool,
    locale: Locale,
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
        let locale = Locale::of(request.uri(), headers);
        Self { id, path, wants_page, locale }
    }
}

/// The problem that a handler returned, or the one for an error response of the router or a library.
fn problem_of(request: &RequestSummary, response: &Response) -> Option<Problem> {
    if let Some(problem) = response.extensions().get::<Problem>() {
        return Some(problem.clone());
    }
    let status = response.status();
    if status == StatusCode::METHOD_NOT_ALLOWED {
        return None;
    }
    if !(status.is_client_error() || status.is_server_error()) || is_rendered(response.headers()) {
        return None;
    }
    Some(match status {
        StatusCode::NOT_FOUND => Problem::no_such_route(&request.path),
        status if status.is_client_error() => {
            Problem::new(status, "BAD_REQUEST", "the request cannot be read")
        }
        _ => Problem::internal(format!("a response {status} without a problem")),
    })
}

/// Whether a handler has written the error itself: a page, or the JSON of another protocol.
fn is_rendered(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_some_and(|kind| kind.starts_with(b"text/html") || kind.starts_with(b"application/json"))
}

fn render(request: &RequestSummary, problem: &Problem) -> Response {
    let page =
        request.wants_page.then(|| pages::problem_page(problem, &request.id, request.locale));
    let mut response = page.flatten().unwrap_or_else(|| problem_json(problem, &request.id));
    set_problem_head(&mut response, problem);
    if problem.status.is_server_error() {
        // Logged by the telemetry layer around this one.
        let error = problem.internal.as_ref().map_or(problem.detail.as_str(), |it| &it.0);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_server_errors_are_logged_as_failures() {
        let request = Request::new(Body::empty());
        let summary = RequestSummary::of(&request);
        let is_failure = |problem: Problem| {
            let response = render(&summary, &problem);
            response.extensions().get::<FailureCause>().is_some()
        };
        assert!(is_failure(Problem::internal("the disk is gone")));
        assert!(!is_failure(Problem::no_such_route("/nothing")));
    }
}

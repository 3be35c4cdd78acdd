//! What every web answer gets: headers that keep browsers safe, and problems in the right form.

use axum::{
    body::Body,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use server::overload;

use crate::{pages, problem::Problem, request_id::RequestId};

/// For all that does not bring a policy of its own, as pages do: nothing may be loaded or run.
const STRICT: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// The middleware around all web routes.
pub(crate) async fn finish(request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    let response = next.run(request).await;
    let mut response = match problem_of(&asked, &response) {
        Some(problem) => render(&asked, response, &problem),
        None => response,
    };
    protect(response.headers_mut());
    response
}

/// What is said to those there is no room for: whoever speaks gRPC in its words, all others a
/// problem. Nobody has looked at the request yet.
pub(crate) fn refuse(headers: &HeaderMap) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).map(|kind| kind.as_bytes());
    if kind.is_some_and(|kind| kind.starts_with(b"application/grpc")) {
        return overload::refuse_grpc(headers);
    }
    let problem = Problem::from(overload::overloaded());
    let id = RequestId::of(headers);
    let kind = (header::CONTENT_TYPE, "application/problem+json");
    let mut response = ([kind], Body::from(problem.to_json(&id))).into_response();
    *response.status_mut() = problem.status;
    for (name, value) in &problem.headers {
        response.headers_mut().insert(name, value.clone());
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(RequestId::HEADER, id.header());
    protect(response.headers_mut());
    response
}

/// What is left to know of a request once it has been handled.
struct Asked {
    id: RequestId,
    method: Method,
    path: String,
    wants_page: bool,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let headers = request.headers();
        let path = request.uri().path().to_owned();
        let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        let is_data = path.starts_with("/v1/") || path == "/openapi.json";
        let wants_page = !is_data && accept.is_some_and(|accept| accept.contains("text/html"));
        let id = request.extensions().get().cloned();
        let id = id.unwrap_or_else(|| RequestId::of(headers));
        Self { id, method: request.method().clone(), path, wants_page }
    }
}

/// The problem a handler answered with, or the one an error of the router stands for: whatever a
/// library answers by itself is put in our words here.
fn problem_of(asked: &Asked, response: &Response) -> Option<Problem> {
    if let Some(problem) = response.extensions().get::<Problem>() {
        return Some(problem.clone());
    }
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_page(response.headers()) {
        return None;
    }
    Some(match status {
        StatusCode::NOT_FOUND => Problem::no_such_route(&asked.path),
        StatusCode::METHOD_NOT_ALLOWED => {
            let allow = response.headers().get(header::ALLOW).and_then(|allow| allow.to_str().ok());
            let detail = format!("this address answers {}", allow.unwrap_or("nothing"));
            Problem::new(status, "METHOD_NOT_ALLOWED", detail)
        }
        status if status.is_client_error() => {
            Problem::new(status, "BAD_REQUEST", "the request cannot be read")
        }
        _ => Problem::internal(format!("a bare {status}")),
    })
}

fn is_page(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn render(asked: &Asked, bare: Response, problem: &Problem) -> Response {
    if problem.status.is_server_error() {
        let (id, path, reason) = (asked.id.as_str(), &asked.path, &problem.reason);
        let error = problem.internal.as_deref().unwrap_or(&problem.detail);
        tracing::warn!(request_id = id, method = %asked.method, path, %reason, error, "failed");
    }
    let page = asked.wants_page.then(|| pages::problem_page(problem, &asked.id)).flatten();
    let mut response = page.unwrap_or_else(|| {
        let kind = (header::CONTENT_TYPE, "application/problem+json");
        ([kind], Body::from(problem.to_json(&asked.id))).into_response()
    });
    *response.status_mut() = problem.status;
    if let Some(allow) = bare.headers().get(header::ALLOW) {
        response.headers_mut().insert(header::ALLOW, allow.clone());
    }
    for (name, value) in &problem.headers {
        response.headers_mut().insert(name, value.clone());
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn protect(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(STRICT);
    const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
    let none = HeaderValue::from_static("camera=(), geolocation=(), microphone=()");
    headers.entry(PERMISSIONS).or_insert(none);
}

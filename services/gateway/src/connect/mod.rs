//! The Connect protocol (connectrpc.com/docs/protocol), translated to gRPC in front of the gRPC router, so that its
//! access checks, limits, deadlines and telemetry hold: for all methods, without code for any.
//!
//! - A unary call is a POST of one message as JSON or protobuf, or a GET with the message in the query (`get`) if the
//!   contract says that the method only reads.
//! - A stream is a POST of enveloped messages, whose framing is that of gRPC.
//!
//! `call` reads which of these a request is, and turns its head into that of a gRPC call. Its messages become those of
//! gRPC (`request_body`) no sooner than the router reads them, so that a caller without access learns nothing of
//! their form. `unary_response` and `stream_response` turn the response back; `error` has the codes.

mod call;
mod content;
mod error;
mod get;
mod message;
mod procedure;
mod request_body;
mod stream_response;
mod unary_response;

use std::{
    convert::Infallible,
    task::{Context, Poll},
};

use axum::{Router, body::Body, extract::Request, response::Response};
use futures::future::BoxFuture;
use http::HeaderMap;
use server::overload::Refusal;
use tower::{Layer as _, Service, ServiceExt as _};
use tower_http::compression::{
    Compression, CompressionLayer, Predicate as _,
    predicate::{And, DefaultPredicate, NotForContentType},
};

use crate::{contract::Contract, problem::Problem, security_headers};
use call::Call;
use content::Content;

pub(crate) use procedure::is_procedure;

/// Not streams: their messages are compressed one by one.
type UnaryOnly = And<DefaultPredicate, NotForContentType>;

/// The service of Connect: translates, and compresses unary responses on request.
pub(crate) type Connect = Compression<Translator, UnaryOnly>;

/// The service of Connect in front of the gRPC router of a contract.
pub(crate) fn service(contract: &'static Contract, grpc: Router) -> Connect {
    let streams = NotForContentType::const_new(content::STREAM_PREFIX);
    CompressionLayer::new()
        .compress_when(DefaultPredicate::new().and(streams))
        .layer(Translator { contract, grpc })
}

/// Translates calls of Connect to gRPC, and their responses back.
#[derive(Clone)]
pub(crate) struct Translator {
    contract: &'static Contract,
    grpc: Router,
}

impl Service<Request> for Translator {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    // A router is always ready.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (contract, grpc) = (self.contract, self.grpc.clone());
        Box::pin(async move {
            let mut response = respond(contract, grpc, request).await;
            security_headers::add(response.headers_mut());
            Ok(response)
        })
    }
}

async fn respond(contract: &'static Contract, grpc: Router, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let (call, request) = match Call::translate(contract, head, body) {
        Ok(translated) => translated,
        Err(rejection) => return rejection.into_response(),
    };
    let Ok(response) = grpc.oneshot(request).await;
    match call.content.is_stream {
        true => stream_response::translate(&call, response),
        false => unary_response::translate(&call, response).await,
    }
}

/// The response to a request that the server refuses before it is routed.
pub(crate) fn refused(headers: &HeaderMap, refusal: Refusal) -> Response {
    let mut response = error::refused(content_of(headers), refusal);
    security_headers::add(response.headers_mut());
    response
}

/// The response to a request that the gateway refuses before it is routed, with the problem's own HTTP status.
pub(crate) fn forbidden(headers: &HeaderMap, problem: &Problem) -> Response {
    let status = error::status_of(problem);
    let mut response = error::response(content_of(headers), status);
    *response.status_mut() = problem.status;
    security_headers::add(response.headers_mut());
    response
}

/// The form of a request with these headers, which that of its response follows.
fn content_of(headers: &HeaderMap) -> Content {
    Content::of(headers).unwrap_or(Content::UNARY_JSON)
}

/// Whether a request is one of Connect, unless its content type is one of gRPC.
pub(crate) fn is_call(request: &http::Request<Body>) -> bool {
    request.method() != http::Method::OPTIONS && is_procedure(request.uri())
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Uri, header};

    use super::*;

    #[test]
    fn refusals_have_the_content_type_of_their_request() {
        for (sent, expected) in [
            ("application/connect+proto", "application/connect+proto"),
            ("application/connect+json", "application/connect+json"),
            // Errors of unary calls are JSON, whatever the message is.
            ("application/proto", "application/json"),
            ("application/json", "application/json"),
            ("text/plain", "application/json"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(sent));
            let problem = Problem::invalid("origin", "is foreign");
            for response in [
                refused(&headers, Refusal::Calls),
                refused(&headers, Refusal::PeerLimit),
                forbidden(&headers, &problem),
            ] {
                assert_eq!(response.headers()[header::CONTENT_TYPE], expected, "{sent}");
            }
        }
    }

    #[test]
    fn only_paths_of_procedures_are_calls() {
        for (path, expected) in [
            ("/catalogue.v1.CatalogueService/GetProduct", true),
            ("/grpc.health.v1.Health/Check", true),
            ("/no.such.Service/Method", true),
            ("/.well-known/ucp", false),
            ("/robots.txt", false),
            ("/v1/products", false),
            ("/a.b/", false),
            ("/a.b/C/d", false),
            ("/a..b/C", false),
            ("/p/a.b", false),
        ] {
            assert_eq!(is_procedure(&Uri::from_static(path)), expected, "{path}");
        }
    }
}

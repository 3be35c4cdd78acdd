//! The response of a unary call, made of that of gRPC.

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use http_body_util::BodyExt as _;
use rpc::{
    frame::message_of,
    status::{status_in, with_headers},
};
use tonic::{Code, Status};

use super::{
    call::Call,
    content::Encoding,
    error::{self, strip},
    message,
};

/// Prices and stock may change at any time.
const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");

/// Translates a response, after reading it whole: the status is in its trailers.
pub(super) async fn translate(call: &Call, response: Response) -> Response {
    match read(call, response).await {
        Ok((headers, body)) => {
            let mut response = Response::new(Body::from(body));
            *response.headers_mut() = headers;
            response.headers_mut().insert(header::CONTENT_TYPE, call.content.header());
            response.headers_mut().entry(header::CACHE_CONTROL).or_insert(NO_CACHE);
            response
        }
        Err(status) => error::response(call.content, status),
    }
}

async fn read(call: &Call, response: Response) -> Result<(HeaderMap, Bytes), Status> {
    let (head, body) = response.into_parts();
    let mut headers = head.headers;
    if let Some(status) = Status::from_header_map(&headers).filter(is_failure) {
        return Err(status);
    }
    if head.status != StatusCode::OK {
        return Err(Status::unknown(format!("the router responded with HTTP {}", head.status)));
    }
    let whole = body.collect().await.map_err(|error| {
        let status = status_in(&error).cloned();
        status.unwrap_or_else(|| Status::unavailable("the response broke off"))
    })?;
    let trailers = whole.trailers().cloned().unwrap_or_default();
    strip(&mut headers);
    match Status::from_header_map(&trailers) {
        Some(status) if is_failure(&status) => return Err(with_headers(status, headers)),
        Some(_) => {}
        None => return Err(Status::unknown("the response ended without a status")),
    }
    add_trailers(&mut headers, trailers);
    let encoded = message_of(&whole.to_bytes(), usize::MAX)
        .ok_or_else(|| Status::internal("the response is not one message"))?;
    let body = match (call.content.encoding, call.procedure) {
        (Encoding::Json, Some(procedure)) => message::to_json(&encoded, procedure.output)?.into(),
        _ => encoded,
    };
    Ok((headers, body))
}

fn is_failure(status: &Status) -> bool {
    status.code() != Code::Ok
}

/// Adds trailers as headers, whose names say so.
fn add_trailers(headers: &mut HeaderMap, mut trailers: HeaderMap) {
    strip(&mut trailers);
    for (name, value) in &trailers {
        if let Ok(name) = HeaderName::try_from(format!("trailer-{name}")) {
            headers.append(name, value.clone());
        }
    }
}

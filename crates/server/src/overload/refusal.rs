//! The response to a refused call.

use std::{collections::HashMap, sync::LazyLock, time::Duration};

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Response, header::CONTENT_TYPE};
use rpc::status::{DOMAIN, OVERLOADED, PUSHBACK};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

/// Builds the refusal of a request with these headers.
pub type Refuse = fn(&HeaderMap) -> Response<Body>;

/// Retry delay in milliseconds: minimum and random addition, so that refused clients do not all
/// retry together.
const RETRY_DELAY_MS: (u32, u32) = (100, 200);

/// RESOURCE_EXHAUSTED, which clients' breakers do not count as a failure, with a retry delay.
pub fn overloaded() -> Status {
    let mut details = ErrorDetails::with_error_info(OVERLOADED, DOMAIN, HashMap::new());
    details.set_retry_info(Some(Duration::from_millis(u64::from(RETRY_DELAY_MS.0))));
    let message = "the server is overloaded; retry after a moment";
    Status::with_error_details(Code::ResourceExhausted, message, details)
}

/// Refuses a gRPC call, in a few hundred nanoseconds, since overload means many refusals.
pub fn grpc(request: &HeaderMap) -> Response<Body> {
    static HEADERS: LazyLock<HeaderMap> =
        LazyLock::new(|| overloaded().into_http::<()>().into_parts().0.headers);
    let mut response = Response::new(Body::empty());
    *response.headers_mut() = HEADERS.clone();
    let (least, more) = RETRY_DELAY_MS;
    let wait = least + fastrand::u32(..more);
    let mut wait = HeaderValue::from(wait);
    // Keeps the value, which differs each time, out of HPACK's dynamic table.
    wait.set_sensitive(true);
    response.headers_mut().insert(PUSHBACK, wait);
    // gRPC-web reads the status from headers as well.
    if let Some(kind) = request.get(CONTENT_TYPE) {
        response.headers_mut().insert(CONTENT_TYPE, kind.clone());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_carries_a_retry_delay() {
        let status = Status::from_header_map(grpc(&HeaderMap::new()).headers()).expect("a status");
        assert_eq!(status.code(), Code::ResourceExhausted);
        assert_eq!(rpc::status::reason(&status).as_deref(), Some(OVERLOADED));
        let wait: u32 = status.metadata().get(PUSHBACK).unwrap().to_str().unwrap().parse().unwrap();
        assert!((100..300).contains(&wait), "{wait}");
    }
}

//! What is said to those there is no room for.

use std::{collections::HashMap, sync::LazyLock, time::Duration};

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Response, header::CONTENT_TYPE};
use random::unit;
use rpc::status::{DOMAIN, OVERLOADED, PUSHBACK};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

/// Makes an answer for a request with these headers.
pub type Refuse = fn(&HeaderMap) -> Response<Body>;

/// When to come back, in milliseconds, and by chance up to so many more, so that not all who were
/// sent away come back together.
const COME_BACK: (u32, u32) = (100, 200);

/// RESOURCE_EXHAUSTED, which callers' breakers do not take for a fault, and when to try again.
pub fn overloaded() -> Status {
    let mut details = ErrorDetails::with_error_info(OVERLOADED, DOMAIN, HashMap::new());
    details.set_retry_info(Some(Duration::from_millis(u64::from(COME_BACK.0))));
    let message = "more is asked of this server than it can answer in time; try again in a moment";
    Status::with_error_details(Code::ResourceExhausted, message, details)
}

/// Refuses a gRPC call, in a few hundred nanoseconds: whoever refuses does so often.
pub fn grpc(request: &HeaderMap) -> Response<Body> {
    static HEADERS: LazyLock<HeaderMap> =
        LazyLock::new(|| overloaded().into_http::<()>().into_parts().0.headers);
    let mut response = Response::new(Body::empty());
    *response.headers_mut() = HEADERS.clone();
    let (least, more) = COME_BACK;
    let wait = least + (unit() * f64::from(more)) as u32;
    let mut wait = HeaderValue::from(wait);
    // Not worth remembering: HPACK's table has better uses, and each change of it costs.
    wait.set_sensitive(true);
    response.headers_mut().insert(PUSHBACK, wait);
    // gRPC-web reads its status from headers, too.
    if let Some(kind) = request.get(CONTENT_TYPE) {
        response.headers_mut().insert(CONTENT_TYPE, kind.clone());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_when_to_come_back() {
        let status = Status::from_header_map(grpc(&HeaderMap::new()).headers()).expect("a status");
        assert_eq!(status.code(), Code::ResourceExhausted);
        assert_eq!(rpc::status::reason(&status).as_deref(), Some(OVERLOADED));
        let wait: u32 = status.metadata().get(PUSHBACK).unwrap().to_str().unwrap().parse().unwrap();
        assert!((100..300).contains(&wait), "{wait}");
    }
}

//! The response to a refused request.

use std::{collections::HashMap, sync::LazyLock, time::Duration};

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Response, Uri, header::CONTENT_TYPE};
use rpc::{
    deadline::exceeded,
    status::{
        BODY_INCOMPLETE, BODY_MEMORY_FULL, BODY_TIMEOUT, BODY_TOO_LARGE, BODY_TOO_SLOW, DOMAIN,
        HOST_INVALID, LINE_END_INVALID, METADATA_TOO_LARGE, OVERLOADED, PEER_LIMIT, PUSHBACK,
        TIMEOUT_INVALID, TOO_MANY_BODIES, error,
    },
};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::metrics;

/// Builds the refusal of a request with this address and these headers.
pub type Refuse = fn(&Uri, &HeaderMap, Refusal) -> Response<Body>;

/// Retry delay in milliseconds: minimum and random addition, so that refused clients do not all
/// retry together.
const RETRY_DELAY_MS: (u32, u32) = (100, 200);

/// Why a request is refused before it is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Too many calls are under way.
    Calls,
    /// Too many streams are open.
    Streams,
    /// The peer, or its connection, has its share.
    PeerLimit,
    /// Too many bodies are awaited.
    WaitingBodies,
    /// There is no memory left for bodies.
    BodyMemory,
    /// The body has not arrived in time.
    BodyTimeout,
    /// The body arrives too slowly.
    BodyTooSlow,
    /// The body is larger than any message may be.
    BodyTooLarge,
    /// The body is malformed or ends early.
    BodyIncomplete,
    /// The metadata are larger than allowed.
    Metadata,
    /// `grpc-timeout` is malformed.
    Timeout,
    /// There is not exactly one `Host`.
    Host,
    /// A line of the head ends with a bare LF.
    LineEnd,
    /// The deadline passed before the body arrived.
    Deadline,
}

impl Refusal {
    /// The status, with the reason and its cure. RESOURCE_EXHAUSTED is not counted as a failure by clients' breakers.
    pub fn status(self) -> Status {
        let (code, reason, message) = match self {
            Self::Calls | Self::Streams => {
                return retriable(OVERLOADED, "the server is overloaded; retry after a moment");
            }
            Self::WaitingBodies => {
                let message = "too many request bodies are awaited; retry after a moment";
                return retriable(TOO_MANY_BODIES, message);
            }
            Self::BodyMemory => {
                let message = "request bodies take all the memory they may; retry after a moment";
                return retriable(BODY_MEMORY_FULL, message);
            }
            Self::PeerLimit => {
                let message = "this address or connection has its share of the server; finish \
                               other requests first";
                return retriable(PEER_LIMIT, message);
            }
            Self::Deadline => return exceeded(),
            Self::BodyTimeout => (
                Code::ResourceExhausted,
                BODY_TIMEOUT,
                "the request body has not arrived in time; send it faster or in parts",
            ),
            Self::BodyTooSlow => (
                Code::ResourceExhausted,
                BODY_TOO_SLOW,
                "the request body arrives too slowly; send it with its headers",
            ),
            Self::BodyTooLarge => (
                Code::ResourceExhausted,
                BODY_TOO_LARGE,
                "the request body exceeds the limit; send it in parts",
            ),
            Self::BodyIncomplete => (
                Code::InvalidArgument,
                BODY_INCOMPLETE,
                "the request body is malformed or was cut off",
            ),
            Self::Metadata => (
                Code::ResourceExhausted,
                METADATA_TOO_LARGE,
                "the headers or metadata of the request exceed the limit; send fewer",
            ),
            Self::Timeout => (
                Code::InvalidArgument,
                TIMEOUT_INVALID,
                "grpc-timeout must be 1 to 8 digits and a unit of H, M, S, m, u or n",
            ),
            Self::Host => {
                let message = "an HTTP/1.1 request must have exactly one Host header";
                (Code::InvalidArgument, HOST_INVALID, message)
            }
            Self::LineEnd => {
                let message = "each line of an HTTP/1 head must end with CR LF, not with LF alone";
                (Code::InvalidArgument, LINE_END_INVALID, message)
            }
        };
        error(code, reason, message)
    }

    /// Its label in metrics.
    pub(crate) fn what(self) -> &'static str {
        match self {
            Self::Calls => metrics::OVERLOAD,
            Self::Streams => metrics::STREAMS,
            Self::PeerLimit => metrics::PEER,
            Self::WaitingBodies | Self::BodyMemory => metrics::BODIES,
            Self::BodyTimeout | Self::BodyTooSlow | Self::Deadline => metrics::SLOW_BODY,
            Self::BodyTooLarge
            | Self::BodyIncomplete
            | Self::Metadata
            | Self::Timeout
            | Self::Host
            | Self::LineEnd => metrics::INVALID,
        }
    }
}

fn retriable(reason: &str, message: &str) -> Status {
    let mut details = ErrorDetails::with_error_info(reason, DOMAIN, HashMap::new());
    details.set_retry_info(Some(Duration::from_millis(u64::from(RETRY_DELAY_MS.0))));
    Status::with_error_details(Code::ResourceExhausted, message, details)
}

/// Refuses a gRPC call; for overload in a few hundred nanoseconds, since that means many refusals.
pub fn grpc(_: &Uri, request: &HeaderMap, refusal: Refusal) -> Response<Body> {
    static OVERLOAD: LazyLock<HeaderMap> =
        LazyLock::new(|| Refusal::Calls.status().into_http::<()>().into_parts().0.headers);
    let mut response = match refusal {
        Refusal::Calls | Refusal::Streams => {
            let mut response = Response::new(Body::empty());
            *response.headers_mut() = OVERLOAD.clone();
            response
        }
        refusal => refusal.status().into_http::<()>().map(|()| Body::empty()),
    };
    let headers = response.headers_mut();
    if matches!(
        refusal,
        Refusal::Calls
            | Refusal::Streams
            | Refusal::PeerLimit
            | Refusal::WaitingBodies
            | Refusal::BodyMemory
    ) {
        headers.insert(PUSHBACK, retry_delay());
    }
    // gRPC-web reads the status from headers as well.
    if let Some(kind) = request.get(CONTENT_TYPE) {
        headers.insert(CONTENT_TYPE, kind.clone());
    }
    response
}

fn retry_delay() -> HeaderValue {
    let (least, more) = RETRY_DELAY_MS;
    let mut wait = HeaderValue::from(least + fastrand::u32(..more));
    // Keeps the value, which differs each time, out of HPACK's dynamic table.
    wait.set_sensitive(true);
    wait
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_carries_a_retry_delay() {
        for (refusal, reason) in
            [(Refusal::Calls, OVERLOADED), (Refusal::WaitingBodies, TOO_MANY_BODIES)]
        {
            let response = grpc(&Uri::default(), &HeaderMap::new(), refusal);
            let status = Status::from_header_map(response.headers()).expect("a status");
            assert_eq!(status.code(), Code::ResourceExhausted);
            assert_eq!(rpc::status::reason(&status).as_deref(), Some(reason));
            let wait = status.metadata().get(PUSHBACK).unwrap().to_str().unwrap();
            assert!((100..300).contains(&wait.parse::<u32>().unwrap()), "{wait}");
        }
        let late = grpc(&Uri::default(), &HeaderMap::new(), Refusal::BodyTimeout);
        assert!(!late.headers().contains_key(PUSHBACK), "a retry would be as slow");
    }
}

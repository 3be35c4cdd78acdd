//! How an attempt completed, and what that means for breakers, the balancer and retries.
//!
//! The only table of status codes; `docs/calls.md` shows the same one.

use std::time::Duration;

use breaker::Outcome;
use http::{HeaderMap, HeaderName, StatusCode};
use rpc::status::PUSHBACK;
use tonic::Code;

const GRPC_STATUS: HeaderName = HeaderName::from_static("grpc-status");
/// A timeout shorter than this says nothing about the endpoint.
const MIN_TIMEOUT: Duration = Duration::from_millis(50);

/// How an attempt completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Completion {
    /// With a gRPC status, in the headers or the trailers.
    Status(Code, Pushback),
    /// With an HTTP status only, as from a proxy without gRPC.
    Http(StatusCode),
    /// The stream was closed regularly, but without a status.
    NoStatus,
    /// The connection broke after the server may have received the request.
    ConnectionLost,
    /// The server reset the stream, for this reason (RFC 9113, section 7).
    Reset(h2::Reason),
    /// The server sent GOAWAY before it processed the request.
    Unprocessed,
    /// The request was never sent.
    Unsent,
    /// The deadline passed.
    DeadlineExceeded,
    /// The caller cancelled the call.
    Cancelled,
    /// This client ended it: no endpoint, an open breaker, a request body that failed.
    Local,
}

/// A server's instruction on retries (gRFC A6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pushback {
    Absent,
    After(Duration),
    /// No retry: the value is negative or malformed.
    Never,
}

/// The state of an endpoint, as far as a completion shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndpointHealth {
    /// The endpoint responded, possibly with an application error.
    Healthy,
    Failing,
    /// The endpoint missed the deadline.
    Slow,
    Overloaded,
    /// Nothing: the caller cancelled, gave too little time, or never reached the endpoint.
    Unknown,
}

/// Whether and when to retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetryDecision {
    Never,
    /// Without a pause and outside the budget: the request was never sent.
    Immediately,
    /// After the next pause of the backoff.
    Backoff,
    /// After the server's pushback.
    After(Duration),
}

impl Completion {
    /// Name for operators: the gRPC code as contracts spell it, or how the attempt ended without one.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Status(code, _) => telemetry::code_name(code.into()),
            Self::Http(_) => "HTTP error",
            Self::NoStatus => "no status",
            Self::ConnectionLost => "connection lost",
            Self::Reset(_) => "stream reset",
            Self::Unprocessed => "server leaving",
            Self::Unsent => "not sent",
            Self::DeadlineExceeded => "deadline exceeded",
            Self::Cancelled => "cancelled",
            Self::Local => "given up here",
        }
    }

    /// From response headers, if the response ends there; otherwise its trailers decide.
    pub(crate) fn from_headers(http: StatusCode, headers: &HeaderMap) -> Option<Self> {
        match Self::from_grpc_status(headers) {
            None if http != StatusCode::OK => Some(Self::Http(http)),
            completion => completion,
        }
    }

    /// From the end of a response body.
    pub(crate) fn from_trailers(trailers: Option<&HeaderMap>) -> Self {
        trailers.and_then(Self::from_grpc_status).unwrap_or(Self::NoStatus)
    }

    fn from_grpc_status(headers: &HeaderMap) -> Option<Self> {
        let code = Code::from_bytes(headers.get(GRPC_STATUS)?.as_bytes());
        // A successful call is never retried, so its pushback has no effect.
        let pushback = if code == Code::Ok { Pushback::Absent } else { Pushback::of(headers) };
        Some(Self::Status(code, pushback))
    }

    /// From an error of the HTTP/2 connection or stream.
    pub(crate) fn from_transport_error(error: &h2::Error) -> Self {
        match error.reason() {
            // The stream's id is above the last one that the server processed (RFC 9113, 6.8).
            Some(h2::Reason::NO_ERROR) if error.is_go_away() && error.is_remote() => {
                Self::Unprocessed
            }
            Some(reason) if error.is_reset() && error.is_remote() => Self::Reset(reason),
            // A local reset, for example after the request's own body failed.
            Some(_) if error.is_reset() => Self::Local,
            _ => Self::ConnectionLost,
        }
    }

    /// The state of the endpoint, which had `timeout` to respond (`None`: no limit).
    pub(crate) fn endpoint_health(self, timeout: Option<Duration>) -> EndpointHealth {
        use EndpointHealth::{Failing, Healthy, Overloaded, Slow, Unknown};
        let late = match timeout {
            Some(timeout) if timeout < MIN_TIMEOUT => Unknown,
            _ => Slow,
        };
        match self {
            Self::Status(code, pushback) => match code {
                Code::Unavailable if pushback != Pushback::Absent => Overloaded,
                Code::Unavailable | Code::Internal | Code::Unknown => Failing,
                Code::DeadlineExceeded => late,
                Code::Cancelled => Unknown,
                Code::ResourceExhausted => Overloaded,
                Code::Ok
                | Code::InvalidArgument
                | Code::NotFound
                | Code::AlreadyExists
                | Code::PermissionDenied
                | Code::FailedPrecondition
                | Code::Aborted
                | Code::OutOfRange
                | Code::Unimplemented
                // Some data is damaged, which says nothing of the rest that the endpoint serves.
                | Code::DataLoss
                | Code::Unauthenticated => Healthy,
            },
            // gRPC's "HTTP to gRPC status code mapping".
            Self::Http(status) => match status.as_u16() {
                401 | 403 | 404 => Healthy,
                429 => Overloaded,
                _ => Failing,
            },
            Self::Reset(h2::Reason::CANCEL) => Unknown,
            Self::Reset(h2::Reason::ENHANCE_YOUR_CALM) => Overloaded,
            Self::NoStatus | Self::ConnectionLost | Self::Reset(_) => Failing,
            Self::DeadlineExceeded => late,
            // A graceful shutdown is not a failure, and an unsent request is no evidence.
            Self::Unprocessed | Self::Unsent | Self::Cancelled | Self::Local => Unknown,
        }
    }

    /// Whether to retry a call that is `repeatable`: its request can be sent again, and a second
    /// execution does no harm.
    pub(crate) fn retry_decision(self, repeatable: bool) -> RetryDecision {
        match self {
            // The server has not executed these, so that any method may be retried.
            Self::Unsent => RetryDecision::Immediately,
            Self::Unprocessed | Self::Reset(h2::Reason::REFUSED_STREAM) => RetryDecision::Backoff,
            _ if !repeatable => RetryDecision::Never,
            Self::Status(Code::Unavailable, Pushback::Absent) | Self::ConnectionLost => {
                RetryDecision::Backoff
            }
            Self::Status(Code::Unavailable | Code::ResourceExhausted, Pushback::After(pause)) => {
                RetryDecision::After(pause)
            }
            // gRPC's mapping makes these UNAVAILABLE.
            Self::Http(
                StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT,
            ) => RetryDecision::Backoff,
            Self::Status(..)
            | Self::Http(_)
            | Self::NoStatus
            | Self::Reset(_)
            | Self::DeadlineExceeded
            | Self::Cancelled
            | Self::Local => RetryDecision::Never,
        }
    }
}

impl EndpointHealth {
    pub(crate) fn breaker_outcome(self) -> Outcome {
        match self {
            Self::Failing | Self::Slow => Outcome::Failure,
            Self::Unknown => Outcome::Ignored,
            Self::Overloaded => Outcome::Overloaded,
            Self::Healthy => Outcome::Success,
        }
    }
}

impl Pushback {
    fn of(headers: &HeaderMap) -> Self {
        let Some(value) = headers.get(PUSHBACK) else { return Self::Absent };
        let digits = value.to_str().ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
        let millis = digits.and_then(|text| text.parse::<u32>().ok());
        millis.map_or(Self::Never, |millis| Self::After(Duration::from_millis(millis.into())))
    }
}

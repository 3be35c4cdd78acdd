//! What the end of an attempt means: for breakers, and for another try.
//!
//! The one table of codes: `docs/calls.md` has it for people.

use std::time::Duration;

use breaker::Outcome;
use http::{HeaderMap, HeaderName, StatusCode};
use tonic::Code;

/// The trailer by which a server says when to try again (gRPC A6).
pub(super) const PUSHBACK: &str = "grpc-retry-pushback-ms";
const GRPC_STATUS: HeaderName = HeaderName::from_static("grpc-status");
/// Who gave an endpoint less time than this cannot blame it for being late.
pub(super) const FLOOR: Duration = Duration::from_millis(50);

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// With a status, in the headers or the trailers.
    Status(Code, Pushback),
    /// With a status of HTTP only, as of a proxy that knows no gRPC.
    Http(StatusCode),
    /// In good order, but without a status.
    Silent,
    /// The connection broke when the request may have been heard.
    Lost,
    /// The server reset the stream, for this reason (RFC 9113, section 7).
    Reset(h2::Reason),
    /// The server said goodbye before it came to this request.
    Unprocessed,
    /// It was never sent.
    Unsent,
    /// Time was up.
    OutOfTime,
    /// The caller went away.
    Abandoned,
    /// We never asked anybody: no endpoint, an open breaker, a message of our own that is too large.
    Ours,
}

/// What a server says of trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pushback {
    /// Nothing.
    Silent,
    /// After so long.
    After(Duration),
    /// Not at all: it is negative, or not to be understood.
    Never,
}

/// What an ending says about whom was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// It does not work.
    Hard,
    /// It is late.
    Slow,
    /// Nothing: the caller had no time or no patience.
    Neutral,
    /// It has too much to do.
    Overload,
    /// It works, whatever it answered.
    Answered,
}

/// When to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    Never,
    /// At once, at nobody's cost: nobody has heard of it.
    Now,
    /// After a pause of ours.
    Soon,
    /// After the pause that was asked for.
    After(Duration),
}

impl Ending {
    /// Of an answer's headers, if that is where it ends; else its trailers will say.
    pub(super) fn of_headers(http: StatusCode, headers: &HeaderMap) -> Option<Self> {
        match Self::of_status(headers) {
            None if http != StatusCode::OK => Some(Self::Http(http)),
            ending => ending,
        }
    }

    /// Of trailers, which must say.
    pub(super) fn of_trailers(trailers: Option<&HeaderMap>) -> Self {
        trailers.and_then(Self::of_status).unwrap_or(Self::Silent)
    }

    fn of_status(headers: &HeaderMap) -> Option<Self> {
        let code = Code::from_bytes(headers.get(GRPC_STATUS)?.as_bytes());
        // A call that succeeded is not made again, whatever it says of that.
        let pushback = if code == Code::Ok { Pushback::Silent } else { Pushback::of(headers) };
        Some(Self::Status(code, pushback))
    }

    /// What this says about whom was asked, who was given so much time (none is all there is).
    pub(super) fn class(self, given: Option<Duration>) -> Class {
        let late = match given {
            Some(given) if given < FLOOR => Class::Neutral,
            _ => Class::Slow,
        };
        match self {
            Self::Status(code, pushback) => match code {
                Code::Unavailable if pushback != Pushback::Silent => Class::Overload,
                Code::Unavailable | Code::Internal | Code::Unknown | Code::DataLoss => Class::Hard,
                Code::DeadlineExceeded => late,
                Code::Cancelled => Class::Neutral,
                Code::ResourceExhausted => Class::Overload,
                Code::Ok
                | Code::InvalidArgument
                | Code::NotFound
                | Code::AlreadyExists
                | Code::PermissionDenied
                | Code::FailedPrecondition
                | Code::Aborted
                | Code::OutOfRange
                | Code::Unimplemented
                | Code::Unauthenticated => Class::Answered,
            },
            // As gRPC maps them ("HTTP to gRPC status code mapping").
            Self::Http(status) => match status.as_u16() {
                401 | 403 | 404 => Class::Answered,
                429 => Class::Overload,
                _ => Class::Hard,
            },
            Self::Reset(h2::Reason::CANCEL) => Class::Neutral,
            Self::Reset(h2::Reason::ENHANCE_YOUR_CALM) => Class::Overload,
            Self::Silent | Self::Lost | Self::Reset(_) => Class::Hard,
            Self::OutOfTime => late,
            // Who leaves in good order is not ill, and who was not asked cannot be.
            Self::Unprocessed | Self::Unsent | Self::Abandoned | Self::Ours => Class::Neutral,
        }
    }

    /// Whether to ask again. `repeatable`: once or twice is the same.
    pub(super) fn again(self, repeatable: bool) -> Again {
        match self {
            // Nobody has done anything about these, so they may be asked again whatever they are.
            Self::Unsent => Again::Now,
            Self::Unprocessed | Self::Reset(h2::Reason::REFUSED_STREAM) => Again::Soon,
            _ if !repeatable => Again::Never,
            Self::Status(Code::Unavailable, Pushback::Silent) | Self::Lost => Again::Soon,
            Self::Status(Code::Unavailable | Code::ResourceExhausted, Pushback::After(pause)) => {
                Again::After(pause)
            }
            // As UNAVAILABLE, by the same mapping.
            Self::Http(
                StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT,
            ) => Again::Soon,
            Self::Status(..)
            | Self::Http(_)
            | Self::Silent
            | Self::Reset(_)
            | Self::OutOfTime
            | Self::Abandoned
            | Self::Ours => Again::Never,
        }
    }
}

impl Class {
    pub(super) fn outcome(self) -> Outcome {
        match self {
            Self::Hard | Self::Slow => Outcome::Failure,
            Self::Neutral => Outcome::Ignored,
            Self::Overload => Outcome::Overloaded,
            Self::Answered => Outcome::Success,
        }
    }
}

impl Pushback {
    fn of(headers: &HeaderMap) -> Self {
        let Some(value) = headers.get(PUSHBACK) else { return Self::Silent };
        let digits = value.to_str().ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
        let millis = digits.and_then(|text| text.parse::<u32>().ok());
        millis.map_or(Self::Never, |millis| Self::After(Duration::from_millis(millis.into())))
    }
}

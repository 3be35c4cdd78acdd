//! What comes back.

use http::{HeaderValue, Response};
use http_body::{Body as _, Frame};
use http_body_util::BodyExt as _;
use rpc::status::{self, upstream_unavailable};
use telemetry::ClientCall;
use tokio::time::Instant;
use tonic::{Code, Status};

use super::{
    attempt::Attempt,
    classify::{Class, Ending, PUSHBACK},
    exchange::Incoming,
    response::{Ongoing, Pieces, ResponseBody},
};

/// An answer to a unary call larger than this is handed on as it comes, in bytes.
const HELD: usize = 256 << 10;
const NEVER: HeaderValue = HeaderValue::from_static("-1");

/// An answer, good or bad.
#[derive(Debug)]
pub(super) struct Answer {
    response: Response<ResponseBody>,
    /// How it ended, unless it goes on.
    pub(super) ending: Option<Ending>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) status: Status,
    pub(super) ending: Ending,
}

/// Reads an answer so far that its end is known, if it is unary and not too large: until then, the
/// call can still be made again.
pub(super) fn read(
    response: Response<Incoming>,
    mut attempt: Attempt,
    unary: bool,
    deadline: Option<Instant>,
) -> impl Future<Output = Result<Answer, Failure>> + Send {
    // Not in the future, which would hold the response twice.
    let (head, mut body) = response.into_parts();
    async move {
        let mut ending = Ending::of_headers(head.status, &head.headers);
        if body.is_end_stream() {
            ending = ending.or(Some(Ending::Silent));
        }
        if let Some(ending) = ending {
            attempt.end(ending);
            let response = Response::from_parts(head, ResponseBody::empty());
            return Ok(Answer { response, ending: Some(ending) });
        }
        let mut pieces = Pieces::default();
        if unary {
            let mut length = 0;
            let trailers = loop {
                if length > HELD {
                    break None;
                }
                match body.frame().await.map(|frame| frame.map(Frame::into_data)) {
                    Some(Ok(Ok(data))) => {
                        length += data.len();
                        pieces.push(data);
                    }
                    Some(Ok(Err(frame))) => break frame.into_trailers().ok(),
                    Some(Err(error)) => return Err(attempt.broke(&error)),
                    None => break None,
                }
            };
            if length <= HELD {
                let ending = Ending::of_trailers(trailers.as_ref());
                attempt.end(ending);
                let response = Response::from_parts(head, ResponseBody::whole(pieces, trailers));
                return Ok(Answer { response, ending: Some(ending) });
            }
        }
        attempt.answered();
        let body = ResponseBody::ongoing(Ongoing::new(pieces, body, attempt), deadline);
        Ok(Answer { response: Response::from_parts(head, body), ending: None })
    }
}

impl Answer {
    /// The response as the caller gets it; `seen` reports the call when it has ended.
    pub(super) fn into_response(self, seen: Option<ClientCall>) -> Response<ResponseBody> {
        let (head, body) = self.response.into_parts();
        let body = match seen {
            Some(seen) if body.is_ongoing() => body.watched(seen),
            Some(seen) => {
                seen.end(body.trailers().unwrap_or(&head.headers));
                body
            }
            None => body,
        };
        Response::from_parts(head, body)
    }

    /// Whether whoever was asked says that the call was cancelled.
    pub(super) fn was_cancelled(&self) -> bool {
        matches!(self.ending, Some(Ending::Status(Code::Cancelled, _)))
    }

    /// Whether it is worth more than another try would be.
    pub(super) fn is_good(&self) -> bool {
        self.ending.is_none_or(|ending| ending.class(None) == Class::Answered)
    }

    /// Tells whoever has asked us not to ask us again.
    pub(super) fn say_never_again(&mut self) {
        if self.response.body().is_ongoing() {
            return;
        }
        let headers = match self.response.body_mut().trailers_mut() {
            Some(trailers) => trailers,
            None => self.response.headers_mut(),
        };
        headers.insert(PUSHBACK, NEVER);
    }
}

impl Failure {
    /// Nobody was asked.
    pub(super) fn ours(status: Status) -> Self {
        Self { status, ending: Ending::Ours }
    }

    /// Nobody is there to be asked.
    pub(super) fn unavailable(upstream: &'static str) -> Self {
        Self::ours(upstream_unavailable(upstream))
    }

    /// Somebody was asked, and this came of it.
    pub(super) fn broken(upstream: &'static str, ending: Ending) -> Self {
        let status = match ending {
            Ending::Ours => {
                status::error(Code::Cancelled, "CANCELLED", "the request was not sent to its end")
            }
            _ => upstream_unavailable(upstream),
        };
        Self { status, ending }
    }

    /// As [`Answer::say_never_again`].
    pub(super) fn say_never_again(&mut self) {
        let never = tonic::metadata::MetadataValue::from_static("-1");
        self.status.metadata_mut().insert(PUSHBACK, never);
    }
}

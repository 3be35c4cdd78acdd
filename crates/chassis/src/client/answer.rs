//! What comes back.

use std::{
    collections::VecDeque,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response};
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::BodyExt as _;
use telemetry::ClientCall;
use tokio::time::Instant;
use tonic::{Code, Status, body::Body};

use super::{
    attempt::Attempt,
    classify::{Class, Ending, PUSHBACK},
    exchange::Incoming,
};
use crate::{
    deadline::DeadlineBody,
    status::{self, upstream_unavailable},
};

/// An answer to a unary call larger than this is handed on as it comes, in bytes.
const HELD: usize = 256 << 10;
const NEVER: HeaderValue = HeaderValue::from_static("-1");

/// An answer, good or bad.
#[derive(Debug)]
pub(super) struct Answer {
    response: Response<AnswerBody>,
    /// How it ended, unless it goes on.
    pub(super) ending: Option<Ending>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) status: Status,
    pub(super) ending: Ending,
}

#[derive(Debug)]
enum AnswerBody {
    Empty,
    /// All of it.
    Whole(VecDeque<Bytes>, Option<HeaderMap>),
    Ongoing(Pin<Box<DeadlineBody<Ongoing>>>),
}

impl AnswerBody {
    /// If they are there already.
    fn trailers(&self) -> Option<&HeaderMap> {
        match self {
            Self::Whole(_, trailers) => trailers.as_ref(),
            Self::Empty | Self::Ongoing(_) => None,
        }
    }
}

/// Reads an answer so far that its end is known, if it is unary and not too large: until then, the
/// call can still be made again.
pub(super) async fn read(
    response: Response<Incoming>,
    mut attempt: Attempt,
    unary: bool,
    deadline: Option<Instant>,
) -> Result<Answer, Failure> {
    let (head, mut body) = response.into_parts();
    let mut ending = Ending::of_headers(head.status, &head.headers);
    if body.is_end_stream() {
        ending = ending.or(Some(Ending::Silent));
    }
    if let Some(ending) = ending {
        attempt.end(ending);
        let response = Response::from_parts(head, AnswerBody::Empty);
        return Ok(Answer { response, ending: Some(ending) });
    }
    let mut pieces = VecDeque::new();
    if unary {
        let mut trailers = None;
        let mut length = 0;
        while length <= HELD && trailers.is_none() {
            let frame = match body.frame().await {
                Some(Ok(frame)) => frame,
                Some(Err(error)) => return Err(attempt.broke(&error)),
                None => break,
            };
            match frame.into_data() {
                Ok(data) => {
                    length += data.len();
                    pieces.push_back(data);
                }
                Err(frame) => trailers = frame.into_trailers().ok(),
            }
        }
        if length <= HELD {
            let ending = Ending::of_trailers(trailers.as_ref());
            attempt.end(ending);
            let response = Response::from_parts(head, AnswerBody::Whole(pieces, trailers));
            return Ok(Answer { response, ending: Some(ending) });
        }
    }
    attempt.answered();
    let ongoing = Ongoing { pieces, inner: body, attempt: Some(attempt) };
    let ongoing = AnswerBody::Ongoing(Box::pin(DeadlineBody::new(ongoing, deadline)));
    Ok(Answer { response: Response::from_parts(head, ongoing), ending: None })
}

impl Answer {
    /// What the caller gets. Whoever has `seen` the call sees it to its end.
    pub(super) fn into_response(self, seen: Option<ClientCall>) -> Response<Body> {
        let (head, body) = self.response.into_parts();
        let body = match (seen, body) {
            (Some(seen), AnswerBody::Ongoing(body)) => Body::new(seen.watch(body)),
            (Some(seen), body) => {
                seen.end(body.trailers().unwrap_or(&head.headers));
                Body::new(body)
            }
            (None, body) => Body::new(body),
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
        let headers = match self.response.body_mut() {
            AnswerBody::Whole(_, Some(trailers)) => trailers,
            AnswerBody::Whole(..) | AnswerBody::Empty => self.response.headers_mut(),
            AnswerBody::Ongoing(_) => return,
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

/// A body that is judged by its trailers.
#[derive(Debug)]
struct Ongoing {
    /// What has been read already.
    pieces: VecDeque<Bytes>,
    inner: Incoming,
    /// Gone once it has been judged.
    attempt: Option<Attempt>,
}

impl Ongoing {
    fn end(&mut self, ending: Ending) {
        if let Some(attempt) = self.attempt.take() {
            attempt.end(ending);
        }
    }
}

impl http_body::Body for Ongoing {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if let Some(piece) = self.pieces.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        match ready!(Pin::new(&mut self.inner).poll_frame(cx)) {
            Some(Ok(frame)) => {
                if let Some(trailers) = frame.trailers_ref() {
                    self.end(Ending::of_trailers(Some(trailers)));
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Some(Err(error)) => {
                let failure = self.attempt.take().map(|attempt| attempt.broke(&error));
                let status = failure.map_or_else(|| Status::unknown(""), |it| it.status);
                Poll::Ready(Some(Err(status)))
            }
            None => {
                self.end(Ending::Silent);
                Poll::Ready(None)
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

impl http_body::Body for AnswerBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        match &mut *self {
            Self::Empty => Poll::Ready(None),
            Self::Whole(pieces, trailers) => Poll::Ready(match pieces.pop_front() {
                Some(piece) => Some(Ok(Frame::data(piece))),
                None => trailers.take().map(|trailers| Ok(Frame::trailers(trailers))),
            }),
            Self::Ongoing(body) => body.as_mut().poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Whole(pieces, trailers) => pieces.is_empty() && trailers.is_none(),
            Self::Ongoing(body) => body.is_end_stream(),
        }
    }
}

//! The body of a response.

use std::{
    collections::VecDeque,
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use rpc::deadline::DeadlineBody;
use telemetry::{ClientCall, WatchedBody};
use tokio::time::Instant;
use tonic::Status;

use super::{attempt::Attempt, classify::Ending, exchange::Incoming};

/// The body of an upstream's response: all of it, as of a unary call of up to 256 KiB, or as it
/// arrives.
#[derive(Debug)]
pub struct ResponseBody(Inner);

#[derive(Debug)]
enum Inner {
    Whole(Pieces, Option<HeaderMap>),
    Ongoing(Timed),
    Watched(Pin<Box<WatchedBody<Timed>>>),
}

/// What has not arrived yet, until the call's deadline.
type Timed = Pin<Box<DeadlineBody<Ongoing>>>;

impl ResponseBody {
    pub(super) fn empty() -> Self {
        Self::whole(Pieces::default(), None)
    }

    pub(super) fn whole(pieces: Pieces, trailers: Option<HeaderMap>) -> Self {
        Self(Inner::Whole(pieces, trailers))
    }

    pub(super) fn ongoing(body: Ongoing, deadline: Option<Instant>) -> Self {
        Self(Inner::Ongoing(Box::pin(DeadlineBody::new(body, deadline))))
    }

    /// The same, reporting its end to `call` if it is still ongoing.
    pub(super) fn watched(self, call: ClientCall) -> Self {
        match self.0 {
            Inner::Ongoing(body) => Self(Inner::Watched(Box::pin(call.watch(body)))),
            other => Self(other),
        }
    }

    /// Whether there is more of it to arrive. If so, it can still fail.
    #[must_use]
    pub fn is_ongoing(&self) -> bool {
        !matches!(self.0, Inner::Whole(..))
    }

    /// The data and the trailers, if all has arrived; the body itself otherwise.
    ///
    /// # Errors
    /// It is [ongoing](Self::is_ongoing).
    pub fn into_whole(self) -> Result<(Bytes, Option<HeaderMap>), Box<Self>> {
        match self.0 {
            Inner::Whole(pieces, trailers) => Ok((pieces.join(), trailers)),
            _ => Err(Box::new(self)),
        }
    }

    /// The data, if it has arrived whole and in one piece.
    pub(super) fn in_one_piece(&self) -> Option<&Bytes> {
        match &self.0 {
            Inner::Whole(Pieces::One(piece), _) => Some(piece),
            _ => None,
        }
    }

    /// The trailers, if they have arrived.
    pub(super) fn trailers(&self) -> Option<&HeaderMap> {
        match &self.0 {
            Inner::Whole(_, trailers) => trailers.as_ref(),
            Inner::Ongoing(_) | Inner::Watched(_) => None,
        }
    }

    pub(super) fn trailers_mut(&mut self) -> Option<&mut HeaderMap> {
        match &mut self.0 {
            Inner::Whole(_, trailers) => trailers.as_mut(),
            Inner::Ongoing(_) | Inner::Watched(_) => None,
        }
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        match &mut self.0 {
            Inner::Whole(pieces, trailers) => Poll::Ready(match pieces.pop() {
                Some(piece) => Some(Ok(Frame::data(piece))),
                None => trailers.take().map(|trailers| Ok(Frame::trailers(trailers))),
            }),
            Inner::Ongoing(body) => body.as_mut().poll_frame(cx),
            Inner::Watched(body) => body.as_mut().poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Inner::Whole(pieces, trailers) => pieces.is_empty() && trailers.is_none(),
            Inner::Ongoing(body) => body.is_end_stream(),
            Inner::Watched(body) => body.is_end_stream(),
        }
    }
}

/// The pieces that a body arrived in. Mostly one, which takes no allocation; small, as it moves through
/// every layer.
#[derive(Debug, Default)]
#[expect(clippy::box_collection, reason = "unboxed it would make each of these larger")]
pub(super) enum Pieces {
    #[default]
    None,
    One(Bytes),
    More(Box<VecDeque<Bytes>>),
}

impl Pieces {
    pub(super) fn push(&mut self, piece: Bytes) {
        match self {
            Self::None => *self = Self::One(piece),
            Self::One(first) => {
                *self = Self::More(Box::new([mem::take(first), piece].into()));
            }
            Self::More(pieces) => pieces.push_back(piece),
        }
    }

    fn pop(&mut self) -> Option<Bytes> {
        match self {
            Self::None => None,
            Self::One(piece) => {
                let piece = mem::take(piece);
                *self = Self::None;
                Some(piece)
            }
            Self::More(pieces) => pieces.pop_front(),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::None => true,
            Self::One(_) => false,
            Self::More(pieces) => pieces.is_empty(),
        }
    }

    /// All of them in one, copied only if there is more than one.
    fn join(self) -> Bytes {
        match self {
            Self::None => Bytes::new(),
            Self::One(piece) => piece,
            Self::More(pieces) => {
                let mut whole = BytesMut::with_capacity(pieces.iter().map(Bytes::len).sum());
                pieces.iter().for_each(|piece| whole.extend_from_slice(piece));
                whole.freeze()
            }
        }
    }
}

/// A body that is judged by its trailers.
#[derive(Debug)]
pub(super) struct Ongoing {
    /// What has been read already.
    pieces: Pieces,
    inner: Incoming,
    /// Gone once it has been judged.
    attempt: Option<Attempt>,
}

impl Ongoing {
    pub(super) fn new(pieces: Pieces, inner: Incoming, attempt: Attempt) -> Self {
        Self { pieces, inner, attempt: Some(attempt) }
    }

    fn end(&mut self, ending: Ending) {
        if let Some(attempt) = self.attempt.take() {
            attempt.end(ending);
        }
    }
}

impl Body for Ongoing {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if let Some(piece) = self.pieces.pop() {
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

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    fn pieces(texts: &[&'static str]) -> Pieces {
        let mut pieces = Pieces::default();
        texts.iter().for_each(|text| pieces.push(Bytes::from_static(text.as_bytes())));
        pieces
    }

    #[tokio::test]
    async fn a_whole_body_is_its_pieces_in_order_then_its_trailers() {
        for texts in [&[][..], &["one"], &["one", "two", "three"]] {
            let mut trailers = HeaderMap::new();
            trailers.insert("grpc-status", "0".parse().unwrap());
            let read = ResponseBody::whole(pieces(texts), Some(trailers.clone())).collect().await;
            let read = read.unwrap();
            assert_eq!(read.trailers(), Some(&trailers));
            assert_eq!(read.to_bytes(), texts.concat());
            let (data, kept) =
                ResponseBody::whole(pieces(texts), Some(trailers.clone())).into_whole().unwrap();
            assert_eq!((data, kept), (Bytes::from(texts.concat()), Some(trailers)));
        }
        assert!(ResponseBody::empty().is_end_stream());
    }
}

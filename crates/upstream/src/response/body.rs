//! Response bodies.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame};
use rpc::deadline::DeadlineBody;
use telemetry::{ClientCall, WatchedBody};
use tokio::time::Instant;
use tonic::Status;

use super::chunks::Chunks;
use crate::{call::Completion, connection::IncomingBody, in_flight::InFlight};

/// The body of an upstream's response: whole if the call is unary and the body at most 256 KiB,
/// otherwise ongoing.
#[derive(Debug)]
pub struct ResponseBody(Inner);

#[derive(Debug)]
enum Inner {
    Whole(Chunks, Option<HeaderMap>),
    Ongoing(TimedBody),
    /// Ongoing, and records the end of the call.
    Watched(Pin<Box<WatchedBody<TimedBody>>>),
}

/// An ongoing body that fails at the call's deadline.
type TimedBody = Pin<Box<DeadlineBody<OngoingBody>>>;

impl ResponseBody {
    pub(super) fn empty() -> Self {
        Self::whole(Chunks::default(), None)
    }

    pub(crate) fn whole(chunks: Chunks, trailers: Option<HeaderMap>) -> Self {
        Self(Inner::Whole(chunks, trailers))
    }

    pub(super) fn ongoing(body: OngoingBody, deadline: Option<Instant>) -> Self {
        Self(Inner::Ongoing(Box::pin(DeadlineBody::new(body, deadline))))
    }

    /// The same body; if it is ongoing, its end is recorded as the end of `call`.
    pub(super) fn watched(self, call: ClientCall) -> Self {
        match self.0 {
            Inner::Ongoing(body) => Self(Inner::Watched(Box::pin(call.watch(body)))),
            other => Self(other),
        }
    }

    /// Whether a part has yet to arrive. An ongoing body can still fail.
    #[must_use]
    pub fn is_ongoing(&self) -> bool {
        !matches!(self.0, Inner::Whole(..))
    }

    /// The data and the trailers of a whole body.
    ///
    /// # Errors
    /// The body itself, if it is [ongoing](Self::is_ongoing).
    pub fn into_whole(self) -> Result<(Bytes, Option<HeaderMap>), Box<Self>> {
        match self.0 {
            Inner::Whole(chunks, trailers) => Ok((chunks.join(), trailers)),
            _ => Err(Box::new(self)),
        }
    }

    /// The data of a whole body, if it arrived as one chunk.
    pub(crate) fn single_chunk(&self) -> Option<&Bytes> {
        match &self.0 {
            Inner::Whole(Chunks::One(chunk), _) => Some(chunk),
            _ => None,
        }
    }

    /// The trailers of a whole body.
    pub(crate) fn trailers(&self) -> Option<&HeaderMap> {
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
            Inner::Whole(chunks, trailers) => Poll::Ready(match chunks.pop() {
                Some(chunk) => Some(Ok(Frame::data(chunk))),
                None => trailers.take().map(|trailers| Ok(Frame::trailers(trailers))),
            }),
            Inner::Ongoing(body) => body.as_mut().poll_frame(cx),
            Inner::Watched(body) => body.as_mut().poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Inner::Whole(chunks, trailers) => chunks.is_empty() && trailers.is_none(),
            Inner::Ongoing(body) => body.is_end_stream(),
            Inner::Watched(body) => body.is_end_stream(),
        }
    }
}

/// A body whose end completes its attempt.
#[derive(Debug)]
pub(super) struct OngoingBody {
    /// Data that has been read already.
    chunks: Chunks,
    inner: IncomingBody,
    /// `None` once completed.
    in_flight: Option<InFlight>,
}

impl OngoingBody {
    pub(super) fn new(chunks: Chunks, inner: IncomingBody, in_flight: InFlight) -> Self {
        Self { chunks, inner, in_flight: Some(in_flight) }
    }

    fn complete(&mut self, completion: Completion) {
        if let Some(in_flight) = self.in_flight.take() {
            in_flight.complete(completion);
        }
    }
}

impl Body for OngoingBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if let Some(chunk) = self.chunks.pop() {
            return Poll::Ready(Some(Ok(Frame::data(chunk))));
        }
        match ready!(Pin::new(&mut self.inner).poll_frame(cx)) {
            Some(Ok(frame)) => {
                if let Some(trailers) = frame.trailers_ref() {
                    self.complete(Completion::from_trailers(Some(trailers)));
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Some(Err(error)) => {
                let failed = self.in_flight.take().map(|it| it.transport_failed(&error));
                let status = failed.map_or_else(|| Status::unknown(""), |error| error.status);
                Poll::Ready(Some(Err(status)))
            }
            None => {
                self.complete(Completion::NoStatus);
                Poll::Ready(None)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    fn chunks(texts: &[&'static str]) -> Chunks {
        let mut chunks = Chunks::default();
        texts.iter().for_each(|text| chunks.push(Bytes::from_static(text.as_bytes())));
        chunks
    }

    #[tokio::test]
    async fn a_whole_body_yields_its_chunks_in_order_then_its_trailers() {
        for texts in [&[][..], &["one"], &["one", "two", "three"]] {
            let mut trailers = HeaderMap::new();
            trailers.insert("grpc-status", "0".parse().unwrap());
            let read = ResponseBody::whole(chunks(texts), Some(trailers.clone())).collect().await;
            let read = read.unwrap();
            assert_eq!(read.trailers(), Some(&trailers));
            assert_eq!(read.to_bytes(), texts.concat());
            let (data, kept) =
                ResponseBody::whole(chunks(texts), Some(trailers.clone())).into_whole().unwrap();
            assert_eq!((data, kept), (Bytes::from(texts.concat()), Some(trailers)));
        }
        assert!(ResponseBody::empty().is_end_stream());
    }
}

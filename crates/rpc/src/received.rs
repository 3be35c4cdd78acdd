//! Bodies received from h2, of requests and responses.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Bytes, BytesMut};
use h2::{Reason, RecvStream};
use http_body::{Body, Frame};

/// A body received from h2. Reading it grants the peer flow-control capacity.
#[derive(Debug)]
pub struct Received {
    stream: RecvStream,
    data_ended: bool,
}

impl Received {
    /// The body of the request or response on `stream`.
    pub fn new(stream: RecvStream) -> Self {
        Self { stream, data_ended: false }
    }
}

/// The next chunk of `stream`; its flow-control capacity is released.
pub fn poll_data(
    stream: &mut RecvStream,
    cx: &mut Context<'_>,
) -> Poll<Option<Result<Bytes, h2::Error>>> {
    let piece = ready!(stream.poll_data(cx));
    if let Some(Ok(piece)) = &piece {
        stream.flow_control().release_capacity(piece.len()).ok(); // fails only beyond the received amount
    }
    Poll::Ready(piece)
}

impl Body for Received {
    type Data = Bytes;
    type Error = h2::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, h2::Error>>> {
        if !self.data_ended {
            match ready!(poll_data(&mut self.stream, cx)) {
                Some(Ok(piece)) => return Poll::Ready(Some(Ok(Frame::data(piece)))),
                // The peer needs no more of the other direction (RFC 9113, section 8.1).
                Some(Err(error)) if error.reason() == Some(Reason::NO_ERROR) => {
                    return Poll::Ready(None);
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => self.data_ended = true,
            }
        }
        let trailers = ready!(self.stream.poll_trailers(cx));
        Poll::Ready(trailers.transpose().map(|trailers| trailers.map(Frame::trailers)))
    }

    fn is_end_stream(&self) -> bool {
        self.stream.is_end_stream()
    }
}

/// Collects chunks; a single chunk is not copied.
#[derive(Debug, Default)]
pub struct Gathered {
    first: Bytes,
    more: BytesMut,
}

impl Gathered {
    /// Starts with `first`.
    pub fn new(first: Bytes) -> Self {
        Self { first, more: BytesMut::new() }
    }

    /// Appends `piece`.
    pub fn push(&mut self, piece: Bytes) {
        if self.is_empty() {
            self.first = piece;
        } else {
            self.more.extend_from_slice(&piece);
        }
    }

    /// Total length, in bytes.
    pub fn len(&self) -> usize {
        self.first.len() + self.more.len()
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes the contents as one buffer, leaving it empty.
    pub fn take(&mut self) -> Bytes {
        let Self { first, more } = std::mem::take(self);
        if more.is_empty() {
            return first;
        }
        let mut whole = BytesMut::with_capacity(first.len() + more.len());
        whole.extend_from_slice(&first);
        whole.extend_from_slice(&more);
        whole.freeze()
    }
}

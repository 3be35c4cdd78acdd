//! The body of a request, as the general stack reads it.

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use h2::{Reason, RecvStream};
use http::{HeaderMap, header::CONTENT_LENGTH};
use http_body::{Body, Frame, SizeHint};

/// What has been read of a body, and the stream that the rest comes from.
#[derive(Debug)]
pub(super) struct RequestBody {
    read: Bytes,
    stream: RecvStream,
    /// Bytes still to come, if the request has said so.
    left: Option<u64>,
    data_ended: bool,
}

impl RequestBody {
    pub(super) fn new(read: Bytes, stream: RecvStream, headers: &HeaderMap) -> Self {
        // h2 ends a stream whose body is not as long as it says, or says differently twice.
        let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        let left = length.and_then(|length| length.parse().ok());
        let left = if stream.is_end_stream() { Some(read.len() as u64) } else { left };
        Self { read, stream, left, data_ended: false }
    }
}

/// The next piece of `stream`, whose room is given back to the peer.
pub(super) fn poll_data(
    stream: &mut RecvStream,
    cx: &mut Context<'_>,
) -> Poll<Option<Result<Bytes, h2::Error>>> {
    let piece = ready!(stream.poll_data(cx));
    if let Some(Ok(piece)) = &piece {
        stream.flow_control().release_capacity(piece.len()).ok(); // fails only for more than was read
    }
    Poll::Ready(piece)
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = h2::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, h2::Error>>> {
        if !self.data_ended {
            let piece = match mem::take(&mut self.read) {
                read if read.is_empty() => ready!(poll_data(&mut self.stream, cx)),
                read => Some(Ok(read)),
            };
            match piece {
                Some(Ok(piece)) => {
                    self.left = self.left.map(|left| left.saturating_sub(piece.len() as u64));
                    return Poll::Ready(Some(Ok(Frame::data(piece))));
                }
                // The peer has all it wants of the response (RFC 9113, section 8.1).
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
        self.read.is_empty() && self.stream.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

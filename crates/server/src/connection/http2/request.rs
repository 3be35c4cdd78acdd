//! The request body of the general stack.

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use h2::RecvStream;
use http::{HeaderMap, header::CONTENT_LENGTH};
use http_body::{Body, Frame, SizeHint};
use rpc::received::Received;

/// A body: the part read already, then the stream.
#[derive(Debug)]
pub(super) struct RequestBody {
    read: Bytes,
    rest: Received,
    /// Bytes still expected, by `content-length`.
    left: Option<u64>,
}

impl RequestBody {
    pub(super) fn new(read: Bytes, stream: RecvStream, headers: &HeaderMap) -> Self {
        // h2 resets a stream if its body contradicts the length.
        let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        let left = length.and_then(|length| length.parse().ok());
        let left = if stream.is_end_stream() { Some(read.len() as u64) } else { left };
        Self { read, rest: Received::new(stream), left }
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = h2::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, h2::Error>>> {
        let frame = match mem::take(&mut self.read) {
            read if read.is_empty() => ready!(Pin::new(&mut self.rest).poll_frame(cx)),
            read => Some(Ok(Frame::data(read))),
        };
        if let Some(Ok(frame)) = &frame
            && let Some(piece) = frame.data_ref()
        {
            self.left = self.left.map(|left| left.saturating_sub(piece.len() as u64));
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.read.is_empty() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

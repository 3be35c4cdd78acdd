//! Reads the body of a unary request.

use std::task::{Context, Poll, ready};

use bytes::Bytes;
use h2::RecvStream;
use rpc::received::{Gathered, poll_data};

/// The result of reading a request body.
pub(super) enum RequestRead {
    /// The whole body.
    Complete(Bytes),
    /// The part read of a body that is larger than allowed.
    TooLarge(Bytes),
    /// The client has reset the stream or closed the connection.
    ClientGone,
}

/// Reads the body into `gathered`, until its end or the first chunk beyond `max` bytes.
pub(super) fn poll_read(
    gathered: &mut Gathered,
    stream: &mut RecvStream,
    max: usize,
    cx: &mut Context<'_>,
) -> Poll<RequestRead> {
    while !stream.is_end_stream() {
        match ready!(poll_data(stream, cx)) {
            Some(Ok(piece)) => gathered.push(piece),
            Some(Err(_)) => return Poll::Ready(RequestRead::ClientGone),
            None => break,
        }
        if gathered.len() > max {
            return Poll::Ready(RequestRead::TooLarge(gathered.take()));
        }
    }
    Poll::Ready(RequestRead::Complete(gathered.take()))
}

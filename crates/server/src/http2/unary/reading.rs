//! Reading the body of a unary request.

use std::task::{Context, Poll, ready};

use bytes::Bytes;
use h2::RecvStream;
use rpc::received::{Gathered, poll_data};

/// What has come of reading a request.
pub(super) enum Read {
    /// All of its body.
    Whole(Bytes),
    /// More than it may have.
    TooMuch(Bytes),
    /// The client or its connection has left.
    Lost,
}

/// Reads what is there into `gathered`, up to a piece beyond `max` bytes, and waits for more.
pub(super) fn poll_read(
    gathered: &mut Gathered,
    stream: &mut RecvStream,
    max: usize,
    cx: &mut Context<'_>,
) -> Poll<Read> {
    while !stream.is_end_stream() {
        match ready!(poll_data(stream, cx)) {
            Some(Ok(piece)) => gathered.push(piece),
            Some(Err(_)) => return Poll::Ready(Read::Lost),
            None => break,
        }
        if gathered.len() > max {
            return Poll::Ready(Read::TooMuch(gathered.take()));
        }
    }
    Poll::Ready(Read::Whole(gathered.take()))
}

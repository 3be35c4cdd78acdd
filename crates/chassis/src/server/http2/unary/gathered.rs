//! Reading the body of a unary request.

use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use h2::RecvStream;

use crate::server::http2::request::poll_data;

/// The body of a request as far as it has been read.
#[derive(Default)]
pub(super) struct Gathered {
    /// The first piece, which is not copied: mostly there is no other.
    first: Bytes,
    /// All pieces, once there is a second.
    all: BytesMut,
}

/// What has come of reading a request.
pub(super) enum Read {
    /// All of its body.
    Whole(Bytes),
    /// More than it may have.
    TooMuch(Bytes),
    /// The client or its connection has left.
    Lost,
}

impl Gathered {
    /// Reads what is there, up to a piece beyond `max` bytes, and waits for more.
    pub(super) fn poll(
        &mut self,
        stream: &mut RecvStream,
        max: usize,
        cx: &mut Context<'_>,
    ) -> Poll<Read> {
        while !stream.is_end_stream() {
            match ready!(poll_data(stream, cx)) {
                Some(Ok(piece)) => self.add(piece),
                Some(Err(_)) => return Poll::Ready(Read::Lost),
                None => break,
            }
            if self.first.len().max(self.all.len()) > max {
                return Poll::Ready(Read::TooMuch(self.take()));
            }
        }
        Poll::Ready(Read::Whole(self.take()))
    }

    fn add(&mut self, piece: Bytes) {
        if self.first.is_empty() && self.all.is_empty() {
            self.first = piece;
            return;
        }
        if self.all.is_empty() {
            self.all.extend_from_slice(&self.first);
        }
        self.all.extend_from_slice(&piece);
    }

    fn take(&mut self) -> Bytes {
        if self.all.is_empty() {
            std::mem::take(&mut self.first)
        } else {
            self.all.split().freeze()
        }
    }
}

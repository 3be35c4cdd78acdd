//! Receives the body of a request whole, before the request is admitted.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{
    HeaderMap,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};
use http_body::Body as _;
use hyper::body::Incoming;
use rpc::{
    frame::{PREFIX, length_in},
    received::poll_data,
};
use tokio::time::Instant;

use crate::{
    bodies::{BodyBuffer, ConnectionBodies},
    overload::Refusal,
};

/// The end of receiving a body.
#[derive(Debug)]
pub(super) enum BodyRead {
    /// The whole body.
    Whole(Bytes),
    /// The part read of a gRPC body with a message larger than allowed, which the general stack refuses.
    MessageTooLarge(Bytes),
    Refused(Refusal),
    /// The body broke off: its client is gone, or sent garbage.
    Gone,
}

/// A body in pieces.
pub(super) trait Pieces {
    /// The next piece of data; `None` at the end.
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, ()>>>;
}

impl Pieces for h2::RecvStream {
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, ()>>> {
        if self.is_end_stream() {
            return Poll::Ready(None);
        }
        poll_data(self, cx).map(|piece| piece.map(|piece| piece.map_err(drop)))
    }
}

impl Pieces for Incoming {
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, ()>>> {
        let frame = ready!(Pin::new(self).poll_frame(cx));
        // Trailers of a request have no meaning here.
        Poll::Ready(frame.map(|frame| match frame {
            Ok(frame) => Ok(frame.into_data().unwrap_or_default()),
            Err(_) => Err(()),
        }))
    }
}

/// The largest body that is received.
#[derive(Debug, Clone, Copy)]
pub(super) struct BodyLimit {
    max: usize,
    /// Messages follow their prefix.
    is_framed: bool,
}

impl BodyLimit {
    /// The limit for a request with these headers, by the largest message in bytes.
    ///
    /// # Errors
    /// The body says that it is larger.
    pub(super) fn of(headers: &HeaderMap, max_message: usize) -> Result<Self, Refusal> {
        let kind = headers.get(CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
        let max = max_message.saturating_add(PREFIX);
        if kind.starts_with(b"application/grpc-web-text") {
            // Base64: four bytes for three, and padding.
            return Ok(Self { max: max.div_ceil(3).saturating_mul(4), is_framed: false });
        }
        if kind.starts_with(b"application/grpc") {
            return Ok(Self { max, is_framed: true });
        }
        let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        let length: Option<u64> = length.and_then(|length| length.parse().ok());
        match length.is_some_and(|length| length > max_message as u64) {
            true => Err(Refusal::BodyTooLarge),
            false => Ok(Self { max: max_message, is_framed: false }),
        }
    }

    /// Whether the body or its first message is too large.
    fn is_exceeded(self, buffer: &BodyBuffer) -> bool {
        let declared = || buffer.prefix().map(length_in);
        buffer.len() > self.max
            || self.is_framed && declared().is_some_and(|length| length > self.max - PREFIX)
    }

    fn exceeded(self, buffer: &mut BodyBuffer) -> BodyRead {
        match self.is_framed {
            true => BodyRead::MessageTooLarge(buffer.take()),
            false => BodyRead::Refused(Refusal::BodyTooLarge),
        }
    }
}

/// Reads into `buffer` until the body is whole or must be refused.
pub(super) fn poll_read(
    body: &mut impl Pieces,
    buffer: &mut BodyBuffer,
    limit: BodyLimit,
    bodies: &ConnectionBodies,
    cx: &mut Context<'_>,
) -> Poll<BodyRead> {
    loop {
        match ready!(body.poll_piece(cx)) {
            Some(Ok(piece)) => {
                if let Err(refusal) = buffer.push(piece, bodies.memory()) {
                    return Poll::Ready(BodyRead::Refused(refusal));
                }
            }
            Some(Err(())) => return Poll::Ready(BodyRead::Gone),
            None => return Poll::Ready(BodyRead::Whole(buffer.take())),
        }
        if limit.is_exceeded(buffer) {
            return Poll::Ready(limit.exceeded(buffer));
        }
    }
}

/// Waits for a body that has not arrived whole, within the limits on bodies that are awaited.
pub(super) async fn wait(
    body: &mut impl Pieces,
    mut buffer: BodyBuffer,
    limit: BodyLimit,
    bodies: &ConnectionBodies,
    deadline: Option<Instant>,
) -> BodyRead {
    let _place = match bodies.wait() {
        Ok(place) => place,
        Err(refusal) => return BodyRead::Refused(refusal),
    };
    if let Err(refusal) = buffer.detach(bodies.memory()) {
        return BodyRead::Refused(refusal);
    }
    let mut pace = bodies.pace(deadline);
    loop {
        tokio::select! {
            biased;
            read = poll_fn(|cx| poll_read(body, &mut buffer, limit, bodies, cx)) => return read,
            () = pace.wait() => {}
        }
        if let Err(refusal) = pace.check(buffer.len()) {
            return BodyRead::Refused(refusal);
        }
    }
}

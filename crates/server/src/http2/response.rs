//! Sending a response, and cutting it when its reader takes nothing.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    task::{Poll, ready},
    time::{Duration, SystemTime},
};

use axum::body::Body;
use bytes::Bytes;
use h2::{Reason, SendStream, server::SendResponse};
use http::{
    HeaderMap, HeaderName, HeaderValue, Response,
    header::{CONNECTION, CONTENT_LENGTH, DATE, TE, TRANSFER_ENCODING, UPGRADE},
};
use http_body::{Body as _, Frame};
use tokio::time::{Instant, timeout_at};

/// The most handed to h2 at once, in bytes: it keeps that until the reader takes it.
pub(super) const PIECE: usize = 64 << 10;

/// What belongs to an HTTP/1 connection (RFC 9113, section 8.2.2).
const OF_HTTP1: [HeaderName; 6] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    TRANSFER_ENCODING,
    TE,
    UPGRADE,
];

/// How a response is sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sending {
    /// How long the reader may take nothing of what is there for it.
    pub(super) stall: Duration,
    /// When the caller stops waiting.
    pub(super) deadline: Option<Instant>,
    /// Whether responses say when they were made.
    pub(super) dated: bool,
}

impl Sending {
    /// Waits for the response and sends it, unless its reader cancels.
    pub(super) async fn run(
        self,
        response: impl Future<Output = Response<Body>>,
        mut respond: SendResponse<Bytes>,
    ) {
        let mut response = pin!(response);
        let response = poll_fn(|cx| match response.as_mut().poll(cx) {
            Poll::Ready(response) => Poll::Ready(Some(response)),
            Poll::Pending => respond.poll_reset(cx).map(|_| None),
        });
        let Some(response) = response.await else { return };
        if let Some((body, stream)) = self.begin(response, &mut respond) {
            self.send_body(body, stream).await;
        }
    }

    /// Sends the head of a response. Its body, if it has one.
    pub(super) fn begin(
        self,
        response: Response<Body>,
        respond: &mut SendResponse<Bytes>,
    ) -> Option<(Body, SendStream<Bytes>)> {
        let (mut head, body) = response.into_parts();
        strip(&mut head.headers);
        self.date(&mut head.headers);
        let has_body = !body.is_end_stream();
        if has_body && let Some(length) = body.size_hint().exact() {
            head.headers.entry(CONTENT_LENGTH).or_insert_with(|| length.into());
        }
        match respond.send_response(Response::from_parts(head, ()), !has_body) {
            Ok(stream) => has_body.then_some((body, stream)),
            Err(error) => {
                tracing::debug!(%error, "a response could not be sent");
                respond.send_reset(Reason::INTERNAL_ERROR);
                None
            }
        }
    }

    /// Says when the response was made, unless it does.
    pub(super) fn date(self, headers: &mut HeaderMap) {
        if self.dated && !headers.contains_key(DATE) {
            headers.insert(DATE, now());
        }
    }

    /// Sends a body as fast as its reader takes it, and no longer than that is allowed to take.
    pub(super) async fn send_body(self, mut body: Body, mut stream: SendStream<Bytes>) {
        let mut rest = Bytes::new();
        loop {
            match self.room(&mut stream).await {
                Room::Some => {}
                // Dropping the stream resets it.
                Room::None => {
                    return tracing::debug!("cut a response that its reader does not take");
                }
                Room::Gone => return,
            }
            let frame = if rest.is_empty() {
                next_frame(&mut body, &mut stream).await
            } else {
                Next::Frame(Frame::data(std::mem::take(&mut rest)))
            };
            let sent = match frame {
                Next::Frame(frame) => match frame.into_data() {
                    Ok(mut data) => {
                        if data.len() > PIECE {
                            rest = data.split_off(PIECE);
                        }
                        let ends = rest.is_empty() && body.is_end_stream();
                        stream.send_data(data, ends).map(|()| ends)
                    }
                    Err(frame) => {
                        // Capacity that is not needed is the connection's again.
                        stream.reserve_capacity(0);
                        let trailers = frame.into_trailers().unwrap_or_default();
                        stream.send_trailers(trailers).map(|()| true)
                    }
                },
                Next::End => stream.send_data(Bytes::new(), true).map(|()| true),
                Next::Failed => return stream.send_reset(Reason::INTERNAL_ERROR),
                Next::Gone => return,
            };
            if !matches!(sent, Ok(false)) {
                return;
            }
        }
    }

    /// Waits until the reader takes more, within the limits.
    async fn room(self, stream: &mut SendStream<Bytes>) -> Room {
        stream.reserve_capacity(1);
        if stream.capacity() > 0 {
            return Room::Some;
        }
        let stalled = Instant::now() + self.stall;
        let by = self.deadline.map_or(stalled, |deadline| deadline.min(stalled));
        let capacity = poll_fn(|cx| {
            loop {
                match ready!(stream.poll_capacity(cx)) {
                    Some(Ok(0)) => {}
                    Some(Ok(_)) => return Poll::Ready(Room::Some),
                    Some(Err(_)) | None => return Poll::Ready(Room::Gone),
                }
            }
        });
        timeout_at(by, capacity).await.unwrap_or(Room::None)
    }
}

/// What comes of waiting for a reader.
enum Room {
    Some,
    /// It has taken nothing for too long.
    None,
    /// It has left.
    Gone,
}

/// What comes next of a body.
enum Next {
    Frame(Frame<Bytes>),
    End,
    Failed,
    /// Its reader has left.
    Gone,
}

async fn next_frame(body: &mut Body, stream: &mut SendStream<Bytes>) -> Next {
    poll_fn(|cx| match Pin::new(&mut *body).poll_frame(cx) {
        Poll::Ready(Some(Ok(frame))) => Poll::Ready(Next::Frame(frame)),
        Poll::Ready(Some(Err(error))) => {
            tracing::debug!(%error, "a response broke off");
            Poll::Ready(Next::Failed)
        }
        Poll::Ready(None) => Poll::Ready(Next::End),
        Poll::Pending => stream.poll_reset(cx).map(|_| Next::Gone),
    })
    .await
}

fn strip(headers: &mut HeaderMap) {
    for name in &OF_HTTP1 {
        headers.remove(name);
    }
}

/// The time in the form of the `date` header (RFC 9110, section 5.6.7).
fn now() -> HeaderValue {
    let date = httpdate::fmt_http_date(SystemTime::now());
    HeaderValue::try_from(date).expect("a date is plain text")
}

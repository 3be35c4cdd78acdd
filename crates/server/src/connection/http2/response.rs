//! Sends a response, with a stall timeout for its client.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    task::{Context, Poll, Waker, ready},
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

/// Maximum data in one piece for h2, in bytes: h2 buffers it until the client reads it.
pub(super) const PIECE: usize = 64 << 10;

/// Headers that only HTTP/1 connections may have (RFC 9113, section 8.2.2).
const OF_HTTP1: [HeaderName; 6] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    TRANSFER_ENCODING,
    TE,
    UPGRADE,
];

/// Sends the response of a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct ResponseSender {
    /// Time after which a client that reads nothing of pending data is cut off.
    pub(super) stall: Duration,
    /// Deadline of the call.
    pub(super) deadline: Option<Instant>,
    /// Whether responses carry a `date` header.
    pub(super) dated: bool,
}

impl ResponseSender {
    /// Waits for the response and sends it, unless the client cancels.
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

    /// Sends the head of a response. Returns its body, if it has one.
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
                tracing::debug!(%error, "sending a response failed");
                respond.send_reset(Reason::INTERNAL_ERROR);
                None
            }
        }
    }

    /// Adds a `date` header, if wanted and missing.
    pub(super) fn date(self, headers: &mut HeaderMap) {
        if self.dated && !headers.contains_key(DATE) {
            headers.insert(DATE, now());
        }
    }

    /// Sends a body of known size that is ready and within the flow-control window. Returns whether it has.
    pub(super) fn try_send_body(self, body: &mut Body, stream: &mut SendStream<Bytes>) -> bool {
        let Some(length) = body.size_hint().exact().and_then(|it| usize::try_from(it).ok()) else {
            return false;
        };
        if length > PIECE {
            return false;
        }
        stream.reserve_capacity(length);
        if stream.capacity() < length {
            return false;
        }
        let mut unwoken = Context::from_waker(Waker::noop());
        match Pin::new(body).poll_frame(&mut unwoken) {
            Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                Ok(data) => stream.send_data(data, true).is_ok(),
                Err(_) => false,
            },
            _ => false,
        }
    }

    /// Sends a body as fast as the client reads it, within stall timeout and deadline.
    pub(super) async fn send_body(self, mut body: Body, mut stream: SendStream<Bytes>) {
        let mut rest = Bytes::new();
        loop {
            match self.wait_for_capacity(&mut stream).await {
                Capacity::Available => {}
                // Dropped, the stream is reset.
                Capacity::Stalled => {
                    return tracing::debug!("cut a response: the client reads nothing");
                }
                Capacity::Gone => return,
            }
            let frame = if rest.is_empty() {
                next_frame(&mut body, &mut stream).await
            } else {
                NextFrame::Frame(Frame::data(std::mem::take(&mut rest)))
            };
            let sent = match frame {
                NextFrame::Frame(frame) => match frame.into_data() {
                    Ok(mut data) => {
                        if data.len() > PIECE {
                            rest = data.split_off(PIECE);
                        }
                        let ends = rest.is_empty() && body.is_end_stream();
                        stream.send_data(data, ends).map(|()| ends)
                    }
                    Err(frame) => {
                        // Returns unused capacity to the connection.
                        stream.reserve_capacity(0);
                        let trailers = frame.into_trailers().unwrap_or_default();
                        stream.send_trailers(trailers).map(|()| true)
                    }
                },
                NextFrame::End => stream.send_data(Bytes::new(), true).map(|()| true),
                NextFrame::Failed => return stream.send_reset(Reason::INTERNAL_ERROR),
                NextFrame::Gone => return,
            };
            if !matches!(sent, Ok(false)) {
                return;
            }
        }
    }

    /// Waits for flow-control capacity, within stall timeout and deadline.
    async fn wait_for_capacity(self, stream: &mut SendStream<Bytes>) -> Capacity {
        stream.reserve_capacity(1);
        if stream.capacity() > 0 {
            return Capacity::Available;
        }
        let stalled = Instant::now() + self.stall;
        let by = self.deadline.map_or(stalled, |deadline| deadline.min(stalled));
        let capacity = poll_fn(|cx| {
            loop {
                match ready!(stream.poll_capacity(cx)) {
                    Some(Ok(0)) => {}
                    Some(Ok(_)) => return Poll::Ready(Capacity::Available),
                    Some(Err(_)) | None => return Poll::Ready(Capacity::Gone),
                }
            }
        });
        timeout_at(by, capacity).await.unwrap_or(Capacity::Stalled)
    }
}

/// Flow-control capacity of a response stream.
enum Capacity {
    Available,
    /// The client has read nothing for the stall timeout, or the deadline has passed.
    Stalled,
    /// The client has reset the stream.
    Gone,
}

/// The next step of reading a response body.
enum NextFrame {
    Frame(Frame<Bytes>),
    End,
    Failed,
    /// The client has reset the stream.
    Gone,
}

async fn next_frame(body: &mut Body, stream: &mut SendStream<Bytes>) -> NextFrame {
    poll_fn(|cx| match Pin::new(&mut *body).poll_frame(cx) {
        Poll::Ready(Some(Ok(frame))) => Poll::Ready(NextFrame::Frame(frame)),
        Poll::Ready(Some(Err(error))) => {
            tracing::debug!(%error, "a response body failed");
            Poll::Ready(NextFrame::Failed)
        }
        Poll::Ready(None) => Poll::Ready(NextFrame::End),
        Poll::Pending => stream.poll_reset(cx).map(|_| NextFrame::Gone),
    })
    .await
}

fn strip(headers: &mut HeaderMap) {
    for name in &OF_HTTP1 {
        headers.remove(name);
    }
}

/// The current time as a `date` header (RFC 9110, section 5.6.7).
fn now() -> HeaderValue {
    let date = httpdate::fmt_http_date(SystemTime::now());
    HeaderValue::try_from(date).expect("a date is plain text")
}

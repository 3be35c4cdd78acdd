//! A gRPC response body that always ends with a status.

use std::{
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures::future::BoxFuture;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use rpc::status::{ANSWER_TOO_LARGE, error, leaving};
use tonic::{Code, Status};

use super::framing::Framing;
use crate::{lifetime::Lifetime, methods::Kind, panic::panicked};

/// Time in which watches may end themselves, with a cursor to resume from, once the server drains.
const OWN_END: Duration = Duration::from_secs(1);

pin_project! {
    /// A body that ends with a status in its trailers when it panics, when a message exceeds `max`
    /// bytes, and when its connection is about to close.
    pub(crate) struct ResponseBody<B> {
        #[pin]
        inner: B,
        max: usize,
        framing: Framing,
        // Resolves when the body must end, to its status.
        end: Option<BoxFuture<'static, Status>>,
        over: bool,
    }
}

impl<B> ResponseBody<B> {
    pub(crate) fn new(
        inner: B,
        max: usize,
        framing: Framing,
        kind: Kind,
        lifetime: Option<Lifetime>,
    ) -> Self {
        let end = lifetime.and_then(|lifetime| end(kind, lifetime));
        Self { inner, max, framing, end, over: false }
    }
}

/// A response body that ends with a status when a message exceeds `max` bytes.
pub(crate) fn limited(body: axum::body::Body, max: usize) -> axum::body::Body {
    let body = ResponseBody::new(body, max, Framing::default(), Kind::Unary, None);
    axum::body::Body::new(body)
}

/// The forced end of a stream when its connection closes. Unary calls are short and need none.
fn end(kind: Kind, lifetime: Lifetime) -> Option<BoxFuture<'static, Status>> {
    let last_call = lifetime.last_call();
    match kind {
        Kind::Unary => None,
        Kind::ServerStream | Kind::ClientStream => Some(Box::pin(async move {
            last_call.await;
            leaving()
        })),
        Kind::Watch | Kind::Upload => Some(Box::pin(async move {
            let closing = async {
                lifetime.closing().await;
                tokio::time::sleep(OWN_END).await;
            };
            tokio::select! {
                () = closing => {}
                () = last_call => {}
            }
            leaving()
        })),
    }
}

impl<B: Body<Data = Bytes>> Body for ResponseBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.project();
        if *this.over {
            return Poll::Ready(None);
        }
        // A client cannot decode a partial message.
        if this.framing.is_between_messages()
            && let Some(end) = this.end
            && let Poll::Ready(status) = end.as_mut().poll(cx)
        {
            return Poll::Ready(last(this.over, &status));
        }
        let inner = this.inner;
        // After a panic the body is not polled again.
        let frame = match catch_unwind(AssertUnwindSafe(|| inner.poll_frame(cx))) {
            Ok(frame) => frame,
            Err(panic) => {
                return Poll::Ready(last(this.over, &panicked("stream", panic.as_ref())));
            }
        };
        if let Poll::Ready(Some(Ok(frame))) = &frame
            && let Some(bytes) = frame.data_ref()
        {
            let max = *this.max;
            let sendable = this.framing.follow(bytes.clone(), |prefix| match prefix.length > max {
                true => Err(too_large(prefix.length, max)),
                false => Ok(()),
            });
            if let Err(status) = sendable {
                return Poll::Ready(last(this.over, &status));
            }
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.over || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        // It may end early.
        SizeHint::default()
    }
}

/// The last frame of a body.
fn last<E>(over: &mut bool, status: &Status) -> Option<Result<Frame<Bytes>, E>> {
    if mem::replace(over, true) {
        return None;
    }
    let mut trailers = HeaderMap::new();
    status.add_header(&mut trailers).expect("our own status has valid headers");
    Some(Ok(Frame::trailers(trailers)))
}

pub(crate) fn too_large(length: usize, max: usize) -> Status {
    let message = format!("a response of {length} bytes exceeds the limit of {max}");
    error(Code::ResourceExhausted, ANSWER_TOO_LARGE, message)
}

#[cfg(test)]
mod tests {
    use futures::stream;
    use http_body_util::{BodyExt as _, StreamBody};

    use super::*;

    /// Reads a body of these frames, of which `None` panics: its bytes and final status.
    async fn read(frames: Vec<Option<&'static [u8]>>) -> (Vec<u8>, Option<Status>) {
        let frames = frames.into_iter().map(|bytes| {
            let bytes = bytes.expect("a secret detail");
            Ok::<_, std::convert::Infallible>(Frame::data(Bytes::from_static(bytes)))
        });
        let body = StreamBody::new(stream::iter(frames));
        let Ok(read) = ResponseBody::new(body, 10, Framing::default(), Kind::ServerStream, None)
            .collect()
            .await;
        let status = read.trailers().and_then(Status::from_header_map);
        (read.to_bytes().to_vec(), status)
    }

    #[tokio::test]
    async fn a_panic_in_a_stream_becomes_its_status() {
        let (bytes, status) = read(vec![Some(&[0, 0, 0, 0, 1, 7]), None]).await;
        assert_eq!(bytes, [0, 0, 0, 0, 1, 7]);
        let status = status.expect("a status");
        assert_eq!(status.code(), Code::Internal);
        assert!(!status.message().contains("secret"), "{status:?}");
    }

    #[tokio::test]
    async fn a_response_too_large_becomes_a_status() {
        let (bytes, status) = read(vec![Some(&[0, 0, 0, 0, 11]), Some(&[7; 11])]).await;
        assert!(bytes.is_empty());
        assert_eq!(status.expect("a status").code(), Code::ResourceExhausted);
    }
}

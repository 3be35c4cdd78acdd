//! The body of a stream, which ends when its caller may no longer read it.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::body::Body;
use bytes::Bytes;
use futures::future::BoxFuture;
use http::HeaderMap;
use http_body::{Frame, SizeHint};
use tonic::Status;

/// The body of a stream. When access is lost, it ends with the status that says why.
pub(super) struct RevocableBody {
    inner: Body,
    /// `None` once the body has ended.
    lost_access: Option<BoxFuture<'static, Status>>,
}

impl RevocableBody {
    pub(super) fn new(inner: Body, lost_access: BoxFuture<'static, Status>) -> Self {
        Self { inner, lost_access: Some(lost_access) }
    }
}

impl http_body::Body for RevocableBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Some(lost_access) = &mut self.lost_access else { return Poll::Ready(None) };
        if let Poll::Ready(status) = lost_access.as_mut().poll(cx) {
            self.lost_access = None;
            self.inner = Body::empty();
            let mut trailers = HeaderMap::new();
            status.add_header(&mut trailers).expect("our own status has valid headers");
            return Poll::Ready(Some(Ok(Frame::trailers(trailers))));
        }
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        if frame.is_none() {
            self.lost_access = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

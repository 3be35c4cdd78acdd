//! How a forwarded call ends when something breaks under way: with a status, never a bare reset.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
};

use axum::body::Body;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tonic::Status;
use upstream::ResponseBody;

/// What our own side found wrong with the request's body, such as a message too large.
#[derive(Clone, Default)]
pub(super) struct Fault(Arc<Mutex<Option<Status>>>);

impl Fault {
    pub(super) fn take(&self) -> Option<Status> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put(&self, status: Status) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(status);
    }
}

/// The request's body, and what will be found wrong with it.
pub(super) fn watch(body: Body) -> (Watched, Fault) {
    let fault = Fault::default();
    (Watched { inner: body, fault: fault.clone() }, fault)
}

pub(super) struct Watched {
    inner: Body,
    fault: Fault,
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        if let Some(Err(error)) = &frame
            && let Some(status) = status_in(error)
        {
            self.fault.put(status);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

fn status_in(error: &axum::Error) -> Option<Status> {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if let Some(status) = error.downcast_ref::<Status>() {
            return Some(status.clone());
        }
        cause = error.source();
    }
    None
}

/// The answer's body. When it breaks off, its trailers say why.
pub(super) struct Ending {
    inner: ResponseBody,
    fault: Fault,
    service: &'static str,
    over: bool,
}

impl Ending {
    pub(super) fn new(inner: ResponseBody, fault: Fault, service: &'static str) -> Self {
        Self { inner, fault, service, over: false }
    }

    fn trailers(&self, error: &Status) -> Frame<Bytes> {
        let status = self.fault.take().unwrap_or_else(|| {
            tracing::warn!(upstream = self.service, %error, "a forwarded stream broke off");
            rpc::status::upstream_unavailable(self.service)
        });
        let mut trailers = http::HeaderMap::new();
        status.add_header(&mut trailers).expect("our own status has valid headers");
        Frame::trailers(trailers)
    }
}

impl http_body::Body for Ending {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.over {
            return Poll::Ready(None);
        }
        match ready!(Pin::new(&mut self.inner).poll_frame(cx)) {
            Some(Ok(frame)) => Poll::Ready(Some(Ok(frame))),
            Some(Err(error)) => {
                self.over = true;
                Poll::Ready(Some(Ok(self.trailers(&error))))
            }
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.over || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

//! The bodies of a forwarded call. A call that breaks off ends with a gRPC status, never with a bare
//! reset.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
};

use axum::body::Body;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use rpc::status::{UPSTREAM_UNAVAILABLE, status_in, upstream_unavailable};
use telemetry::FailureCause;
use tonic::Status;
use upstream::ResponseBody;

/// The status with which this server refused the request's body, such as for a message too large.
#[derive(Clone, Default)]
pub(super) struct RequestFault(Arc<Mutex<Option<Status>>>);

impl RequestFault {
    pub(super) fn take(&self) -> Option<Status> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn set(&self, status: Status) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(status);
    }
}

/// A request's body that keeps the status of its failure in a [`RequestFault`].
pub(super) struct RequestBody {
    inner: Body,
    fault: RequestFault,
}

impl RequestBody {
    pub(super) fn new(inner: Body) -> (Self, RequestFault) {
        let fault = RequestFault::default();
        (Self { inner, fault: fault.clone() }, fault)
    }
}

impl http_body::Body for RequestBody {
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
            self.fault.set(status.clone());
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

/// A response's body. If it breaks off, it ends with trailers that have a status.
pub(super) struct ForwardedBody {
    inner: ResponseBody,
    fault: RequestFault,
    service: &'static str,
    cause: FailureCause,
    ended: bool,
}

impl ForwardedBody {
    /// `cause` gets the upstream's error, for the log line of the call.
    pub(super) fn new(
        inner: ResponseBody,
        fault: RequestFault,
        service: &'static str,
        cause: FailureCause,
    ) -> Self {
        Self { inner, fault, service, cause, ended: false }
    }

    fn trailers(&self, error: &Status) -> Frame<Bytes> {
        let status = self.fault.take().unwrap_or_else(|| {
            tracing::debug!(upstream = self.service, %error, "a forwarded stream broke off");
            let error = format!("the stream from {} broke off: {error}", self.service);
            self.cause.set(UPSTREAM_UNAVAILABLE, error);
            upstream_unavailable(self.service)
        });
        let mut trailers = http::HeaderMap::new();
        status.add_header(&mut trailers).expect("our own status has valid headers");
        Frame::trailers(trailers)
    }
}

impl http_body::Body for ForwardedBody {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        match ready!(Pin::new(&mut self.inner).poll_frame(cx)) {
            Some(Ok(frame)) => Poll::Ready(Some(Ok(frame))),
            Some(Err(error)) => {
                self.ended = true;
                Poll::Ready(Some(Ok(self.trailers(&error))))
            }
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.ended || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

//! Instruments calls from their first byte to their last: a server layer, and a handle for clients.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use contract::Method;
use http::{HeaderMap, Request, Response};
use http_body::{Body, Frame, SizeHint};
use opentelemetry::KeyValue;
use pin_project_lite::pin_project;
use tower::{Layer, Service};

use crate::{
    call::{Call, RequestHead},
    outcome::Outcome,
    propagate::Trust,
};

/// Resolves a request path to a method.
pub type FindMethod = std::sync::Arc<dyn Fn(&str) -> Method + Send + Sync>;

/// Records every call of a server: its span, its duration and its outcome.
#[derive(Clone)]
pub struct ServerLayer {
    trust: Trust,
    methods: Option<FindMethod>,
}

impl ServerLayer {
    /// The layer for gRPC.
    #[must_use]
    pub fn grpc(trust: Trust, methods: FindMethod) -> Self {
        Self { trust, methods: Some(methods) }
    }

    /// The layer for HTTP. Put it around the routes of a router: the route is a label.
    #[must_use]
    pub fn http(trust: Trust) -> Self {
        Self { trust, methods: None }
    }
}

impl<S> Layer<S> for ServerLayer {
    type Service = Watched<S>;

    fn layer(&self, inner: S) -> Watched<S> {
        Watched { inner, layer: self.clone() }
    }
}

/// The service of [`ServerLayer`].
#[derive(Clone)]
pub struct Watched<S> {
    inner: S,
    layer: ServerLayer,
}

impl<S, B, R> Service<Request<B>> for Watched<S>
where
    S: Service<Request<B>, Response = Response<R>>,
{
    type Response = Response<WatchedBody<R>>;
    type Error = S::Error;
    type Future = WatchedFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let ServerLayer { trust, methods } = &self.layer;
        let call = match methods {
            Some(methods) => {
                let method = methods(request.uri().path());
                Call::grpc_server(method, RequestHead::of(&request), trust)
            }
            None => Call::http_server(&request, trust),
        };
        let inner = {
            let (_context, _log) = (call.enter(), call.log_span.enter());
            self.inner.call(request)
        };
        WatchedFuture { inner, call: Some(call) }
    }
}

pin_project! {
    /// The future of [`Watched`].
    pub struct WatchedFuture<F> {
        #[pin]
        inner: F,
        call: Option<Call>,
    }
}

impl<F, R, E> Future for WatchedFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = Result<Response<WatchedBody<R>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = {
            let call = this.call.as_ref();
            let (_context, _log) = (call.map(Call::enter), call.map(|call| call.log_span.enter()));
            ready!(this.inner.poll(cx))
        };
        let mut call = this.call.take();
        Poll::Ready(response.map(|mut response| {
            if let Some(call) = &mut call {
                call.cause = response.extensions_mut().remove();
                call.outcome = if is_grpc(&response) {
                    Outcome::from_headers(response.headers())
                } else {
                    Some(Outcome::Http(response.status()))
                };
            }
            response.map(|inner| WatchedBody { inner, call })
        }))
    }
}

fn is_grpc<R>(response: &Response<R>) -> bool {
    let kind = response.headers().get(http::header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"))
}

/// A call to another service. Dropping it before its end records it as cancelled.
#[derive(Debug)]
pub struct ClientCall(Call);

impl ClientCall {
    /// Begins a call as a child of the current one, and writes the trace context into `headers`.
    pub fn begin(method: Method, upstream: &'static str, headers: &mut HeaderMap) -> Self {
        Self(Call::grpc_client(method, upstream, headers))
    }

    /// Records an attempt at the endpoint at `address`; a retried call has several.
    pub fn attempt(&self, address: &str) {
        self.0.event("attempt", || vec![KeyValue::new("network.peer.address", address.to_owned())]);
    }

    /// Ends the call with the status in these headers or trailers.
    pub fn end(mut self, trailers: &HeaderMap) {
        self.0.outcome = Outcome::from_headers(trailers).or(Some(Outcome::NO_STATUS));
    }

    /// Ends the call with this gRPC code.
    pub fn fail(mut self, code: i32) {
        self.0.outcome = Some(Outcome::from_code(code));
    }

    /// Ends the call when this response body ends.
    pub fn watch<B>(self, body: B) -> WatchedBody<B> {
        WatchedBody { inner: body, call: Some(self.0) }
    }
}

pin_project! {
    /// A response body that records the end of its call.
    #[derive(Debug)]
    pub struct WatchedBody<R> {
        #[pin]
        inner: R,
        call: Option<Call>,
    }
}

impl<R: Body<Error: std::fmt::Display>> Body for WatchedBody<R> {
    type Data = R::Data;
    type Error = R::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<R::Data>, R::Error>>> {
        let this = self.project();
        let frame = {
            let call = this.call.as_ref();
            let (_context, _log) = (call.map(Call::enter), call.map(|call| call.log_span.enter()));
            ready!(this.inner.poll_frame(cx))
        };
        if let Some(call) = this.call {
            match &frame {
                Some(Ok(frame)) => {
                    if let Some(trailers) = frame.trailers_ref() {
                        call.outcome = Outcome::from_headers(trailers);
                    }
                }
                Some(Err(error)) => {
                    call.outcome = Some(Outcome::NO_STATUS);
                    call.cause.get_or_insert_default().set_body_error(error);
                }
                None => call.outcome = call.outcome.or(Some(Outcome::NO_STATUS)),
            }
        }
        if frame.is_none() {
            *this.call = None;
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

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, future::ready, io, pin::pin, task::Waker};

    use http::StatusCode;
    use tower::service_fn;

    use super::*;
    use crate::{
        failure_cause::FailureCause,
        line::{LineStyle, tests::logged},
    };

    /// A body that fails at once.
    struct FailingBody;

    impl Body for FailingBody {
        type Data = &'static [u8];
        type Error = io::Error;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Self::Data>, io::Error>>> {
            Poll::Ready(Some(Err(io::Error::other("the disk is gone"))))
        }
    }

    /// The one line about a request with this response.
    fn line_of(response: Response<FailingBody>, reads_body: bool) -> serde_json::Value {
        let log = logged(LineStyle::Json, || {
            let mut response = Some(response);
            let inner = service_fn(move |_: Request<()>| {
                ready(Ok::<_, Infallible>(response.take().expect("one request")))
            });
            let mut service = ServerLayer::http(Trust::All).layer(inner);
            let cx = &mut Context::from_waker(Waker::noop());
            let Poll::Ready(Ok(response)) = pin!(service.call(Request::new(()))).poll(cx) else {
                panic!("the service is ready");
            };
            if reads_body {
                assert!(pin!(response.into_body()).poll_frame(cx).is_ready());
            }
        });
        // Without the lines of OpenTelemetry itself.
        let mut lines = log.lines().filter(|line| line.contains("\"telemetry::call\""));
        let line = lines.next().expect("a line");
        assert_eq!(lines.next(), None);
        serde_json::from_str(line).expect("JSON")
    }

    #[test]
    fn failed_request_is_one_line_with_its_cause() {
        let mut response = Response::new(FailingBody);
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        response.extensions_mut().insert(FailureCause::new("DOWN", "connection refused"));
        let line = line_of(response, false);
        assert_eq!((&line["message"], &line["status"]), (&"request failed".into(), &503.into()));
        assert_eq!(
            (&line["reason"], &line["error"]),
            (&"DOWN".into(), &"connection refused".into())
        );
    }

    #[test]
    fn failed_body_is_one_line_with_its_error() {
        let line = line_of(Response::new(FailingBody), true);
        assert_eq!((&line["message"], &line["status"]), (&"request failed".into(), &500.into()));
        assert_eq!(line["error"], "the disk is gone");
    }
}

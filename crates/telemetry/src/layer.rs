//! The server layer, and the client's side of it: every call is seen from its first byte to its last.

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
    call::{Call, Came},
    outcome::Outcome,
    propagate::Trust,
};

/// Finds the method that a path names.
pub type FindMethod = std::sync::Arc<dyn Fn(&str) -> Method + Send + Sync>;

/// Watches every call of a server: who asked, how it ended, how long it took.
#[derive(Clone)]
pub struct ServerLayer {
    trust: Trust,
    methods: Option<FindMethod>,
}

impl ServerLayer {
    /// Of calls by gRPC.
    #[must_use]
    pub fn grpc(trust: Trust, methods: FindMethod) -> Self {
        Self { trust, methods: Some(methods) }
    }

    /// Of requests by HTTP. Belongs around the routes of a router, whose names are labels.
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

/// What [`ServerLayer`] makes.
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
            Some(methods) => Call::served(methods(request.uri().path()), Came::of(&request), trust),
            None => Call::web(&request, trust),
        };
        let inner = {
            let (_context, _log) = (call.enter(), call.log.enter());
            self.inner.call(request)
        };
        WatchedFuture { inner, call: Some(call) }
    }
}

pin_project! {
    /// The future of a watched call.
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
            let (_context, _log) = (call.map(Call::enter), call.map(|call| call.log.enter()));
            ready!(this.inner.poll(cx))
        };
        let mut call = this.call.take();
        Poll::Ready(response.map(|response| {
            if let Some(call) = &mut call {
                call.outcome = match is_grpc(&response) {
                    true => Outcome::of_grpc(response.headers()),
                    false => Some(Outcome::Http(response.status())),
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

/// A call to another service. Dropped before its end, it was given up.
#[derive(Debug)]
pub struct ClientCall(Call);

impl ClientCall {
    /// Begins it, on behalf of the call that is current; `headers` tell `upstream` so.
    pub fn begin(method: Method, upstream: &'static str, headers: &mut HeaderMap) -> Self {
        Self(Call::sent(method, upstream, headers))
    }

    /// It is sent to the endpoint at `address`, not for the first time perhaps.
    pub fn attempt(&self, address: &str) {
        self.0.event("attempt", || vec![KeyValue::new("network.peer.address", address.to_owned())]);
    }

    /// It ended with these headers or trailers.
    pub fn end(mut self, trailers: &HeaderMap) {
        self.0.outcome = Outcome::of_grpc(trailers).or(Some(Outcome::SILENT));
    }

    /// It ended with this status, by number.
    pub fn fail(mut self, code: i32) {
        self.0.outcome = Some(Outcome::of_code(code));
    }

    /// It ends with this body.
    pub fn watch<B>(self, body: B) -> WatchedBody<B> {
        WatchedBody { inner: body, call: Some(self.0) }
    }
}

pin_project! {
    /// A body that tells its call how it ended.
    #[derive(Debug)]
    pub struct WatchedBody<R> {
        #[pin]
        inner: R,
        call: Option<Call>,
    }
}

impl<R: Body> Body for WatchedBody<R> {
    type Data = R::Data;
    type Error = R::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<R::Data>, R::Error>>> {
        let this = self.project();
        let frame = {
            let call = this.call.as_ref();
            let (_context, _log) = (call.map(Call::enter), call.map(|call| call.log.enter()));
            ready!(this.inner.poll_frame(cx))
        };
        if let Some(call) = this.call {
            match &frame {
                Some(Ok(frame)) => {
                    if let Some(trailers) = frame.trailers_ref() {
                        call.outcome = Outcome::of_grpc(trailers);
                    }
                }
                Some(Err(_)) => call.outcome = Some(Outcome::SILENT),
                None => call.outcome = call.outcome.or(Some(Outcome::SILENT)),
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

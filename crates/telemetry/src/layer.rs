//! The server layer: a request id, a span, a duration, and a line for what went wrong.

use std::{
    mem,
    pin::Pin,
    sync::LazyLock,
    task::{Context, Poll, ready},
    time::Instant,
};

use http::{HeaderName, HeaderValue, Request, Response};
use http_body::{Body, Frame, SizeHint};
use opentelemetry::{KeyValue, metrics::Histogram};
use pin_project_lite::pin_project;
use tower::{Layer, Service};
use tracing::{Instrument as _, Span, instrument::Instrumented};

use crate::outcome::Outcome;

/// The header and metadata key that carries a request's id from hop to hop.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

static DURATION: LazyLock<Histogram<f64>> = LazyLock::new(|| {
    opentelemetry::global::meter("chassis")
        .f64_histogram("rpc.server.duration")
        .with_description("How long calls took, from their first byte to their trailers.")
        .with_unit("s")
        .with_boundaries(vec![
            0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
        ])
        .build()
});

/// Whether `id` may be taken over from a caller: 1 to 64 of letters, digits, `-`, `_` and `.`.
pub fn is_request_id(id: &HeaderValue) -> bool {
    let id = id.as_bytes();
    (1..=64).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

/// Watches every call of a server: who asked, how it ended, how long it took.
#[derive(Debug, Clone, Copy, Default)]
pub struct ServerLayer;

impl<S> Layer<S> for ServerLayer {
    type Service = Watched<S>;

    fn layer(&self, inner: S) -> Watched<S> {
        Watched { inner }
    }
}

/// What [`ServerLayer`] makes.
#[derive(Debug, Clone)]
pub struct Watched<S> {
    inner: S,
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
        let path = request.uri().path();
        let id = request.headers().get(REQUEST_ID).filter(|id| is_request_id(id));
        let id = id.and_then(|id| id.to_str().ok()).unwrap_or_default();
        let span = tracing::info_span!("call", path, request_id = id);
        let method = path.trim_start_matches('/').to_owned();
        let call = Call { method, started: Instant::now(), outcome: None, span };
        let inner = call.span.in_scope(|| self.inner.call(request));
        WatchedFuture { inner: inner.instrument(call.span.clone()), call: Some(call) }
    }
}

/// One call while it lasts. Reports itself when it is dropped, so that no way of ending is missed.
#[derive(Debug)]
struct Call {
    /// `package.Service/Method`, if it is one.
    method: String,
    started: Instant,
    outcome: Option<Outcome>,
    span: Span,
}

impl Drop for Call {
    fn drop(&mut self) {
        let outcome = self.outcome.unwrap_or(Outcome::DROPPED);
        let elapsed = self.started.elapsed();
        DURATION.record(
            elapsed.as_secs_f64(),
            &[
                KeyValue::new("rpc.method", method_label(mem::take(&mut self.method), outcome)),
                KeyValue::new("rpc.response.status_code", outcome.code),
            ],
        );
        let elapsed_ms = elapsed.as_secs_f64() * 1_000.0;
        let code = outcome.code;
        self.span.in_scope(|| match outcome.fault {
            true => tracing::warn!(code, elapsed_ms, "call failed"),
            false => tracing::debug!(code, elapsed_ms, "call"),
        });
    }
}

/// The method's name, or one word for all that is no method of ours, so that strangers cannot
/// make labels.
fn method_label(method: String, outcome: Outcome) -> opentelemetry::Value {
    if outcome.code.starts_with("HTTP") || outcome.code == "UNIMPLEMENTED" {
        "other".into()
    } else {
        method.into()
    }
}

pin_project! {
    /// The future of a watched call.
    pub struct WatchedFuture<F> {
        #[pin]
        inner: Instrumented<F>,
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
        let response = ready!(this.inner.poll(cx));
        let mut call = this.call.take();
        Poll::Ready(response.map(|response| {
            if let Some(call) = &mut call {
                call.outcome = match is_grpc(&response) {
                    true => Outcome::of_grpc(response.headers()),
                    false => Some(Outcome::of_http(response.status())),
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

pin_project! {
    /// A body that tells its call how it ended.
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
        let frame = ready!(this.inner.poll_frame(cx));
        if let Some(call) = this.call {
            match &frame {
                Some(Ok(frame)) => {
                    if let Some(trailers) = frame.trailers_ref() {
                        call.outcome = Outcome::of_grpc(trailers);
                    }
                }
                Some(Err(_)) => call.outcome = Some(Outcome::SILENT),
                None => {
                    call.outcome = call.outcome.or(Some(Outcome::SILENT));
                    *this.call = None;
                }
            }
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
    use super::*;

    #[test]
    fn strangers_cannot_make_labels() {
        let label = |method: &str, outcome| method_label(method.to_owned(), outcome).to_string();
        let ended = |code: &'static str| {
            let headers = http::HeaderMap::from_iter([(
                HeaderName::from_static("grpc-status"),
                HeaderValue::from_static(code),
            )]);
            Outcome::of_grpc(&headers).expect("a code")
        };
        assert_eq!(label("a.v1.S/Get", ended("0")), "a.v1.S/Get");
        assert_eq!(label("made/up", ended("12")), "other");
        assert_eq!(label("p/some-id", Outcome::of_http(http::StatusCode::OK)), "other");
    }

    #[test]
    fn a_request_id_is_short_and_plain() {
        let is = |id: &str| is_request_id(&HeaderValue::from_str(id).expect("a header"));
        assert!(is("01a20397-595f_764e.b"));
        assert!(!is("") && !is("a b") && !is("<script>") && !is(&"x".repeat(65)));
    }
}

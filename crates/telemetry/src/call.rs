//! One call, from its first byte to its trailers: its span, its duration, and a log line if it fails.

use std::{
    borrow::Cow,
    net::IpAddr,
    sync::{LazyLock, OnceLock},
    time::Instant,
};

use axum::extract::MatchedPath;
use contract::Method;
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use opentelemetry::{
    Context, ContextGuard, KeyValue,
    metrics::Histogram,
    trace::{SpanKind, Status, TraceContextExt as _},
};

use crate::{
    bound_series::BoundSeries,
    exemplar::{self, Series},
    failure_cause::FailureCause,
    grpc_prometheus,
    histogram::durations,
    outcome::Outcome,
    propagate::{Trust, extract, inject, peer_of, remote_span, strip},
    span,
};

/// The header and metadata key that carries a request's id from hop to hop.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

static GRPC_SERVER: LazyLock<DurationMetric> = LazyLock::new(|| DurationMetric {
    histogram: durations(
        "rpc.server.call.duration",
        "How long calls took, from their first byte to their trailers.",
    ),
    prometheus_name: "rpc_server_call_duration_seconds",
});
static GRPC_CLIENT: LazyLock<DurationMetric> = LazyLock::new(|| DurationMetric {
    histogram: durations(
        "rpc.client.call.duration",
        "How long calls to other services took, retries included.",
    ),
    prometheus_name: "rpc_client_call_duration_seconds",
});
static HTTP_SERVER: LazyLock<DurationMetric> = LazyLock::new(|| DurationMetric {
    histogram: durations(
        "http.server.request.duration",
        "How long HTTP requests took, to the end of their response.",
    ),
    prometheus_name: "http_server_request_duration_seconds",
});

static SERVER_SERIES: BoundSeries = BoundSeries::new();
static CLIENT_SERIES: [(OnceLock<&'static str>, BoundSeries); 4] =
    [const { (OnceLock::new(), BoundSeries::new()) }; 4];

/// The bound series of calls to an upstream; `None` beyond the fourth upstream of a process.
fn client_series(upstream: &'static str) -> Option<&'static BoundSeries> {
    let entry = CLIENT_SERIES.iter().find(|(name, _)| *name.get_or_init(|| upstream) == upstream);
    entry.map(|(_, series)| series)
}

/// A histogram, and its name in Prometheus, under which its exemplars are kept.
struct DurationMetric {
    histogram: Histogram<f64>,
    prometheus_name: &'static str,
}

/// Whether a request id from a caller is accepted: 1 to 64 letters, digits, `-`, `_` or `.`.
pub fn is_request_id(id: &HeaderValue) -> bool {
    let id = id.as_bytes();
    (1..=64).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

/// A call in progress. Dropping it records its end, so that a cancelled call is recorded as well.
#[derive(Debug)]
pub(crate) struct Call {
    kind: CallKind,
    started: Instant,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) cause: Option<FailureCause>,
    /// Holds the call's span; `None` while telemetry is off, and for calls without a span.
    context: Option<Context>,
    pub(crate) log_span: tracing::Span,
}

#[derive(Debug)]
enum CallKind {
    GrpcServer(Method),
    GrpcClient(Method, &'static str),
    HttpServer { method: &'static str, route: Option<MatchedPath> },
}

impl Call {
    /// A gRPC call to this server.
    pub(crate) fn grpc_server(method: Method, head: RequestHead<'_>, trust: &Trust) -> Self {
        grpc_prometheus::started(method);
        let context =
            if method.is_probe { None } else { server_span(method.name().into(), head, trust) };
        if let Some(span) = recording_span(context.as_ref()) {
            span.set_attributes([
                KeyValue::new("rpc.system.name", "grpc"),
                KeyValue::new("rpc.method", method.name()),
            ]);
            span.set_attributes(head.peer.map(peer_attribute));
        }
        Self::start(CallKind::GrpcServer(method), context, log_span(head))
    }

    /// A gRPC call to this server that is not sampled: it has no span, and a log line only if it
    /// fails.
    pub(crate) fn unsampled_grpc_server(method: Method) -> Self {
        grpc_prometheus::started(method);
        Self::start(CallKind::GrpcServer(method), None, tracing::Span::none())
    }

    /// An HTTP request to this server.
    pub(crate) fn http_server<B>(request: &Request<B>, trust: &Trust) -> Self {
        let method = method_label(request.method());
        let route = request.extensions().get::<MatchedPath>().cloned();
        let name = match &route {
            Some(route) => format!("{method} {}", route.as_str()),
            None => method.to_owned(),
        };
        let head = RequestHead::of(request);
        let context = server_span(name.into(), head, trust);
        if let Some(span) = recording_span(context.as_ref()) {
            span.set_attributes([
                KeyValue::new("http.request.method", method),
                KeyValue::new(
                    "url.scheme",
                    request.uri().scheme_str().unwrap_or("http").to_owned(),
                ),
            ]);
            if let Some(route) = &route {
                span.set_attribute(KeyValue::new("http.route", route.as_str().to_owned()));
            }
            span.set_attributes(head.peer.map(peer_attribute));
        }
        Self::start(CallKind::HttpServer { method, route }, context, log_span(head))
    }

    /// A gRPC call to another service, as a child of the current context. Writes the trace context
    /// into `headers`.
    pub(crate) fn grpc_client(
        method: Method,
        upstream: &'static str,
        headers: &mut HeaderMap,
    ) -> Self {
        let parent = Context::current();
        let context = if method.is_probe || is_unsampled(&parent) {
            None
        } else {
            span::start(method.name(), SpanKind::Client, &parent, None)
        };
        match &context {
            Some(context) => inject(context, headers),
            // Otherwise the upstream would make a sampling decision of its own.
            None if is_unsampled(&parent) => inject(&parent, headers),
            None => strip(headers),
        }
        if let Some(span) = recording_span(context.as_ref()) {
            span.set_attributes([
                KeyValue::new("rpc.system.name", "grpc"),
                KeyValue::new("rpc.method", method.name()),
                KeyValue::new("server.address", upstream),
            ]);
        }
        Self::start(CallKind::GrpcClient(method, upstream), context, tracing::Span::none())
    }

    fn start(kind: CallKind, context: Option<Context>, log_span: tracing::Span) -> Self {
        Self { kind, started: Instant::now(), outcome: None, cause: None, context, log_span }
    }

    /// Gives an unsampled call its log fields and a trace context, which its own calls to other
    /// services pass on unsampled. `head` has the caller's trace context only if that is trusted.
    pub(crate) fn identify(&mut self, head: RequestHead<'_>) {
        self.log_span = log_span(head);
        let parent = extract(head.headers);
        self.context = Some(if parent.has_active_span() { parent } else { span::unsampled() });
    }

    /// Makes the call's context current until the guard is dropped.
    pub(crate) fn enter(&self) -> Option<ContextGuard> {
        self.context.clone().map(Context::attach)
    }

    pub(crate) fn event(&self, name: &'static str, attributes: impl FnOnce() -> Vec<KeyValue>) {
        if let Some(span) = recording_span(self.context.as_ref()) {
            span.add_event(name, attributes());
        }
    }

    fn log_end(&self, outcome: Outcome, elapsed_ms: f64) {
        let cause = self.cause.as_ref().and_then(FailureCause::get);
        let reason = cause.and_then(|cause| cause.reason.as_deref());
        let error = cause.map(|cause| cause.error.as_str());
        let (code, status) = (outcome.code_name(), outcome.http_status());
        let _context = self.enter();
        self.log_span.in_scope(|| match (&self.kind, outcome.is_server_fault()) {
            (CallKind::HttpServer { method, .. }, true) => {
                tracing::warn!(method, status, elapsed_ms, reason, error, "request failed");
            }
            (CallKind::HttpServer { .. }, false) => tracing::debug!(status, elapsed_ms, "request"),
            (_, true) => tracing::warn!(code, elapsed_ms, reason, error, "call failed"),
            (_, false) => tracing::debug!(code, elapsed_ms, "call"),
        });
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let outcome = self.outcome.unwrap_or(Outcome::Dropped);
        let elapsed = self.started.elapsed().as_secs_f64();
        match &self.kind {
            CallKind::GrpcServer(method) => {
                let method = if outcome.is_unknown_method() { Method::OTHER } else { *method };
                let labels = || rpc_labels(method, outcome);
                SERVER_SERIES.record(&GRPC_SERVER.histogram, method, outcome, elapsed, labels);
                self.finish_span(&GRPC_SERVER, elapsed, outcome, labels);
                grpc_prometheus::handled(method, outcome, elapsed);
                self.log_end(outcome, elapsed * 1_000.0);
            }
            CallKind::GrpcClient(method, upstream) => {
                let labels = || {
                    let [system, method, status] = rpc_labels(*method, outcome);
                    [system, method, status, KeyValue::new("server.address", *upstream)]
                };
                let histogram = &GRPC_CLIENT.histogram;
                match client_series(upstream) {
                    Some(series) => series.record(histogram, *method, outcome, elapsed, labels),
                    None => histogram.record(elapsed, &labels()),
                }
                self.finish_span(&GRPC_CLIENT, elapsed, outcome, labels);
            }
            CallKind::HttpServer { method, route } => {
                let route = route.as_ref().map_or("other", MatchedPath::as_str).to_owned();
                let labels = [
                    KeyValue::new("http.request.method", *method),
                    KeyValue::new("http.route", route),
                    KeyValue::new("http.response.status_code", i64::from(outcome.http_status())),
                ];
                HTTP_SERVER.histogram.record(elapsed, &labels);
                self.finish_span(&HTTP_SERVER, elapsed, outcome, || labels);
                self.log_end(outcome, elapsed * 1_000.0);
            }
        }
        if let Some(context) = &self.context {
            context.span().end();
        }
    }
}

impl Call {
    /// Sets the status and attributes of a recording span, and records the call as an exemplar.
    fn finish_span<const N: usize>(
        &self,
        metric: &DurationMetric,
        elapsed: f64,
        outcome: Outcome,
        labels: impl FnOnce() -> [KeyValue; N],
    ) {
        let Some(span) = recording_span(self.context.as_ref()) else { return };
        let labels = labels();
        if outcome.is_error() {
            span.set_status(Status::error(outcome.code_name()));
        }
        let status = labels.iter().find(|label| label.key.as_str().ends_with("status_code"));
        span.set_attributes(status.cloned());
        let labels: Vec<_> = labels
            .iter()
            .map(|label| (label.key.as_str().replace('.', "_"), label.value.to_string()))
            .collect();
        let labels = labels.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let series = Series::new(metric.prometheus_name, labels);
        exemplar::record(series, elapsed, span.span_context().trace_id());
    }
}

fn rpc_labels(method: Method, outcome: Outcome) -> [KeyValue; 3] {
    [
        KeyValue::new("rpc.system.name", "grpc"),
        KeyValue::new("rpc.method", method.name()),
        KeyValue::new("rpc.response.status_code", outcome.code_name()),
    ]
}

/// The parts of a request that precede its body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestHead<'a> {
    pub(crate) path: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) peer: Option<IpAddr>,
}

impl<'a> RequestHead<'a> {
    pub(crate) fn of<B>(request: &'a Request<B>) -> Self {
        let peer = peer_of(request.extensions());
        Self { path: request.uri().path(), headers: request.headers(), peer }
    }
}

/// The span of a request: a child of its caller's span if the peer is trusted, else the root of a new
/// trace with a link to the span that the headers name.
fn server_span(name: Cow<'static, str>, head: RequestHead<'_>, trust: &Trust) -> Option<Context> {
    if trust.includes(head.peer) {
        span::start(name, SpanKind::Server, &extract(head.headers), None)
    } else {
        span::start(name, SpanKind::Server, &Context::new(), Some(remote_span(head.headers)))
    }
}

/// Whether this context belongs to a call that is not sampled.
fn is_unsampled(context: &Context) -> bool {
    let span = context.span();
    let span = span.span_context();
    span.is_valid() && !span.is_sampled()
}

fn recording_span(context: Option<&Context>) -> Option<opentelemetry::trace::SpanRef<'_>> {
    context.map(|context| context.span()).filter(|span| span.is_recording())
}

fn peer_attribute(ip: IpAddr) -> KeyValue {
    KeyValue::new("network.peer.address", ip.to_string())
}

/// The fields of every log line of a call.
fn log_span(head: RequestHead<'_>) -> tracing::Span {
    let id = head.headers.get(REQUEST_ID).filter(|id| is_request_id(id));
    let id = id.and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::info_span!("call", path = head.path, request_id = id)
}

/// The label of an HTTP method: `_OTHER` for a non-standard one, so that labels stay bounded.
fn method_label(method: &http::Method) -> &'static str {
    const KNOWN: [&str; 9] =
        ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("_OTHER")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_id_is_short_and_plain() {
        let is = |id: &str| is_request_id(&HeaderValue::from_str(id).expect("a header"));
        assert!(is("01a20397-595f_764e.b"));
        assert!(!is("") && !is("a b") && !is("<script>") && !is(&"x".repeat(65)));
    }

    #[test]
    fn unknown_http_methods_share_one_label() {
        assert_eq!(method_label(&http::Method::PATCH), "PATCH");
        assert_eq!(method_label(&http::Method::from_bytes(b"BREW").unwrap()), "_OTHER");
    }
}

//! One call, from its first byte to its trailers: a span, a duration, a line for what went wrong.

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
    bound::Bound,
    exemplar::{self, Series},
    grpc_prometheus,
    outcome::Outcome,
    propagate::{Trust, extract, inject, named, peer_of, strip},
    span,
};

/// The header and metadata key that carries a request's id from hop to hop.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// In seconds: those of the semantic conventions, and two for what is answered from memory.
pub(crate) const BUCKETS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

static SERVED: LazyLock<Duration> = LazyLock::new(|| Duration {
    histogram: durations(
        "rpc.server.call.duration",
        "How long calls took, from their first byte to their trailers.",
    ),
    scraped: "rpc_server_call_duration_seconds",
});
static SENT: LazyLock<Duration> = LazyLock::new(|| Duration {
    histogram: durations(
        "rpc.client.call.duration",
        "How long calls to other services took, retries included.",
    ),
    scraped: "rpc_client_call_duration_seconds",
});
static WEB: LazyLock<Duration> = LazyLock::new(|| Duration {
    histogram: durations(
        "http.server.request.duration",
        "How long HTTP requests took, to the end of their answer.",
    ),
    scraped: "http_server_request_duration_seconds",
});

static BOUND_SERVED: Bound = Bound::new();
static BOUND_SENT: [(OnceLock<&'static str>, Bound); 4] =
    [const { (OnceLock::new(), Bound::new()) }; 4];

/// The bound series of calls to an upstream; none if there are more upstreams than expected.
fn bound_sent(upstream: &'static str) -> Option<&'static Bound> {
    let of = BOUND_SENT.iter().find(|(name, _)| *name.get_or_init(|| upstream) == upstream);
    of.map(|(_, bound)| bound)
}

/// What durations are recorded in, and what it is called where it is scraped.
struct Duration {
    histogram: Histogram<f64>,
    scraped: &'static str,
}

/// Records durations, in seconds, in buckets from half a millisecond to ten seconds (the SDK's own
/// begin at five).
pub fn durations(name: &'static str, about: &'static str) -> Histogram<f64> {
    opentelemetry::global::meter("telemetry")
        .f64_histogram(name)
        .with_description(about)
        .with_unit("s")
        .with_boundaries(BUCKETS.to_vec())
        .build()
}

/// Whether `id` may be taken over from a caller: 1 to 64 of letters, digits, `-`, `_` and `.`.
pub fn is_request_id(id: &HeaderValue) -> bool {
    let id = id.as_bytes();
    (1..=64).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

/// One call while it lasts. Reports itself when it is dropped, so that no way of ending is missed.
#[derive(Debug)]
pub(crate) struct Call {
    what: What,
    started: Instant,
    pub(crate) outcome: Option<Outcome>,
    /// Its span; none while telemetry is off, or if it is not worth one.
    context: Option<Context>,
    pub(crate) log: tracing::Span,
}

#[derive(Debug)]
enum What {
    /// gRPC, for others.
    Served(Method),
    /// gRPC, to the service of this name.
    Sent(Method, &'static str),
    /// HTTP, for others.
    Web { method: &'static str, route: Option<MatchedPath> },
}

impl Call {
    /// A gRPC call that came in.
    pub(crate) fn served(method: Method, came: Came<'_>, trust: &Trust) -> Self {
        grpc_prometheus::started(method);
        let context = match method.is_probe {
            true => None,
            false => server_span(method.name().into(), came, trust),
        };
        if let Some(span) = recorded(context.as_ref()) {
            span.set_attributes([
                KeyValue::new("rpc.system.name", "grpc"),
                KeyValue::new("rpc.method", method.name()),
            ]);
            span.set_attributes(came.peer.map(peer));
        }
        Self::begun(What::Served(method), context, log_span(came))
    }

    /// A gRPC call that came in and is not recorded: it has no span, and a line in the log only if
    /// it fails.
    pub(crate) fn unrecorded(method: Method) -> Self {
        grpc_prometheus::started(method);
        Self::begun(What::Served(method), None, tracing::Span::none())
    }

    /// An HTTP request that came in.
    pub(crate) fn web<B>(request: &Request<B>, trust: &Trust) -> Self {
        let method = known(request.method());
        let route = request.extensions().get::<MatchedPath>().cloned();
        let name = match &route {
            Some(route) => format!("{method} {}", route.as_str()),
            None => method.to_owned(),
        };
        let came = Came::of(request);
        let context = server_span(name.into(), came, trust);
        if let Some(span) = recorded(context.as_ref()) {
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
            span.set_attributes(came.peer.map(peer));
        }
        Self::begun(What::Web { method, route }, context, log_span(came))
    }

    /// A gRPC call to another service, on behalf of whatever is current. `headers` tell it so.
    pub(crate) fn sent(method: Method, upstream: &'static str, headers: &mut HeaderMap) -> Self {
        let parent = Context::current();
        let context = match method.is_probe || is_unsampled(&parent) {
            true => None,
            false => span::start(method.name(), SpanKind::Client, &parent, None),
        };
        match &context {
            Some(context) => inject(context, headers),
            // The upstream must not decide for itself what is sampled.
            None if is_unsampled(&parent) => inject(&parent, headers),
            None => strip(headers),
        }
        if let Some(span) = recorded(context.as_ref()) {
            span.set_attributes([
                KeyValue::new("rpc.system.name", "grpc"),
                KeyValue::new("rpc.method", method.name()),
                KeyValue::new("server.address", upstream),
            ]);
        }
        Self::begun(What::Sent(method, upstream), context, tracing::Span::none())
    }

    fn begun(what: What, context: Option<Context>, log: tracing::Span) -> Self {
        Self { what, started: Instant::now(), outcome: None, context, log }
    }

    /// Lines of a call that is not recorded name it and its trace, and calls made for it are not
    /// recorded either. `came` has the caller's trace only if that is trusted.
    pub(crate) fn identify(&mut self, came: Came<'_>) {
        self.log = log_span(came);
        let parent = extract(came.headers);
        self.context = Some(if parent.has_active_span() { parent } else { span::unsampled() });
    }

    /// While this is kept, what is logged and begun is the call's.
    pub(crate) fn enter(&self) -> Option<ContextGuard> {
        self.context.clone().map(Context::attach)
    }

    pub(crate) fn event(&self, name: &'static str, attributes: impl FnOnce() -> Vec<KeyValue>) {
        if let Some(span) = recorded(self.context.as_ref()) {
            span.add_event(name, attributes());
        }
    }

    fn say(&self, outcome: Outcome, elapsed_ms: f64) {
        let code = outcome.code();
        let _context = self.enter();
        self.log.in_scope(|| match outcome {
            Outcome::Http(status) if outcome.is_fault() => {
                tracing::warn!(status = status.as_u16(), elapsed_ms, "request failed");
            }
            Outcome::Http(status) => {
                tracing::debug!(status = status.as_u16(), elapsed_ms, "request")
            }
            _ if outcome.is_fault() => tracing::warn!(code, elapsed_ms, "call failed"),
            _ => tracing::debug!(code, elapsed_ms, "call"),
        });
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let outcome = self.outcome.unwrap_or(Outcome::Dropped);
        let elapsed = self.started.elapsed().as_secs_f64();
        match &self.what {
            What::Served(method) => {
                let method = if outcome.is_unknown_method() { Method::OTHER } else { *method };
                let series = || rpc(method, outcome);
                BOUND_SERVED.record(&SERVED.histogram, method, outcome, elapsed, series);
                self.describe(&SERVED, elapsed, outcome, series);
                grpc_prometheus::handled(method, outcome, elapsed);
                self.say(outcome, elapsed * 1_000.0);
            }
            What::Sent(method, upstream) => {
                let series = || {
                    let [system, method, status] = rpc(*method, outcome);
                    [system, method, status, KeyValue::new("server.address", *upstream)]
                };
                match bound_sent(upstream) {
                    Some(bound) => bound.record(&SENT.histogram, *method, outcome, elapsed, series),
                    None => SENT.histogram.record(elapsed, &series()),
                }
                self.describe(&SENT, elapsed, outcome, series);
            }
            What::Web { method, route } => {
                let route = route.as_ref().map_or("other", MatchedPath::as_str).to_owned();
                let labels = [
                    KeyValue::new("http.request.method", *method),
                    KeyValue::new("http.route", route),
                    KeyValue::new("http.response.status_code", i64::from(outcome.http_status())),
                ];
                WEB.histogram.record(elapsed, &labels);
                self.describe(&WEB, elapsed, outcome, || labels);
                self.say(outcome, elapsed * 1_000.0);
            }
        }
        if let Some(context) = &self.context {
            context.span().end();
        }
    }
}

impl Call {
    /// Puts the end into the span, if it is recorded, and makes it an exemplar of its series.
    fn describe<const N: usize>(
        &self,
        of: &Duration,
        elapsed: f64,
        outcome: Outcome,
        labels: impl FnOnce() -> [KeyValue; N],
    ) {
        let Some(span) = recorded(self.context.as_ref()) else { return };
        let labels = labels();
        if outcome.is_error() {
            span.set_status(Status::error(outcome.code()));
        }
        let status = labels.iter().find(|label| label.key.as_str().ends_with("status_code"));
        span.set_attributes(status.cloned());
        let texts: Vec<_> = labels
            .iter()
            .map(|label| (label.key.as_str().replace('.', "_"), label.value.to_string()))
            .collect();
        let texts = texts.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        exemplar::note(Series::new(of.scraped, texts), elapsed, span.span_context().trace_id());
    }
}

fn rpc(method: Method, outcome: Outcome) -> [KeyValue; 3] {
    [
        KeyValue::new("rpc.system.name", "grpc"),
        KeyValue::new("rpc.method", method.name()),
        KeyValue::new("rpc.response.status_code", outcome.code()),
    ]
}

/// What a request says of itself before its body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Came<'a> {
    pub(crate) path: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) peer: Option<IpAddr>,
}

impl<'a> Came<'a> {
    pub(crate) fn of<B>(request: &'a Request<B>) -> Self {
        let peer = peer_of(request.extensions());
        Self { path: request.uri().path(), headers: request.headers(), peer }
    }
}

/// The span of a request: below its caller's, or a trace of its own with a link to what an untrusted
/// caller says.
fn server_span(name: Cow<'static, str>, came: Came<'_>, trust: &Trust) -> Option<Context> {
    if trust.includes(came.peer) {
        span::start(name, SpanKind::Server, &extract(came.headers), None)
    } else {
        span::start(name, SpanKind::Server, &Context::new(), Some(named(came.headers)))
    }
}

/// Whether work below this context belongs to a call that is not recorded.
fn is_unsampled(context: &Context) -> bool {
    let span = context.span();
    let span = span.span_context();
    span.is_valid() && !span.is_sampled()
}

fn recorded(context: Option<&Context>) -> Option<opentelemetry::trace::SpanRef<'_>> {
    context.map(|context| context.span()).filter(|span| span.is_recording())
}

fn peer(ip: IpAddr) -> KeyValue {
    KeyValue::new("network.peer.address", ip.to_string())
}

/// The fields that every line of a call has.
pub(crate) fn log_span(came: Came<'_>) -> tracing::Span {
    let id = came.headers.get(REQUEST_ID).filter(|id| is_request_id(id));
    let id = id.and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::info_span!("call", path = came.path, request_id = id)
}

/// The methods that HTTP knows; all others have one name.
fn known(method: &http::Method) -> &'static str {
    const KNOWN: [&str; 9] =
        ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("_OTHER")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_is_short_and_plain() {
        let is = |id: &str| is_request_id(&HeaderValue::from_str(id).expect("a header"));
        assert!(is("01a20397-595f_764e.b"));
        assert!(!is("") && !is("a b") && !is("<script>") && !is(&"x".repeat(65)));
    }

    #[test]
    fn strangers_cannot_make_labels() {
        assert_eq!(known(&http::Method::PATCH), "PATCH");
        assert_eq!(known(&http::Method::from_bytes(b"BREW").unwrap()), "_OTHER");
    }
}

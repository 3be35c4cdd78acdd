//! Trace context between processes (W3C Trace Context, level 1, and Baggage), with bounded header
//! lengths. Headers of untrusted peers are neither continued nor passed on.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;
use opentelemetry::{
    Context,
    baggage::BaggageExt as _,
    propagation::{Extractor, Injector, TextMapPropagator as _},
    trace::{SpanContext, TraceContextExt as _},
};
use opentelemetry_sdk::propagation::{BaggagePropagator, TraceContextPropagator};

pub(crate) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");
const BAGGAGE: HeaderName = HeaderName::from_static("baggage");

/// The longest header that is read, in bytes. A `traceparent` has 55; the specification requires
/// propagating a `tracestate` of up to 512.
const MAX_TRACEPARENT: usize = 128;
const MAX_TRACESTATE: usize = 512;
/// Far less than the specification's 8,192 bytes: baggage is sent with every call.
const MAX_BAGGAGE: usize = 1_024;
/// The only flag of level 1.
const SAMPLED: u8 = 1;

/// The peers whose trace context is continued.
#[derive(Debug, Clone)]
pub enum Trust {
    /// All peers: only our own services call.
    All,
    /// Peers with these addresses. A request of any other starts a new trace, linked to its caller's.
    Peers(Vec<IpNet>),
}

impl Trust {
    pub(crate) fn includes(&self, peer: Option<IpAddr>) -> bool {
        match self {
            Self::All => true,
            Self::Peers(nets) => {
                let peer = peer.map(|peer| peer.to_canonical());
                peer.is_some_and(|peer| nets.iter().any(|net| net.contains(&peer)))
            }
        }
    }
}

/// The caller's span and baggage, from headers that are not too long.
pub(crate) fn extract(headers: &HeaderMap) -> Context {
    let context = Context::new();
    if !headers.contains_key(TRACEPARENT) {
        return context;
    }
    let context =
        TraceContextPropagator::new().extract_with_context(&context, &BoundedExtractor(headers));
    BaggagePropagator::new().extract_with_context(&context, &BoundedExtractor(headers))
}

/// Whether the parent span in `headers` is sampled; `None` without a valid parent.
pub(crate) fn sampled_flag(headers: &HeaderMap) -> Option<bool> {
    // Reading it with the propagator would build a context; most calls have no parent.
    headers
        .contains_key(TRACEPARENT)
        .then(|| remote_span(headers))
        .filter(SpanContext::is_valid)
        .map(|parent| parent.is_sampled())
}

/// The address of a request's peer.
pub(crate) fn peer_of(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip())
}

/// The parent span in `headers`; an invalid span context without one.
pub(crate) fn remote_span(headers: &HeaderMap) -> SpanContext {
    extract(headers).span().span_context().clone()
}

/// Replaces the trace headers by those of `context`. Hot path: every call to another service passes
/// here, so `traceparent` is formatted without the propagator.
pub(crate) fn inject(context: &Context, headers: &mut HeaderMap) {
    let span = context.span();
    let span = span.span_context();
    let mut parent = *b"00-................................-................-..";
    hex(&span.trace_id().to_bytes(), &mut parent[3..35]);
    hex(&span.span_id().to_bytes(), &mut parent[36..52]);
    hex(&[span.trace_flags().to_u8() & SAMPLED], &mut parent[53..]);
    let mut parent = HeaderValue::from_bytes(&parent).expect("hexadecimal digits and hyphens");
    // Never indexed by HPACK (RFC 7541, 7.1.3): the value differs for every call.
    parent.set_sensitive(true);
    strip(headers);
    headers.insert(TRACEPARENT, parent);
    if let Ok(state) = HeaderValue::try_from(span.trace_state().header())
        && !state.is_empty()
    {
        headers.insert(TRACESTATE, state);
    }
    if !context.baggage().is_empty() {
        BaggagePropagator::new().inject_context(context, &mut HeaderInjector(headers));
    }
}

/// Removes all trace headers: those of an untrusted caller are not passed on.
pub(crate) fn strip(headers: &mut HeaderMap) {
    for name in [TRACEPARENT, TRACESTATE, BAGGAGE] {
        headers.remove(name);
    }
}

/// Writes two hexadecimal digits for each byte.
fn hex(bytes: &[u8], out: &mut [u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for (byte, digits) in bytes.iter().zip(out.chunks_exact_mut(2)) {
        digits[0] = DIGITS[usize::from(byte >> 4)];
        digits[1] = DIGITS[usize::from(byte & 15)];
    }
}

/// Reads headers, except values that are too long.
struct BoundedExtractor<'a>(&'a HeaderMap);

impl Extractor for BoundedExtractor<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        let max = match key {
            "traceparent" => MAX_TRACEPARENT,
            "tracestate" => MAX_TRACESTATE,
            _ => MAX_BAGGAGE,
        };
        let value = self.0.get(key)?;
        (value.len() <= max).then(|| value.to_str().ok())?
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}

struct HeaderInjector<'a>(&'a mut HeaderMap);

impl Injector for HeaderInjector<'_> {
    fn set(&mut self, key: &str, value: String) {
        if value.is_empty() {
            return;
        }
        if let (Ok(name), Ok(value)) = (key.parse::<HeaderName>(), HeaderValue::try_from(value)) {
            self.0.insert(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&str, &str)| {
            (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap())
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn extracted_context_is_injected() {
        let received = headers(&[
            ("traceparent", PARENT),
            ("tracestate", "vendor=1"),
            ("baggage", "tenant=blue"),
        ]);
        let mut sent = headers(&[("baggage", "of=another"), ("x-kept", "1")]);
        inject(&extract(&received), &mut sent);
        assert_eq!(sent.get("traceparent").unwrap(), PARENT);
        assert_eq!(sent.get("tracestate").unwrap(), "vendor=1");
        assert_eq!(sent.get("baggage").unwrap(), "tenant=blue");
        assert_eq!(sent.get("x-kept").unwrap(), "1");
    }

    #[test]
    fn strip_removes_all_trace_headers() {
        let mut sent = headers(&[("traceparent", PARENT), ("baggage", "a=b"), ("x-kept", "1")]);
        strip(&mut sent);
        assert_eq!(sent, headers(&[("x-kept", "1")]));
    }

    #[test]
    fn long_and_invalid_headers_are_ignored() {
        let long = "k=".to_owned() + &"x".repeat(MAX_BAGGAGE);
        let state = "k=".to_owned() + &"x".repeat(MAX_TRACESTATE);
        let received =
            headers(&[("traceparent", PARENT), ("tracestate", &state), ("baggage", &long)]);
        let mut sent = HeaderMap::new();
        inject(&extract(&received), &mut sent);
        assert_eq!(sent, headers(&[("traceparent", PARENT)]));
        let endless = PARENT.to_owned() + &"-".repeat(MAX_TRACEPARENT);
        for parent in ["", "00-0-0-01", "<script>", &PARENT.replace("4bf", "000-"), &endless] {
            assert!(!remote_span(&headers(&[("traceparent", parent)])).is_valid(), "{parent}");
        }
    }

    #[test]
    fn only_listed_peers_are_trusted() {
        let from = |ip: &str| Some(ip.parse().unwrap());
        let trust = Trust::Peers(vec!["10.0.0.0/8".parse().unwrap()]);
        assert!(trust.includes(from("10.1.2.3")));
        assert!(trust.includes(from("::ffff:10.1.2.3")));
        assert!(!trust.includes(from("11.1.2.3")));
        assert!(!trust.includes(None));
        assert!(!Trust::Peers(Vec::new()).includes(from("10.1.2.3")));
        assert!(Trust::All.includes(None));
    }
}

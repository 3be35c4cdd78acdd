//! Head sampling: whether a call is recorded, decided before its span is built.
//!
//! For a call answered from memory, a span costs more than all the rest, and most calls are not sampled.
//! Server calls that bypass the layers check [`is_sampled`] first and build a span only if it will be
//! recorded; [`CallSampler`] then follows that decision instead of sampling a second time.

use std::{cell::Cell, env, sync::OnceLock};

use http::HeaderMap;
use opentelemetry::{
    Context, KeyValue,
    trace::{Link, SpanKind, TraceContextExt as _, TraceId},
};
use opentelemetry_sdk::trace::{
    IdGenerator as _, RandomIdGenerator, Sampler, SamplingDecision, SamplingResult, ShouldSample,
};

use crate::propagate::sampled_flag;

static RULE: OnceLock<Rule> = OnceLock::new();

thread_local! {
    /// Set while [`force_sampled`] builds a span.
    static FORCED: Cell<bool> = const { Cell::new(false) };
}

/// `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rule {
    parent_based: bool,
    /// The sampled share of calls without a parent, from 0 to 1.
    ratio: f64,
}

impl Rule {
    const NEVER: Self = Self { parent_based: false, ratio: 0.0 };

    /// Parses the names of OpenTelemetry's "Environment Variable Specification"; an unknown one means
    /// the default, as in the SDK.
    fn of(sampler: Option<&str>, argument: Option<&str>) -> Self {
        let ratio = argument.and_then(|ratio| ratio.parse().ok()).unwrap_or(1.0_f64);
        let rule = |parent_based, ratio: f64| Self { parent_based, ratio: ratio.clamp(0.0, 1.0) };
        match sampler {
            None | Some("parentbased_always_on") => rule(true, 1.0),
            Some("always_on") => rule(false, 1.0),
            Some("always_off") => rule(false, 0.0),
            Some("traceidratio") => rule(false, ratio),
            Some("parentbased_always_off") => rule(true, 0.0),
            Some("parentbased_traceidratio") => rule(true, ratio),
            Some(unknown) => {
                tracing::warn!(unknown, "OTEL_TRACES_SAMPLER is not known: all calls are sampled");
                rule(true, 1.0)
            }
        }
    }

    fn sampler(self) -> Sampler {
        let root = match self.ratio {
            1.0 => Sampler::AlwaysOn,
            0.0 => Sampler::AlwaysOff,
            ratio => Sampler::TraceIdRatioBased(ratio),
        };
        if self.parent_based { Sampler::ParentBased(Box::new(root)) } else { root }
    }

    /// Whether a call is sampled, by its parent's flag and a uniformly random number.
    fn decide(self, parent: Option<bool>, random: u64) -> bool {
        match parent {
            Some(sampled) if self.parent_based => sampled,
            _ if self.ratio >= 1.0 => true,
            // An f64 holds 53 of the 64 bits exactly.
            _ => ((random >> 11) as f64) < self.ratio * (1_u64 << 53) as f64,
        }
    }
}

/// The sampler of spans. Creating it sets the rule of [`is_sampled`].
#[derive(Debug, Clone)]
pub(crate) struct CallSampler(Sampler);

impl CallSampler {
    /// The sampler that the environment configures.
    pub(crate) fn from_env() -> Self {
        let read = |name| env::var(name).ok();
        let (sampler, argument) = (read("OTEL_TRACES_SAMPLER"), read("OTEL_TRACES_SAMPLER_ARG"));
        Self::with(Rule::of(sampler.as_deref(), argument.as_deref()))
    }

    /// A sampler that samples nothing.
    pub(crate) fn never() -> Self {
        Self::with(Rule::NEVER)
    }

    fn with(rule: Rule) -> Self {
        RULE.set(rule).ok(); // a second `init` fails anyway
        Self(rule.sampler())
    }
}

impl ShouldSample for CallSampler {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        if !FORCED.get() {
            return self.0.should_sample(parent, trace_id, name, kind, attributes, links);
        }
        let trace_state = parent.map(|parent| parent.span().span_context().trace_state().clone());
        SamplingResult {
            decision: SamplingDecision::RecordAndSample,
            attributes: Vec::new(),
            trace_state: trace_state.unwrap_or_default(),
        }
    }
}

/// Whether a call with these headers is sampled. The caller's decision counts if it is `trusted`.
pub(crate) fn is_sampled(headers: &HeaderMap, trusted: bool) -> bool {
    let Some(rule) = RULE.get() else { return false };
    let parent = if trusted { sampled_flag(headers) } else { None };
    rule.decide(parent, u64::from_be_bytes(RandomIdGenerator::default().new_span_id().to_bytes()))
}

/// Calls `build`; the spans that it starts are sampled.
pub(crate) fn force_sampled<T>(build: impl FnOnce() -> T) -> T {
    FORCED.set(true);
    let built = build();
    FORCED.set(false);
    built
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parent_decides_in_parent_based_rules() {
        let some = Rule::of(Some("parentbased_traceidratio"), Some("0.01"));
        assert!(some.decide(Some(true), u64::MAX) && !some.decide(Some(false), 0));
        let root = Rule::of(Some("traceidratio"), Some("0.01"));
        assert!(!root.decide(Some(true), u64::MAX) && root.decide(Some(false), 0));
    }

    #[test]
    fn calls_without_a_parent_are_sampled_by_ratio() {
        let rule = Rule::of(Some("parentbased_traceidratio"), Some("0.25"));
        let numbers = (0..1_000_u64).map(|number| (2 * number + 1) * (u64::MAX / 2_000));
        assert_eq!(numbers.filter(|random| rule.decide(None, *random)).count(), 250);
        assert!(Rule::of(None, None).decide(None, u64::MAX));
        assert!(!Rule::NEVER.decide(None, 0));
        assert_eq!(Rule::of(Some("traceidratio"), Some("much")).ratio, 1.0);
    }

    #[test]
    fn forced_spans_are_sampled() {
        let sampler = CallSampler(Sampler::AlwaysOff);
        let decide = || {
            let kind = SpanKind::Server;
            sampler.should_sample(None, TraceId::from(1_u128), "a", &kind, &[], &[]).decision
        };
        assert_eq!(decide(), SamplingDecision::Drop);
        assert_eq!(force_sampled(decide), SamplingDecision::RecordAndSample);
        assert_eq!(decide(), SamplingDecision::Drop);
    }
}

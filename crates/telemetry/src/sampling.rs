//! Head sampling: whether a call is recorded, decided before a span is built for it.
//!
//! A span costs a call from memory more than the rest of it does, and most are not sampled. Calls
//! that are served ahead of the layers ask [`is_sampled`] first and build a span only if it is to be
//! recorded; [`CallSampler`] then takes that decision instead of drawing a second time.

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
    /// Set while a span is built whose sampling is decided.
    static DECIDED: Cell<bool> = const { Cell::new(false) };
}

/// `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rule {
    parent_based: bool,
    /// Of calls without a parent, from 0 to 1.
    ratio: f64,
}

impl Rule {
    const NEVER: Self = Self { parent_based: false, ratio: 0.0 };

    /// The names of the specification ("Environment Variable Specification", General SDK
    /// Configuration); any other is the default, as the SDK has it.
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

    /// `draw` is uniform over all values.
    fn decide(self, parent: Option<bool>, draw: u64) -> bool {
        match parent {
            Some(sampled) if self.parent_based => sampled,
            _ if self.ratio >= 1.0 => true,
            // Exact enough: 53 bits of the draw.
            _ => ((draw >> 11) as f64) < self.ratio * (1_u64 << 53) as f64,
        }
    }
}

/// The sampler of spans. Keeps its rule for [`is_sampled`].
#[derive(Debug, Clone)]
pub(crate) struct CallSampler(Sampler);

impl CallSampler {
    /// By the environment.
    pub(crate) fn from_env() -> Self {
        let read = |name| env::var(name).ok();
        let (sampler, argument) = (read("OTEL_TRACES_SAMPLER"), read("OTEL_TRACES_SAMPLER_ARG"));
        Self::with(Rule::of(sampler.as_deref(), argument.as_deref()))
    }

    /// Nothing is recorded.
    pub(crate) fn never() -> Self {
        Self::with(Rule::NEVER)
    }

    fn with(rule: Rule) -> Self {
        RULE.set(rule).ok(); // a second one fails to start anyway
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
        if !DECIDED.get() {
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

/// Whether a call with these headers is recorded. `trusted`: its caller's own decision counts.
pub(crate) fn is_sampled(headers: &HeaderMap, trusted: bool) -> bool {
    let Some(rule) = RULE.get() else { return false };
    let parent = if trusted { sampled_flag(headers) } else { None };
    rule.decide(parent, u64::from_be_bytes(RandomIdGenerator::default().new_span_id().to_bytes()))
}

/// Builds spans that are recorded, whatever the sampler would draw.
pub(crate) fn decided<T>(build: impl FnOnce() -> T) -> T {
    DECIDED.set(true);
    let built = build();
    DECIDED.set(false);
    built
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parent_decides_where_the_rule_says_so() {
        let some = Rule::of(Some("parentbased_traceidratio"), Some("0.01"));
        assert!(some.decide(Some(true), u64::MAX) && !some.decide(Some(false), 0));
        let root = Rule::of(Some("traceidratio"), Some("0.01"));
        assert!(!root.decide(Some(true), u64::MAX) && root.decide(Some(false), 0));
    }

    #[test]
    fn calls_without_a_parent_are_drawn_by_the_ratio() {
        let rule = Rule::of(Some("parentbased_traceidratio"), Some("0.25"));
        let draws = (0..1_000_u64).map(|draw| (2 * draw + 1) * (u64::MAX / 2_000));
        assert_eq!(draws.filter(|draw| rule.decide(None, *draw)).count(), 250);
        assert!(Rule::of(None, None).decide(None, u64::MAX));
        assert!(!Rule::NEVER.decide(None, 0));
        assert_eq!(Rule::of(Some("traceidratio"), Some("much")).ratio, 1.0);
    }

    #[test]
    fn a_decision_is_not_drawn_again() {
        let sampler = CallSampler(Sampler::AlwaysOff);
        let decide = || {
            let kind = SpanKind::Server;
            sampler.should_sample(None, TraceId::from(1_u128), "a", &kind, &[], &[]).decision
        };
        assert_eq!(decide(), SamplingDecision::Drop);
        assert_eq!(decided(decide), SamplingDecision::RecordAndSample);
        assert_eq!(decide(), SamplingDecision::Drop);
    }
}

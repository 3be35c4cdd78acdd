//! Counters of retries, hedges and breaker changes.

use std::sync::LazyLock;

use opentelemetry::{KeyValue, global::meter, metrics::Counter};

static RETRIES: LazyLock<Counter<u64>> = LazyLock::new(|| {
    counter("rpc.client.retries", "Retries: made, or withheld because the budget was spent.")
});
static HEDGES: LazyLock<Counter<u64>> =
    LazyLock::new(|| counter("rpc.client.hedges", "Slow reads sent to a second endpoint."));
static BREAKER_CHANGES: LazyLock<Counter<u64>> =
    LazyLock::new(|| counter("rpc.client.breaker.changes", "Breaker state changes, by new state."));

fn counter(name: &'static str, description: &'static str) -> Counter<u64> {
    meter("upstream").u64_counter(name).with_description(description).build()
}

/// Counts a retry that the budget allowed, or did not.
pub(crate) fn retry(upstream: &'static str, allowed: bool) {
    let what = if allowed { "made" } else { "withheld" };
    RETRIES.add(1, &[KeyValue::new("upstream", upstream), KeyValue::new("what", what)]);
}

/// Counts a second attempt.
pub(crate) fn hedged(upstream: &'static str) {
    HEDGES.add(1, &[KeyValue::new("upstream", upstream)]);
}

/// Counts a change to state `to`. `scope`: "endpoint" or "service".
pub(crate) fn breaker_changed(upstream: &'static str, scope: &'static str, to: &'static str) {
    let labels = [("upstream", upstream), ("scope", scope), ("to", to)];
    BREAKER_CHANGES.add(1, &labels.map(|(name, value)| KeyValue::new(name, value)));
}

/// Exports the counters of a service as zero, before its first call.
pub(crate) fn start(upstream: &'static str) {
    let named = |name, value: &'static str| KeyValue::new(name, value);
    for what in ["made", "withheld"] {
        RETRIES.add(0, &[named("upstream", upstream), named("what", what)]);
    }
    HEDGES.add(0, &[named("upstream", upstream)]);
    for scope in ["service", "endpoint"] {
        let labels = [("upstream", upstream), ("scope", scope), ("to", "open")];
        BREAKER_CHANGES.add(0, &labels.map(|(name, value)| named(name, value)));
    }
}

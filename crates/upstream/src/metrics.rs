//! What can be seen of the calls to other services, beside their durations.

use std::sync::LazyLock;

use opentelemetry::{
    KeyValue,
    global::meter,
    metrics::{AsyncInstrument, Counter},
};

use super::report::{BreakerReport, EndpointReport, UpstreamReport, registry};

static RETRIES: LazyLock<Counter<u64>> = LazyLock::new(|| {
    counter(
        "rpc.client.retries",
        "Further attempts of calls: made, or withheld because the budget was spent.",
    )
});
static HEDGES: LazyLock<Counter<u64>> =
    LazyLock::new(|| counter("rpc.client.hedges", "Reads asked of a second endpoint as well."));
static BREAKER_CHANGES: LazyLock<Counter<u64>> = LazyLock::new(|| {
    counter("rpc.client.breaker.changes", "Changes of breakers, by the state they came to.")
});

fn counter(name: &'static str, about: &'static str) -> Counter<u64> {
    meter("upstream").u64_counter(name).with_description(about).build()
}

/// There was to be another attempt; whether the budget let it.
pub(super) fn retry(upstream: &'static str, made: bool) {
    let what = if made { "made" } else { "withheld" };
    RETRIES.add(1, &[KeyValue::new("upstream", upstream), KeyValue::new("what", what)]);
}

/// A second endpoint was asked.
pub(super) fn hedged(upstream: &'static str) {
    HEDGES.add(1, &[KeyValue::new("upstream", upstream)]);
}

/// A breaker of an endpoint, or of the service as a whole, came to this state.
pub(super) fn breaker_changed(upstream: &'static str, scope: &'static str, to: &'static str) {
    let labels = [("upstream", upstream), ("scope", scope), ("to", to)];
    BREAKER_CHANGES.add(1, &labels.map(|(name, value)| KeyValue::new(name, value)));
}

/// What has not happened yet to calls of this service is shown as zero.
pub(super) fn begin(upstream: &'static str) {
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

/// Shows all services that are called, whenever somebody reads the metrics. Once is enough.
pub(super) fn watch() {
    static WATCHED: LazyLock<()> = LazyLock::new(|| {
        let meter = meter("upstream");
        meter
            .u64_observable_gauge("rpc.client.breaker.state")
            .with_description("Breakers of services as a whole: 0 closed, 1 half-open, 2 open.")
            .with_callback(|gauge| {
                for upstream in registry() {
                    gauge.observe(state(&upstream.breaker), &[name(&upstream)]);
                }
            })
            .build();
        meter
            .u64_observable_counter("rpc.client.endpoint.attempts")
            .with_description("Calls sent to an endpoint, each attempt counted.")
            .with_callback(|it| each(it, |endpoint| Some(endpoint.calls)))
            .build();
        meter
            .u64_observable_gauge("rpc.client.endpoint.in_flight")
            .with_description("Calls that wait for an endpoint.")
            .with_callback(|it| each(it, |endpoint| Some(endpoint.in_flight.into())))
            .build();
        meter
            .u64_observable_gauge("rpc.client.endpoint.connections")
            .with_description("Connections to an endpoint.")
            .with_callback(|it| each(it, |endpoint| Some(endpoint.connected as u64)))
            .build();
        meter
            .u64_observable_gauge("rpc.client.endpoint.ejected")
            .with_description("Whether an endpoint's breaker keeps calls away: 1 if so.")
            .with_callback(|it| each(it, |endpoint| Some(endpoint.ejected.into())))
            .build();
        meter
            .f64_observable_gauge("rpc.client.endpoint.latency")
            .with_unit("s")
            .with_description("The average time that an endpoint takes, as the balancer has it.")
            .with_callback(|it| each(it, |endpoint| Some(endpoint.ewma_ms? / 1_000.0)))
            .build();
    });
    LazyLock::force(&WATCHED);
}

/// Every endpoint of every service. There are as many as there are replicas.
fn each<T>(observer: &dyn AsyncInstrument<T>, value: impl Fn(&EndpointReport) -> Option<T>) {
    for upstream in registry() {
        for endpoint in &upstream.endpoints {
            if let Some(value) = value(endpoint) {
                let address = KeyValue::new("endpoint", endpoint.address.clone());
                observer.observe(value, &[name(&upstream), address]);
            }
        }
    }
}

fn name(upstream: &UpstreamReport) -> KeyValue {
    KeyValue::new("upstream", upstream.upstream)
}

fn state(breaker: &BreakerReport) -> u64 {
    match breaker.state {
        "closed" => 0,
        "half-open" => 1,
        _ => 2,
    }
}

//! Gauges of breakers and endpoints, read from the report at each export.

use std::sync::LazyLock;

use opentelemetry::{KeyValue, global::meter, metrics::AsyncInstrument};

use crate::report::{BreakerReport, EndpointReport, UpstreamReport, registry};

/// Registers the gauges of all upstreams, at the first call.
pub(crate) fn register() {
    static REGISTERED: LazyLock<()> = LazyLock::new(|| {
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
            .with_callback(|gauge| observe(gauge, |endpoint| Some(endpoint.calls)))
            .build();
        meter
            .u64_observable_gauge("rpc.client.endpoint.in_flight")
            .with_description("Calls that wait for an endpoint.")
            .with_callback(|gauge| observe(gauge, |endpoint| Some(endpoint.in_flight.into())))
            .build();
        meter
            .u64_observable_gauge("rpc.client.endpoint.connections")
            .with_description("Connections to an endpoint.")
            .with_callback(|gauge| observe(gauge, |endpoint| Some(endpoint.connected as u64)))
            .build();
        meter
            .u64_observable_gauge("rpc.client.endpoint.ejected")
            .with_description("Whether an endpoint's breaker keeps calls away: 1 if so.")
            .with_callback(|gauge| observe(gauge, |endpoint| Some(endpoint.ejected.into())))
            .build();
        meter
            .f64_observable_gauge("rpc.client.endpoint.latency")
            .with_unit("s")
            .with_description("The average time that an endpoint takes, as the balancer has it.")
            .with_callback(|gauge| observe(gauge, |endpoint| Some(endpoint.ewma_ms? / 1_000.0)))
            .build();
    });
    LazyLock::force(&REGISTERED);
}

/// Observes `value` of each endpoint of each upstream: a bounded label set.
fn observe<T>(observer: &dyn AsyncInstrument<T>, value: impl Fn(&EndpointReport) -> Option<T>) {
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

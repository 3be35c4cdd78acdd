//! Gauges of breakers and endpoints, read from the report at each export.

use std::sync::Once;

use opentelemetry::{KeyValue, global::meter, metrics::AsyncInstrument};

use crate::report::{BreakerReport, EndpointReport, UpstreamReport, registry};

/// Registers the gauges of all upstreams, at the first call.
pub(crate) fn register() {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
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
            .with_description("Attempts sent to an endpoint.")
            .with_callback(|counter| observe(counter, |endpoint| Some(endpoint.calls)))
            .build();
        let gauge = |name, description, value: fn(&EndpointReport) -> u64| {
            let gauge = meter.u64_observable_gauge(name).with_description(description);
            gauge.with_callback(move |it| observe(it, |endpoint| Some(value(endpoint)))).build();
        };
        gauge("rpc.client.endpoint.in_flight", "Attempts in flight at an endpoint.", |endpoint| {
            endpoint.in_flight.into()
        });
        gauge("rpc.client.endpoint.connections", "Connections to an endpoint.", |endpoint| {
            endpoint.connected as u64
        });
        gauge(
            "rpc.client.endpoint.ejected",
            "Whether an endpoint's breaker keeps calls away: 1 if so.",
            |endpoint| endpoint.ejected.into(),
        );
        meter
            .f64_observable_gauge("rpc.client.endpoint.latency")
            .with_unit("s")
            .with_description("The balancer's average latency of an endpoint.")
            .with_callback(|gauge| observe(gauge, |endpoint| Some(endpoint.ewma_ms? / 1_000.0)))
            .build();
    });
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

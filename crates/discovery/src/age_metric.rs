//! The metric `discovery.endpoints.age`.

use opentelemetry::{KeyValue, global};

use crate::{Endpoints, Target};

/// Observes the age of the set, zero while it is fresh, until its last subscriber is dropped. An
/// alert fires from one minute on.
pub(crate) fn register(endpoints: &Endpoints, target: &Target) {
    let freshness = endpoints.weak_freshness();
    let target = KeyValue::new("target", target.to_string());
    global::meter("discovery")
        .u64_observable_gauge("discovery.endpoints.age")
        .with_description("How long ago the endpoints of a target were last confirmed.")
        .with_unit("s")
        .with_callback(move |observer| {
            if let Some(freshness) = freshness.get() {
                observer.observe(freshness.stale_s, std::slice::from_ref(&target));
            }
        })
        .build();
}

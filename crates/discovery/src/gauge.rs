//! The age of what is known, for whoever scrapes.

use opentelemetry::{KeyValue, global};

use crate::{Endpoints, Target};

/// Has the age of the set measured for as long as it is watched: zero while nobody doubts it. Worth an
/// alert from a minute on.
pub(crate) fn measure(endpoints: &Endpoints, target: &Target) {
    let contact = endpoints.contact();
    let target = KeyValue::new("target", target.to_string());
    global::meter("discovery")
        .u64_observable_gauge("discovery.endpoints.age")
        .with_description("How long ago the endpoints of a target were last confirmed.")
        .with_unit("s")
        .with_callback(move |observer| {
            if let Some(freshness) = contact.freshness() {
                observer.observe(freshness.stale_s, std::slice::from_ref(&target));
            }
        })
        .build();
}

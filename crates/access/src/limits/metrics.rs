//! Metrics of limits.

use std::sync::{LazyLock, Weak};

use opentelemetry::{KeyValue, global::meter, metrics::Counter};

use super::{Limits, standing::Standing};

static LIMITED: LazyLock<Counter<u64>> = LazyLock::new(|| {
    meter("access")
        .u64_counter("access.limited")
        .with_description("Calls refused by a limit on their rate, by whose and which.")
        .build()
});

/// Counts a call that a limit has refused.
pub(crate) fn limited(standing: &Standing) {
    LIMITED.add(1, &standing.labels());
}

/// Exports the limits, and how many addresses and holders are remembered.
pub(crate) fn watch(limits: Weak<Limits>) {
    let counted = limits.clone();
    meter("access")
        .u64_observable_gauge("access.limit.subjects")
        .with_description("Addresses and holders of credentials whose calls are counted.")
        .with_callback(move |gauge| {
            if let Some(limits) = counted.upgrade() {
                gauge.observe(limits.subjects() as u64, &[]);
            }
        })
        .build();
    meter("access")
        .f64_observable_gauge("access.limit.rate")
        .with_description("Calls a second that a limit lets through for long, by whose and which.")
        .with_callback(move |gauge| {
            let Some(limits) = limits.upgrade() else { return };
            for (subject, class, rate) in limits.rates() {
                let labels = [KeyValue::new("subject", subject), KeyValue::new("class", class)];
                gauge.observe(rate, &labels);
            }
        })
        .build();
}

//! Metrics of tokens.

use opentelemetry::global::meter;

/// Exports the age of the keys, in seconds; `None` when they are gone.
pub(super) fn watch_age(age: impl Fn() -> Option<f64> + Send + Sync + 'static) {
    meter("access")
        .f64_observable_gauge("access.token.keys.age")
        .with_unit("s")
        .with_description("Time since the issuer's keys of tokens were last read.")
        .with_callback(move |gauge| {
            if let Some(age) = age() {
                gauge.observe(age, &[]);
            }
        })
        .build();
}

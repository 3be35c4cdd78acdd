//! Metrics of tokens.

use std::sync::Weak;

use opentelemetry::global::meter;

use super::source::KeySource;

/// Exports the age of the keys.
pub(super) fn watch_age(source: Weak<KeySource>) {
    meter("access")
        .f64_observable_gauge("access.token.keys.age")
        .with_unit("s")
        .with_description("Time since the issuer's keys of tokens were last read.")
        .with_callback(move |gauge| {
            if let Some(source) = source.upgrade() {
                gauge.observe(source.age().as_secs_f64(), &[]);
            }
        })
        .build();
}

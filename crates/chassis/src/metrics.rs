//! What a server counts beside its calls.

use std::sync::LazyLock;

use opentelemetry::{KeyValue, global::meter, metrics::Counter};

static PANICS: LazyLock<Counter<u64>> = LazyLock::new(|| {
    meter("chassis")
        .u64_counter("process.panics")
        .with_description("Panics that were caught, by place: a handler, a stream, a loop by name.")
        .build()
});

/// A panic was caught in `place`.
pub(crate) fn panicked(place: &'static str) {
    PANICS.add(1, &[KeyValue::new("place", place)]);
}

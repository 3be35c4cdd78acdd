//! The histogram of durations that every metric of this crate records into.

use opentelemetry::metrics::Histogram;

/// Upper bounds of the buckets, in seconds: the list of OpenTelemetry's semantic conventions, and two
/// lower ones for calls answered from memory.
pub(crate) const BUCKETS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// A histogram of durations in seconds, with buckets from half a millisecond to ten seconds. (The
/// SDK's default buckets begin at five seconds.)
pub fn durations(name: &'static str, description: &'static str) -> Histogram<f64> {
    opentelemetry::global::meter("telemetry")
        .f64_histogram(name)
        .with_description(description)
        .with_unit("s")
        .with_boundaries(BUCKETS.to_vec())
        .build()
}

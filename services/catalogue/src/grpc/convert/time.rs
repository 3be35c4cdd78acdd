//! Timestamps and durations.

use pbjson_types::{Duration, Timestamp};

use crate::domain::Micros;

pub(in crate::grpc) fn timestamp(micros: Micros) -> Timestamp {
    let nanos = micros.rem_euclid(1_000_000) * 1_000;
    Timestamp {
        seconds: micros.div_euclid(1_000_000),
        nanos: i32::try_from(nanos).expect("below a billion by the remainder above"),
    }
}

/// Converts a duration to microseconds: rounded down, and saturating.
pub(in crate::grpc) fn micros(duration: &Duration) -> Micros {
    let whole = duration.seconds.saturating_mul(1_000_000);
    whole.saturating_add(i64::from(duration.nanos) / 1_000)
}

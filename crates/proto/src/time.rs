//! Conversions of points in time.

use std::time::{Duration, SystemTime};

use pbjson_types::Timestamp;

/// The time of a timestamp; `None` before 1970, or beyond what the system knows.
pub fn system_time(timestamp: &Timestamp) -> Option<SystemTime> {
    let seconds = Duration::from_secs(timestamp.seconds.try_into().ok()?);
    let nanos = Duration::from_nanos(timestamp.nanos.try_into().ok()?);
    SystemTime::UNIX_EPOCH.checked_add(seconds + nanos)
}

/// The timestamp of a time, not before 1970.
pub fn timestamp(time: SystemTime) -> Timestamp {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp {
        seconds: since.as_secs().try_into().unwrap_or(i64::MAX),
        nanos: since.subsec_nanos().try_into().unwrap_or_default(),
    }
}

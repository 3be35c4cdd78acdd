//! Conversions of points in time.

use std::time::{Duration, SystemTime};

use pbjson_types::Timestamp;
use serde::{Serialize, Serializer, ser::Error as _};

use crate::json::write_timestamp;

/// A timestamp whose JSON is in UTC with `Z`, as proto3 JSON demands.
#[derive(Clone, Copy, Debug)]
pub struct Utc<'a>(pub &'a Timestamp);

impl Serialize for Utc<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = Vec::new();
        write_timestamp(self.0.seconds, self.0.nanos, &mut text).map_err(S::Error::custom)?;
        let text = std::str::from_utf8(&text).map_err(S::Error::custom)?;
        serializer.serialize_str(text.trim_matches('"'))
    }
}

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

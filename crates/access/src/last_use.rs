//! When a key was last used.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Uses are recorded once in this time, in seconds.
const INTERVAL: u64 = 60;

/// When a key was last used, in seconds since the Unix epoch; 0: never. Not a part of the key's identity: all are
/// equal.
#[derive(Debug, Default)]
pub struct LastUse {
    used: AtomicU64,
    recorded: AtomicU64,
}

impl LastUse {
    /// The key is used.
    pub(crate) fn touch(&self, now: SystemTime) {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        // Most calls of a key find its second there: a cache line that is read is shared, one written is not.
        if self.used.load(Relaxed) < now {
            self.used.store(now, Relaxed);
        }
    }

    /// The last use, if it is later than the one returned before by a minute.
    pub(crate) fn take_due(&self) -> Option<SystemTime> {
        let (used, recorded) = (self.used.load(Relaxed), self.recorded.load(Relaxed));
        if used < recorded + INTERVAL {
            return None;
        }
        self.recorded.store(used, Relaxed);
        Some(UNIX_EPOCH + Duration::from_secs(used))
    }

    pub(crate) fn take_over(&self, other: &Self) {
        self.used.fetch_max(other.used.load(Relaxed), Relaxed);
        self.recorded.fetch_max(other.recorded.load(Relaxed), Relaxed);
    }
}

impl Clone for LastUse {
    fn clone(&self) -> Self {
        let copy = Self::default();
        copy.take_over(self);
        copy
    }
}

impl PartialEq for LastUse {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for LastUse {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_use_is_recorded_once_a_minute() {
        let (key, start) = (LastUse::default(), UNIX_EPOCH + Duration::from_secs(1_000_000));
        assert_eq!(key.take_due(), None, "it was never used");
        let mut recorded = Vec::new();
        for second in 0..200 {
            key.touch(start + Duration::from_secs(second));
            recorded.extend(key.take_due().map(|at| at.duration_since(start).unwrap().as_secs()));
        }
        assert_eq!(recorded, [0, 60, 120, 180]);
        let successor = LastUse::default();
        successor.take_over(&key);
        assert_eq!(successor.take_due(), None);
    }
}

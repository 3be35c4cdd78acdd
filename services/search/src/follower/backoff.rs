//! Exponential backoff with jitter.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

/// First delay.
const FIRST: Duration = Duration::from_millis(100);

/// Maximum delay of the first attempts, short enough for a restart of the catalogue.
const EARLY_MAX: Duration = Duration::from_secs(1);
const EARLY_ATTEMPTS: u32 = 10;

/// Maximum delay.
const MAX: Duration = Duration::from_secs(5);

/// Delays that double up to a maximum, each reduced by a random part of up to half, so that
/// replicas do not reconnect at the same time.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    attempts: u32,
}

impl Backoff {
    /// Returns the next delay.
    pub(super) fn next_delay(&mut self) -> Duration {
        let max = if self.attempts < EARLY_ATTEMPTS { EARLY_MAX } else { MAX };
        let delay = FIRST.saturating_mul(2_u32.saturating_pow(self.attempts)).min(max);
        self.attempts = self.attempts.saturating_add(1);
        // Every `RandomState` has random keys.
        let random = RandomState::new().hash_one(self.attempts) as f64 / u64::MAX as f64;
        delay.mul_f64(1.0 - random / 2.0)
    }

    /// Restarts from the first delay.
    pub(super) fn reset(&mut self) {
        self.attempts = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_to_their_maximum() {
        let mut backoff = Backoff::default();
        let delays: Vec<_> = (0..20).map(|_| backoff.next_delay()).collect();
        assert!(delays[0] <= FIRST && delays[0] >= FIRST / 2);
        assert!(delays[..10].iter().all(|delay| *delay <= EARLY_MAX), "{delays:?}");
        assert!(delays[10..].iter().all(|delay| *delay >= MAX / 2 && *delay <= MAX));
        backoff.reset();
        assert!(backoff.next_delay() <= FIRST);
    }
}

//! How long to wait before asking again.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

const FIRST: Duration = Duration::from_millis(100);

/// The cap of the first tries: a catalogue that is only restarting is found again within it.
const SOON: Duration = Duration::from_secs(1);
const SOON_TRIES: u32 = 10;

const LONGEST: Duration = Duration::from_secs(5);

/// Waits that double up to a cap, each less a random part of up to half: replicas that lost the
/// same catalogue do not come back in step.
#[derive(Debug, Default)]
pub(super) struct Retry {
    tries: u32,
}

impl Retry {
    /// Returns the next wait.
    pub(super) fn next(&mut self) -> Duration {
        let cap = if self.tries < SOON_TRIES { SOON } else { LONGEST };
        let wait = FIRST.saturating_mul(2_u32.saturating_pow(self.tries)).min(cap);
        self.tries = self.tries.saturating_add(1);
        // Every hasher has keys of its own.
        let random = RandomState::new().hash_one(self.tries) as f64 / u64::MAX as f64;
        wait.mul_f64(1.0 - random / 2.0)
    }

    /// Starts again from the first wait.
    pub(super) fn reset(&mut self) {
        self.tries = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_their_caps() {
        let mut retry = Retry::default();
        let waits: Vec<_> = (0..20).map(|_| retry.next()).collect();
        assert!(waits[0] <= FIRST && waits[0] >= FIRST / 2);
        assert!(waits[..10].iter().all(|wait| *wait <= SOON), "{waits:?}");
        assert!(waits[10..].iter().all(|wait| *wait >= LONGEST / 2 && *wait <= LONGEST));
        retry.reset();
        assert!(retry.next() <= FIRST);
    }
}

//! How long to wait before the next try.

use std::time::Duration;

/// Pauses that double, up to a longest, each shortened by up to half at random, so that those who
/// failed together do not come back together.
#[derive(Debug)]
pub(crate) struct Backoff {
    first: Duration,
    longest: Duration,
    failures: u32,
}

impl Backoff {
    pub(crate) fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, failures: 0 }
    }

    /// How long to wait after one more failure.
    pub(crate) fn next(&mut self) -> Duration {
        let doubled =
            self.first.saturating_mul(1_u32.checked_shl(self.failures).unwrap_or(u32::MAX));
        self.failures = self.failures.saturating_add(1);
        jittered(doubled.min(self.longest))
    }

    /// It has worked.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

/// Between half of `pause` and all of it.
pub(crate) fn jittered(pause: Duration) -> Duration {
    // Without randomness everybody waits the longest: right, only less well spread.
    let random = getrandom::u32().unwrap_or(u32::MAX);
    pause / 2 + (pause / 2).mul_f64(f64::from(random) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_begin_anew() {
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(1));
        for longest in [100, 200, 400, 800, 1_000, 1_000] {
            let pause = backoff.next();
            let longest = Duration::from_millis(longest);
            assert!(longest / 2 <= pause && pause <= longest, "{pause:?} of {longest:?}");
        }
        for _ in 0..100 {
            assert!(backoff.next() <= Duration::from_secs(1));
        }
        backoff.reset();
        assert!(backoff.next() <= Duration::from_millis(100));
    }
}

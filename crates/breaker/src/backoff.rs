//! Open times: doubling, capped, jittered.

use crate::settings::Backoff;
use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

/// Deals the open times of one breaker.
#[derive(Debug)]
pub(crate) struct OpenTimes {
    settings: Backoff,
    /// How often it has opened since it last closed.
    opened: u32,
    random: Random,
}

impl OpenTimes {
    pub(crate) fn new(settings: Backoff, seed: u64) -> Self {
        Self { settings, opened: 0, random: Random(seed) }
    }

    /// Returns the next open time.
    pub(crate) fn next(&mut self) -> Duration {
        let Backoff { initial, cap, jitter } = self.settings;
        let doubled = initial.saturating_mul(1_u32.checked_shl(self.opened).unwrap_or(u32::MAX));
        self.opened = self.opened.saturating_add(1);
        let open = doubled.min(cap);
        // Compared first, so that NaN means none.
        if jitter > 0.0 { open.mul_f64(1.0 - jitter.min(1.0) * self.random.unit()) } else { open }
    }

    /// Starts again from the initial time.
    pub(crate) fn reset(&mut self) {
        self.opened = 0;
    }
}

/// Returns a seed that differs from breaker to breaker and from process to process.
pub(crate) fn seed() -> u64 {
    RandomState::new().hash_one(())
}

/// SplitMix64 (Steele, Lea, Flood 2014): plenty for jitter.
#[derive(Debug)]
struct Random(u64);

impl Random {
    /// Returns a number in `[0, 1)`.
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn open_time_doubles_up_to_the_cap() {
        let settings = Backoff { initial: SECOND, cap: 30 * SECOND, jitter: 0.0 };
        let mut times = OpenTimes::new(settings, 0);
        let dealt: Vec<u64> = (0..7).map(|_| times.next().as_secs()).collect();
        assert_eq!(dealt, [1, 2, 4, 8, 16, 30, 30]);
        times.reset();
        assert_eq!(times.next(), SECOND);
    }

    #[test]
    fn open_time_stays_at_the_cap_for_ever() {
        let mut times = OpenTimes::new(Backoff { jitter: 0.0, ..Backoff::default() }, 0);
        let last = (0..1000).map(|_| times.next()).last();
        assert_eq!(last, Some(30 * SECOND));
    }

    #[test]
    fn jitter_only_takes_off() {
        let settings = Backoff { initial: SECOND, cap: SECOND, jitter: 0.2 };
        let mut times = OpenTimes::new(settings, 7);
        let dealt: Vec<Duration> = (0..1000).map(|_| times.next()).collect();
        assert!(dealt.iter().all(|time| (SECOND * 4 / 5..=SECOND).contains(time)));
        assert!(dealt.iter().any(|time| *time < SECOND * 17 / 20));
        assert!(dealt.iter().any(|time| *time > SECOND * 19 / 20));
    }

    #[test]
    fn senseless_jitter_is_harmless() {
        for jitter in [f64::NAN, -1.0, 9.0, f64::INFINITY] {
            let mut times = OpenTimes::new(Backoff { jitter, ..Backoff::fixed(SECOND) }, 7);
            assert!((0..100).all(|_| times.next() <= SECOND), "{jitter}");
        }
    }

    #[test]
    fn seeds_differ() {
        assert_ne!(seed(), seed());
    }
}

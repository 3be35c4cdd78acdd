//! Exponential backoff with jitter.
//!
//! Jitter keeps clients that failed together from retrying together. It only shortens, so that a
//! maximum holds.

use std::time::Duration;

/// Delays between attempts, which grow by a factor up to a maximum.
#[derive(Clone, Debug)]
pub struct Backoff {
    first: Duration,
    max: Duration,
    factor: f64,
    jitter: f64,
    /// Number of early delays, and their maximum.
    early: (u32, Duration),
    /// Number of delays since the last reset.
    count: u32,
}

impl Backoff {
    /// Delays that double from `first` up to `max`, each shortened by up to half.
    pub const fn new(first: Duration, max: Duration) -> Self {
        Self { first, max, factor: 2.0, jitter: 0.5, early: (0, max), count: 0 }
    }

    /// Sets the growth of each delay over the one before.
    #[must_use]
    pub const fn with_factor(self, factor: f64) -> Self {
        Self { factor, ..self }
    }

    /// Sets the jitter, as for [`jitter`]; 0 makes delays exact.
    #[must_use]
    pub const fn with_jitter(self, share: f64) -> Self {
        Self { jitter: share, ..self }
    }

    /// Limits the first `count` delays to `max`.
    #[must_use]
    pub const fn with_early_max(self, count: u32, max: Duration) -> Self {
        Self { early: (count, max), ..self }
    }

    /// Returns the delay before the next attempt.
    pub fn next_delay(&mut self) -> Duration {
        let delay = self.delay_after(self.count);
        self.count = self.count.saturating_add(1);
        delay
    }

    /// Returns the delay that follows `count` others, for callers that count by themselves.
    pub fn delay_after(&self, count: u32) -> Duration {
        let (early, early_max) = self.early;
        let max = if count < early { early_max } else { self.max };
        let exponent = i32::try_from(count).unwrap_or(i32::MAX);
        let grown = self.first.as_secs_f64() * self.factor.powi(exponent);
        jitter(Duration::try_from_secs_f64(grown).map_or(max, |delay| delay.min(max)), self.jitter)
    }

    /// Starts over with the first delay, after a success.
    pub const fn reset(&mut self) {
        self.count = 0;
    }
}

/// Shortens `delay` by a random part of at most `share`, which is from 0 to 1.
pub fn jitter(delay: Duration, share: f64) -> Duration {
    delay.mul_f64(1.0 - share * fastrand::f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    fn delays<const N: usize>(backoff: &mut Backoff) -> [Duration; N] {
        [(); N].map(|()| backoff.next_delay())
    }

    #[test]
    fn delays_double_up_to_the_maximum_and_start_over() {
        let mut backoff = Backoff::new(ms(100), ms(1_000)).with_jitter(0.0);
        assert_eq!(delays(&mut backoff), [100, 200, 400, 800, 1_000, 1_000].map(ms));
        backoff.reset();
        assert_eq!(backoff.next_delay(), ms(100));
    }

    #[test]
    fn delays_stay_at_the_maximum() {
        let mut backoff = Backoff::new(ms(100), ms(1_000)).with_jitter(0.0);
        assert_eq!((0..2_000).map(|_| backoff.next_delay()).last(), Some(ms(1_000)));
        backoff.count = u32::MAX;
        assert_eq!(delays(&mut backoff), [ms(1_000); 2]);
    }

    #[test]
    fn early_delays_have_a_maximum_of_their_own() {
        let backoff = Backoff::new(ms(100), ms(5_000)).with_early_max(5, ms(300));
        assert_eq!(
            delays(&mut backoff.with_jitter(0.0)),
            [100, 200, 300, 300, 300, 3_200, 5_000].map(ms)
        );
    }

    #[test]
    fn the_factor_sets_the_growth() {
        let mut backoff = Backoff::new(ms(20), ms(60)).with_factor(1.5).with_jitter(0.0);
        assert_eq!(delays(&mut backoff), [20, 30, 45, 60, 60].map(ms));
    }

    #[test]
    fn jitter_shortens_by_at_most_its_share() {
        let mut backoff = Backoff::new(ms(100), ms(100));
        let all = delays::<1_000>(&mut backoff);
        assert!(all.iter().all(|delay| (ms(50)..=ms(100)).contains(delay)), "{all:?}");
        assert!(all.iter().any(|delay| *delay < ms(60)) && all.iter().any(|delay| *delay > ms(90)));
        assert!((0..1_000).all(|_| (ms(80)..=ms(100)).contains(&jitter(ms(100), 0.2))));
    }
}

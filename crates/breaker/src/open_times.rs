//! Open times: exponential backoff with a cap and jitter.

use crate::settings::Backoff;
use std::time::Duration;

/// Generates the open times of one breaker.
#[derive(Debug)]
pub(crate) struct OpenTimes {
    settings: Backoff,
    /// The next open time, before jitter.
    next: Duration,
    random: fastrand::Rng,
}

impl OpenTimes {
    pub(crate) fn new(settings: Backoff, seed: u64) -> Self {
        Self { settings, next: settings.initial, random: fastrand::Rng::with_seed(seed) }
    }

    /// Returns the next open time.
    pub(crate) fn next(&mut self) -> Duration {
        let Backoff { cap, jitter, .. } = self.settings;
        let open = self.next.min(cap);
        self.next = open.saturating_mul(2);
        // Compared first, so that NaN means no jitter.
        if jitter > 0.0 { open.mul_f64(1.0 - jitter.min(1.0) * self.random.f64()) } else { open }
    }

    /// Starts over from the initial time.
    pub(crate) fn reset(&mut self) {
        self.next = self.settings.initial;
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
        let seconds: Vec<u64> = (0..7).map(|_| times.next().as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 30, 30]);
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
    fn jitter_only_shortens() {
        let settings = Backoff { initial: SECOND, cap: SECOND, jitter: 0.2 };
        let mut times = OpenTimes::new(settings, 7);
        let all: Vec<Duration> = (0..1000).map(|_| times.next()).collect();
        assert!(all.iter().all(|time| (SECOND * 4 / 5..=SECOND).contains(time)));
        assert!(all.iter().any(|time| *time < SECOND * 17 / 20));
        assert!(all.iter().any(|time| *time > SECOND * 19 / 20));
    }

    #[test]
    fn invalid_jitter_never_lengthens() {
        for jitter in [f64::NAN, -1.0, 9.0, f64::INFINITY] {
            let mut times = OpenTimes::new(Backoff { jitter, ..Backoff::fixed(SECOND) }, 7);
            assert!((0..100).all(|_| times.next() <= SECOND), "{jitter}");
        }
    }
}

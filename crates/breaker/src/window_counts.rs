//! Counts of calls over a window of time.

use crate::settings::Window;
use std::time::Duration;

/// Numbers of calls, from which ratios are computed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) requests: u64,
    pub(crate) failures: u64,
    pub(crate) slow: u64,
}

/// The calls of a closed breaker, counted in the buckets of their admission.
#[derive(Debug)]
pub(crate) struct WindowCounts {
    window: Window,
    /// Sum of the buckets.
    total: Counts,
    /// Ring buffer, never empty. Only a rolling window has more than one bucket.
    buckets: Box<[Counts]>,
    /// Number of the current bucket since the start; its index in the ring is the remainder.
    age: u64,
    started: Duration,
    /// End of the current bucket. Used by rolling windows only.
    ends: Duration,
}

impl WindowCounts {
    pub(crate) fn new(window: Window, now: Duration) -> Self {
        let buckets = match window {
            Window::Endless | Window::Fixed(_) => 1,
            Window::Rolling { buckets, .. } => buckets.max(1) as usize,
        };
        let mut counts = Self {
            window,
            total: Counts::default(),
            buckets: vec![Counts::default(); buckets].into(),
            age: 0,
            started: now,
            ends: now,
        };
        counts.restart(now);
        counts
    }

    /// Clears all counts and starts a window at `now`.
    pub(crate) fn restart(&mut self, now: Duration) {
        self.clear();
        self.age = 0;
        self.started = now;
        if let Window::Rolling { bucket, .. } = self.window {
            self.ends = now.saturating_add(at_least_a_nanosecond(bucket));
        }
    }

    /// Removes calls that have left the window.
    pub(crate) fn advance(&mut self, now: Duration) {
        match self.window {
            Window::Endless => {}
            Window::Fixed(length) => {
                if now > self.started.saturating_add(length) {
                    self.clear();
                    self.age += 1;
                    self.started = now;
                }
            }
            Window::Rolling { bucket, .. } => {
                // The common case is a comparison without a division.
                if now >= self.ends {
                    self.roll(now, at_least_a_nanosecond(bucket));
                }
            }
        }
    }

    /// Counts an admitted call. Returns its bucket's number, for [`WindowCounts::record`].
    pub(crate) fn admit(&mut self) -> u64 {
        self.total.requests += 1;
        self.bucket(self.age).requests += 1;
        self.age
    }

    /// Counts calls that were admitted in the current bucket.
    pub(crate) fn admit_many(&mut self, calls: u64) {
        self.total.requests += calls;
        self.bucket(self.age).requests += calls;
    }

    /// The number of the current bucket.
    pub(crate) fn bucket_number(&self) -> u64 {
        self.age
    }

    /// Time from which [`WindowCounts::advance`] has an effect.
    pub(crate) fn ends(&self) -> Duration {
        match self.window {
            Window::Endless => Duration::MAX,
            Window::Fixed(length) => {
                self.started.saturating_add(length).saturating_add(Duration::from_nanos(1))
            }
            Window::Rolling { .. } => self.ends,
        }
    }

    /// Counts the outcome of a call admitted in bucket `age`, if that is still in the window.
    ///
    /// Returns whether the outcome may trip the breaker. A fixed window ignores calls of earlier
    /// windows; a rolling window does not count them, but evaluates its ratios. That is the
    /// behaviour of the reference implementation.
    pub(crate) fn record(&mut self, age: u64, failed: bool, slow: bool) -> bool {
        let counted = self.age - age < self.buckets.len() as u64;
        if counted {
            for counts in [&mut self.total, &mut self.buckets[place(age, self.buckets.len())]] {
                counts.failures += u64::from(failed);
                counts.slow += u64::from(slow);
            }
        }
        counted || matches!(self.window, Window::Rolling { .. })
    }

    pub(crate) fn total(&self) -> Counts {
        self.total
    }

    fn roll(&mut self, now: Duration, bucket: Duration) {
        // u64 division, sufficient for 584 years, is several times faster than u128.
        let elapsed = now.saturating_sub(self.started).as_nanos() as u64;
        let bucket = bucket.as_nanos() as u64;
        let age = elapsed / bucket;
        if age - self.age >= self.buckets.len() as u64 {
            self.clear();
        } else {
            for new in self.age + 1..=age {
                let expired = std::mem::take(self.bucket(new));
                self.total.requests -= expired.requests;
                self.total.failures -= expired.failures;
                self.total.slow -= expired.slow;
            }
        }
        self.age = age;
        self.ends = now.saturating_add(Duration::from_nanos(bucket - elapsed % bucket));
    }

    fn clear(&mut self) {
        self.total = Counts::default();
        self.buckets.fill(Counts::default());
    }

    fn bucket(&mut self, age: u64) -> &mut Counts {
        &mut self.buckets[place(age, self.buckets.len())]
    }
}

fn place(age: u64, buckets: usize) -> usize {
    (age % buckets as u64) as usize
}

fn at_least_a_nanosecond(bucket: Duration) -> Duration {
    bucket.max(Duration::from_nanos(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn rolling() -> WindowCounts {
        WindowCounts::new(Window::Rolling { bucket: SECOND, buckets: 3 }, Duration::ZERO)
    }

    #[test]
    fn rolling_window_expires_bucket_by_bucket() {
        let mut counts = rolling();
        for (at, requests) in [(0, 1), (1, 2), (2, 3), (3, 3), (5, 2), (8, 1)] {
            counts.advance(at * SECOND);
            counts.admit();
            assert_eq!(counts.total().requests, requests, "after {at} s");
        }
    }

    #[test]
    fn late_failure_counts_in_the_bucket_of_its_admission() {
        let mut counts = rolling();
        let age = counts.admit();
        counts.advance(2 * SECOND);
        counts.record(age, true, false);
        assert_eq!(counts.total().failures, 1);
        counts.advance(3 * SECOND);
        assert_eq!(counts.total(), Counts::default());
        assert!(counts.record(age, true, false));
        assert_eq!(counts.total(), Counts::default());
    }

    #[test]
    fn fixed_window_lasts_its_whole_length() {
        let mut counts = WindowCounts::new(Window::Fixed(SECOND), Duration::ZERO);
        let age = counts.admit();
        counts.advance(SECOND);
        assert_eq!(counts.total().requests, 1);
        counts.advance(SECOND + Duration::from_nanos(1));
        assert_eq!(counts.total().requests, 0);
        assert!(!counts.record(age, true, false));
    }

    #[test]
    fn window_of_zero_length_counts_nothing() {
        let window = Window::Rolling { bucket: Duration::ZERO, buckets: 0 };
        let mut counts = WindowCounts::new(window, Duration::ZERO);
        counts.admit();
        counts.advance(SECOND);
        assert_eq!(counts.total().requests, 0);
    }
}

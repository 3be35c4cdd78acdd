//! Counting calls over a window of time.

use crate::settings::Window;
use std::time::Duration;

/// What the ratios are made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) requests: u64,
    pub(crate) failures: u64,
    pub(crate) slow: u64,
}

/// The calls of a closed breaker, counted in the bucket they were admitted in.
#[derive(Debug)]
pub(crate) struct Tally {
    window: Window,
    /// The sum of the buckets, kept so that nobody has to add.
    total: Counts,
    /// A ring, never empty. Only a rolling window has more than one.
    buckets: Box<[Counts]>,
    /// The current bucket's number since the start; its place in the ring is the remainder.
    age: u64,
    started: Duration,
    /// When the current bucket ends. Only a rolling window uses it.
    ends: Duration,
}

impl Tally {
    pub(crate) fn new(window: Window, now: Duration) -> Self {
        let buckets = match window {
            Window::Endless | Window::Fixed(_) => 1,
            Window::Rolling { buckets, .. } => buckets.max(1) as usize,
        };
        let mut tally = Self {
            window,
            total: Counts::default(),
            buckets: vec![Counts::default(); buckets].into(),
            age: 0,
            started: now,
            ends: now,
        };
        tally.restart(now);
        tally
    }

    /// Forgets everything and begins a window at `now`.
    pub(crate) fn restart(&mut self, now: Duration) {
        self.clear();
        self.age = 0;
        self.started = now;
        if let Window::Rolling { bucket, .. } = self.window {
            self.ends = now.saturating_add(at_least_a_nanosecond(bucket));
        }
    }

    /// Leaves behind what the window has passed.
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
                // The common case costs a comparison and no division.
                if now >= self.ends {
                    self.roll(now, at_least_a_nanosecond(bucket));
                }
            }
        }
    }

    /// Counts an admitted call. Returns its bucket's number, for [`Tally::record`].
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

    /// From when on [`Tally::advance`] does something.
    pub(crate) fn ends(&self) -> Duration {
        match self.window {
            Window::Endless => Duration::MAX,
            Window::Fixed(length) => {
                self.started.saturating_add(length).saturating_add(Duration::from_nanos(1))
            }
            Window::Rolling { .. } => self.ends,
        }
    }

    /// Counts the outcome of a call admitted in bucket `age`, if the window still has that.
    ///
    /// Returns whether the outcome may trip the breaker. A fixed window ignores an older one's
    /// calls altogether; a rolling window does not count such a call, but judges what it has.
    /// The reference does so, too.
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
        // Divided as u64, which does for 584 years and is several times faster than u128.
        let elapsed = now.saturating_sub(self.started).as_nanos() as u64;
        let bucket = bucket.as_nanos() as u64;
        let age = elapsed / bucket;
        if age - self.age >= self.buckets.len() as u64 {
            self.clear();
        } else {
            for fresh in self.age + 1..=age {
                let passed = std::mem::take(self.bucket(fresh));
                self.total.requests -= passed.requests;
                self.total.failures -= passed.failures;
                self.total.slow -= passed.slow;
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

    fn rolling() -> Tally {
        Tally::new(Window::Rolling { bucket: SECOND, buckets: 3 }, Duration::ZERO)
    }

    #[test]
    fn rolling_window_forgets_bucket_by_bucket() {
        let mut tally = rolling();
        for (at, requests) in [(0, 1), (1, 2), (2, 3), (3, 3), (5, 2), (8, 1)] {
            tally.advance(at * SECOND);
            tally.admit();
            assert_eq!(tally.total().requests, requests, "after {at} s");
        }
    }

    #[test]
    fn late_failure_counts_where_its_call_was_admitted() {
        let mut tally = rolling();
        let age = tally.admit();
        tally.advance(2 * SECOND);
        tally.record(age, true, false);
        assert_eq!(tally.total().failures, 1);
        tally.advance(3 * SECOND);
        assert_eq!(tally.total(), Counts::default());
        assert!(tally.record(age, true, false));
        assert_eq!(tally.total(), Counts::default());
    }

    #[test]
    fn fixed_window_lasts_its_whole_length() {
        let mut tally = Tally::new(Window::Fixed(SECOND), Duration::ZERO);
        let age = tally.admit();
        tally.advance(SECOND);
        assert_eq!(tally.total().requests, 1);
        tally.advance(SECOND + Duration::from_nanos(1));
        assert_eq!(tally.total().requests, 0);
        assert!(!tally.record(age, true, false));
    }

    #[test]
    fn window_of_nothing_is_harmless() {
        let window = Window::Rolling { bucket: Duration::ZERO, buckets: 0 };
        let mut tally = Tally::new(window, Duration::ZERO);
        tally.admit();
        tally.advance(SECOND);
        assert_eq!(tally.total().requests, 0);
    }
}

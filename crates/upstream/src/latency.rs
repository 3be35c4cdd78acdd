//! Histograms of latencies, recorded with one relaxed addition each.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// The number of buckets. The last one has no upper bound.
pub const BUCKETS: usize = 80;
/// Each doubling of the latency has four buckets, so that a quantile is at most a fifth too high.
const PER_DOUBLING: usize = 4;
/// The width of the first buckets is 2^5 microseconds.
const UNIT_SHIFT: u32 = 5;

/// Numbers of calls by their latency, from 32 µs to half a minute.
#[derive(Debug)]
pub struct Histogram([AtomicU64; BUCKETS]);

impl Histogram {
    /// An empty histogram.
    #[must_use]
    pub const fn new() -> Self {
        Self([const { AtomicU64::new(0) }; BUCKETS])
    }

    /// Counts a call. (Hot path.)
    pub fn record(&self, latency: Duration) {
        self.0[bucket(latency)].fetch_add(1, Ordering::Relaxed);
    }

    /// The numbers so far.
    #[must_use]
    pub fn counts(&self) -> LatencyCounts {
        LatencyCounts(self.0.iter().map(|count| count.load(Ordering::Relaxed)).collect())
    }
}

impl Default for Histogram {
    fn default() -> Self {
        Self::new()
    }
}

/// The numbers of a [`Histogram`] at one time; empty: all are zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LatencyCounts(Vec<u64>);

impl LatencyCounts {
    /// The numbers of another process, lowest latency first. Superfluous ones are dropped.
    pub fn of(counts: impl IntoIterator<Item = u64>) -> Self {
        Self(counts.into_iter().take(BUCKETS).collect())
    }

    /// The numbers, lowest latency first.
    pub fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.iter().copied()
    }

    /// The calls counted since `earlier`. A count that has decreased, as after a restart, begins at zero.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let before = earlier.iter().chain(std::iter::repeat(0));
        Self(self.iter().zip(before).map(|(now, then)| now.saturating_sub(then)).collect())
    }

    /// The number of calls.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.iter().sum()
    }

    /// The latency that the share `quantile` of the calls does not exceed, rounded up to its bucket's
    /// bound. `None` without calls.
    #[must_use]
    pub fn quantile(&self, quantile: f64) -> Option<Duration> {
        let rank = (self.total() as f64 * quantile).ceil().max(1.0) as u64;
        let mut below = 0;
        let mut buckets = self.iter().enumerate();
        buckets.find_map(|(bucket, count)| {
            below += count;
            (below >= rank).then(|| upper_bound(bucket))
        })
    }
}

fn bucket(latency: Duration) -> usize {
    let units = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX) >> UNIT_SHIFT;
    if units < PER_DOUBLING as u64 {
        return units as usize;
    }
    let octave = units.ilog2();
    let within = (units >> (octave - 2)) as usize % PER_DOUBLING;
    ((octave as usize - 1) * PER_DOUBLING + within).min(BUCKETS - 1)
}

fn upper_bound(bucket: usize) -> Duration {
    let (octave, within) = (bucket / PER_DOUBLING, bucket % PER_DOUBLING);
    let units = match octave {
        0 => within as u64 + 1,
        octave => ((PER_DOUBLING + within + 1) << (octave - 1)) as u64,
    };
    Duration::from_micros(units << UNIT_SHIFT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_contiguous_and_narrow() {
        for bucket_number in 0..BUCKETS - 1 {
            let bound = upper_bound(bucket_number);
            let below = bound - Duration::from_micros(1);
            assert_eq!(bucket(below), bucket_number, "{bound:?}");
            assert_eq!(bucket(bound), bucket_number + 1, "{bound:?}");
        }
        assert_eq!(bucket(Duration::MAX), BUCKETS - 1);
        assert!(upper_bound(BUCKETS - 2) > Duration::from_secs(20));
    }

    #[test]
    fn quantile_is_of_the_calls_since_an_earlier_time() {
        let histogram = Histogram::new();
        assert_eq!(histogram.counts().quantile(0.99), None);
        (0..100).for_each(|_| histogram.record(Duration::from_secs(2)));
        let earlier = histogram.counts();
        (0..98).for_each(|_| histogram.record(Duration::from_millis(1)));
        (0..2).for_each(|_| histogram.record(Duration::from_millis(50)));
        let counts = histogram.counts().since(&earlier);
        assert_eq!(counts.total(), 100);
        let is_near = |quantile, wanted: Duration| {
            let found = counts.quantile(quantile).unwrap();
            assert!(found >= wanted && found <= wanted.mul_f64(1.25), "{found:?}");
        };
        is_near(0.5, Duration::from_millis(1));
        is_near(0.99, Duration::from_millis(50));
        assert_eq!(LatencyCounts::default().since(&earlier).total(), 0);
    }
}

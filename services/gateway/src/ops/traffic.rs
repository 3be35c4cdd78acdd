//! Calls a second, latency and errors, from counters that only grow.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    hash::Hash,
    time::{Duration, Instant},
};

use upstream::latency::LatencyCounts;

/// The time that figures are taken of.
const WINDOW: Duration = Duration::from_secs(10);
/// With less time between two samples there are no figures.
const SHORTEST: Duration = Duration::from_millis(100);

/// Counters at one time.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counters {
    pub(crate) latencies: LatencyCounts,
    pub(crate) failed: u64,
}

/// The figures of the last ten seconds, or of as long as somebody has looked.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Traffic {
    /// Calls a second; `None` while it is not known.
    pub(crate) rate: Option<f64>,
    /// The latency that 99 % of the calls do not exceed; `None` without calls.
    pub(crate) p99: Option<Duration>,
    /// The share of calls that failed, from 0 to 1; `None` without calls.
    pub(crate) error_share: Option<f64>,
}

/// The samples of each counter in the window. A counter that is no longer sampled is forgotten.
pub(crate) struct Windows<K> {
    samples: HashMap<K, VecDeque<(Instant, Counters)>>,
    sampled: HashSet<K>,
}

impl<K: Hash + Eq + Clone> Windows<K> {
    pub(crate) fn new() -> Self {
        Self { samples: HashMap::new(), sampled: HashSet::new() }
    }

    /// Adds a sample of a counter, and returns its figures.
    pub(crate) fn add(&mut self, key: K, now: Instant, counters: Counters) -> Traffic {
        self.sampled.insert(key.clone());
        let samples = self.samples.entry(key).or_default();
        let restarted =
            |(_, last): &(_, Counters)| counters.latencies.total() < last.latencies.total();
        if samples.back().is_some_and(restarted) {
            samples.clear();
        }
        // The oldest sample is the first one before the window.
        while samples.get(1).is_some_and(|(at, _)| now.duration_since(*at) >= WINDOW) {
            samples.pop_front();
        }
        samples.push_back((now, counters));
        let ((from, first), (to, last)) = (&samples[0], &samples[samples.len() - 1]);
        figures(to.duration_since(*from), first, last)
    }

    /// Forgets the counters that have not been sampled since the last call.
    pub(crate) fn forget_others(&mut self) {
        let sampled = std::mem::take(&mut self.sampled);
        self.samples.retain(|key, _| sampled.contains(key));
    }
}

fn figures(time: Duration, first: &Counters, last: &Counters) -> Traffic {
    if time < SHORTEST {
        return Traffic::default();
    }
    let latencies = last.latencies.since(&first.latencies);
    let (calls, failed) = (latencies.total(), last.failed.saturating_sub(first.failed));
    // A stream may fail after it has been counted.
    let all = calls.max(failed);
    Traffic {
        rate: Some(calls as f64 / time.as_secs_f64()),
        p99: latencies.quantile(0.99).filter(|_| calls > 0),
        error_share: (all > 0).then(|| failed as f64 / all as f64),
    }
}

#[cfg(test)]
mod tests {
    use upstream::latency::Histogram;

    use super::*;

    #[test]
    fn figures_are_of_the_last_ten_seconds() {
        let (histogram, start) = (Histogram::new(), Instant::now());
        let mut windows = Windows::new();
        let mut traffic = Traffic::default();
        for second in 0..60 {
            let latency = Duration::from_millis(if second < 30 { 500 } else { 1 });
            (0..20).for_each(|_| histogram.record(latency));
            let counters = Counters { latencies: histogram.counts(), failed: 2 * second };
            traffic = windows.add("edge", start + Duration::from_secs(second), counters);
            windows.forget_others();
        }
        assert_eq!(traffic.rate, Some(20.0));
        assert!(traffic.p99.unwrap() < Duration::from_millis(2), "{traffic:?}");
        assert_eq!(traffic.error_share, Some(0.1));
    }

    #[test]
    fn a_restarted_counter_begins_again() {
        let (histogram, now) = (Histogram::new(), Instant::now());
        (0..20).for_each(|_| histogram.record(Duration::ZERO));
        let mut windows = Windows::new();
        let sample = |counts: &Histogram| Counters { latencies: counts.counts(), failed: 9 };
        windows.add(1, now, sample(&histogram));
        let restarted = Histogram::new();
        let later = |seconds| now + Duration::from_secs(seconds);
        assert_eq!(windows.add(1, later(1), sample(&restarted)), Traffic::default());
        restarted.record(Duration::ZERO);
        assert_eq!(windows.add(1, later(2), sample(&restarted)).rate, Some(1.0));
    }

    #[test]
    fn what_is_not_sampled_is_forgotten() {
        let mut windows = Windows::new();
        for key in 0..100 {
            windows.add(key, Instant::now(), Counters::default());
            windows.forget_others();
        }
        assert!(windows.samples.len() == 1);
    }
}

//! How much an endpoint has to do, and how long it takes.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

/// How fast what was seen is forgotten: after so long it counts for a third. Short, since an endpoint
/// that looked slow once is asked again only when that is forgotten.
const MEMORY: Duration = Duration::from_millis(500);
/// What a failure counts for: whoever fails at once must not look quick.
const PENALTY: Duration = Duration::from_secs(1);
/// How fast a failure is forgotten. More slowly than a peak: on a busy machine everybody has those.
const GRUDGE: Duration = Duration::from_secs(2);
/// Differences below this are noise.
const NOISE: Duration = Duration::from_micros(100);

/// The load of an endpoint: calls under way, and a peak-sensitive moving average of how long they take
/// (as in Finagle's Peak EWMA).
#[derive(Debug)]
pub(crate) struct Load {
    origin: Instant,
    calls: AtomicU64,
    under_way: AtomicU32,
    latency: Mutex<Latency>,
    /// When something was last heard, or waiting began, in nanoseconds since the origin.
    heard: AtomicU64,
}

#[derive(Debug, Default)]
struct Latency {
    /// In seconds; none before the first answer.
    average: Option<f64>,
    at: Duration,
    /// One after a failure, less and less afterwards.
    trouble: f64,
    trouble_at: Duration,
}

impl Load {
    pub(super) fn new() -> Self {
        Self {
            origin: Instant::now(),
            calls: AtomicU64::new(0),
            under_way: AtomicU32::new(0),
            latency: Mutex::default(),
            heard: AtomicU64::new(0),
        }
    }

    /// Counts a call as under way, until it [leaves](Self::leave).
    pub(crate) fn enter(&self, now: Instant) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        if self.under_way.fetch_add(1, Ordering::Relaxed) == 0 {
            self.hear(now);
        }
    }

    /// A call is no longer under way.
    pub(crate) fn leave(&self) {
        self.under_way.fetch_sub(1, Ordering::Relaxed);
    }

    /// An answer has come after so long.
    pub(crate) fn answered(&self, took: Duration, now: Instant) {
        self.hear(now);
        self.observe(took, now, false);
    }

    /// A call was given up after so long.
    pub(crate) fn late(&self, took: Duration, now: Instant) {
        self.observe(took.max(PENALTY), now, false);
    }

    /// A call has failed after so long.
    pub(crate) fn failed(&self, took: Duration, now: Instant) {
        self.observe(took, now, true);
    }

    /// Whatever was, it is to be judged anew.
    pub(super) fn forgive(&self) {
        *self.latency.lock().unwrap_or_else(PoisonError::into_inner) = Latency::default();
    }

    /// What another call would cost here, to be compared. An endpoint that nobody has asked yet is
    /// worth asking, once.
    pub(super) fn cost(&self, now: Instant) -> f64 {
        let under_way = self.under_way.load(Ordering::Relaxed);
        let since = self.since(now);
        let average = {
            let latency = self.latency.lock().unwrap_or_else(PoisonError::into_inner);
            let trouble = PENALTY.as_secs_f64() * latency.trouble_left(since);
            latency.average.map(|average| average * latency.fading(since) + trouble)
        };
        // Who has calls and has not been heard for long is slower than it was.
        let silent = match under_way {
            0 => 0.0,
            _ => (since.as_secs_f64()
                - Duration::from_nanos(self.heard.load(Ordering::Relaxed)).as_secs_f64())
            .max(0.0),
        };
        match average {
            None if under_way == 0 => 0.0,
            None => PENALTY.as_secs_f64().max(silent) * f64::from(under_way),
            Some(average) => (average.max(silent) + NOISE.as_secs_f64()) * f64::from(under_way + 1),
        }
    }

    /// How many have ever entered.
    pub(crate) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    pub(crate) fn under_way(&self) -> u32 {
        self.under_way.load(Ordering::Relaxed)
    }

    /// The average as it is remembered now.
    pub(crate) fn latency(&self, now: Instant) -> Option<Duration> {
        let since = self.since(now);
        let latency = self.latency.lock().unwrap_or_else(PoisonError::into_inner);
        latency.average.map(|average| Duration::from_secs_f64(average * latency.fading(since)))
    }

    fn observe(&self, took: Duration, now: Instant, failed: bool) {
        let since = self.since(now);
        let took = took.as_secs_f64();
        let mut latency = self.latency.lock().unwrap_or_else(PoisonError::into_inner);
        let fading = latency.fading(since);
        let average = match latency.average {
            // However quickly it fails, it is not quick.
            Some(average) if failed => took.max(average * fading),
            Some(average) if took < average * fading => average * fading + took * (1.0 - fading),
            _ => took,
        };
        // A success makes good half of it, so that who fails half the time is not forgiven.
        let trouble = if failed { 1.0 } else { latency.trouble_left(since) / 2.0 };
        let at = latency.at.max(since);
        *latency = Latency { average: Some(average), at, trouble, trouble_at: at };
    }

    fn hear(&self, now: Instant) {
        let nanos = u64::try_from(self.since(now).as_nanos()).unwrap_or(u64::MAX);
        self.heard.store(nanos, Ordering::Relaxed);
    }

    fn since(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.origin)
    }
}

impl Latency {
    /// What is left of the average after the time that has passed, from 0 to 1.
    fn fading(&self, now: Duration) -> f64 {
        (-now.saturating_sub(self.at).as_secs_f64() / MEMORY.as_secs_f64()).exp()
    }

    /// What is left of the trouble there was.
    fn trouble_left(&self, now: Duration) -> f64 {
        if self.trouble == 0.0 {
            return 0.0;
        }
        let passed = now.saturating_sub(self.trouble_at).as_secs_f64();
        self.trouble * (-passed / GRUDGE.as_secs_f64()).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn asked(latency: Duration) -> (Load, Instant) {
        let load = Load::new();
        let now = load.origin;
        load.answered(latency, now);
        (load, now)
    }

    #[test]
    fn a_peak_counts_at_once_and_fades() {
        let (load, now) = asked(MS);
        load.answered(50 * MS, now);
        assert_eq!(load.latency(now), Some(50 * MS));
        load.answered(MS, now + 10 * MS);
        assert!(load.latency(now + 10 * MS).unwrap() > 40 * MS);
        assert!(load.latency(now + 5 * MEMORY).unwrap() < MS);
    }

    #[test]
    fn calls_under_way_cost() {
        let (load, now) = asked(MS);
        let idle = load.cost(now);
        load.enter(now);
        assert!(load.cost(now) > 1.9 * idle);
        load.leave();
        assert!(load.cost(now) < 1.1 * idle);
    }

    #[test]
    fn whoever_fails_quickly_looks_slow() {
        let (well, now) = asked(20 * MS);
        let (ill, _) = asked(MS);
        ill.failed(MS / 20, now);
        assert!(ill.cost(now) > 10.0 * well.cost(now));
        ill.answered(MS / 20, now);
        assert!(ill.cost(now) > 10.0 * well.cost(now), "one success is not enough");
        ill.forgive();
        assert!(ill.cost(now) < well.cost(now));
    }

    #[test]
    fn whoever_falls_silent_looks_slow() {
        let (load, now) = asked(MS);
        load.enter(now);
        assert!(load.cost(now + 100 * MS) > 0.1);
        load.answered(MS, now + 100 * MS);
        assert!(load.cost(now + 100 * MS) < 0.01);
    }

    #[test]
    fn a_new_endpoint_is_asked_first_and_once() {
        let (known, now) = asked(MS);
        let new = Load::new();
        assert!(new.cost(now) < known.cost(now));
        new.enter(now);
        assert!(new.cost(now) > known.cost(now));
    }
}

//! The load of an endpoint: calls in flight and average latency.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

/// The time constant of the latency's decay. Short, because an endpoint gets no calls after a slow
/// response until its latency has decayed.
const LATENCY_DECAY: Duration = Duration::from_millis(500);
/// The latency that a failure adds, so that an endpoint that fails fast does not look fast.
const PENALTY: Duration = Duration::from_secs(1);
/// The time constant of the penalty's decay. Longer than the latency's, because on a busy machine
/// every endpoint has latency peaks.
const PENALTY_DECAY: Duration = Duration::from_secs(2);
/// Added to each latency, so that differences below it hardly count.
const NOISE: Duration = Duration::from_micros(100);

/// The load of an endpoint: its calls in flight, and a peak-sensitive moving average of its latency
/// (Finagle's Peak EWMA).
#[derive(Debug)]
pub(crate) struct Load {
    origin: Instant,
    calls: AtomicU64,
    in_flight: AtomicU32,
    latency: Mutex<Latency>,
    /// When the last response arrived, or the first call in flight started, in nanoseconds since the
    /// origin.
    last_response: AtomicU64,
}

/// Times are since the origin.
#[derive(Debug, Default)]
struct Latency {
    /// In seconds. `None` before the first response.
    average: Option<f64>,
    at: Duration,
    /// The share of [`PENALTY`] to add: 1 after a failure, then decaying.
    penalty: f64,
    penalty_at: Duration,
}

impl Load {
    pub(super) fn new() -> Self {
        Self {
            origin: Instant::now(),
            calls: AtomicU64::new(0),
            in_flight: AtomicU32::new(0),
            latency: Mutex::default(),
            last_response: AtomicU64::new(0),
        }
    }

    /// Counts a call as in flight, until [`call_finished`](Self::call_finished).
    pub(crate) fn call_started(&self, now: Instant) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        if self.in_flight.fetch_add(1, Ordering::Relaxed) == 0 {
            self.set_last_response(now);
        }
    }

    pub(crate) fn call_finished(&self) {
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
    }

    /// Records a response after `elapsed`.
    pub(crate) fn record_response(&self, elapsed: Duration, now: Instant) {
        self.set_last_response(now);
        self.record(elapsed, now, false);
    }

    /// Records a call that reached its deadline after `elapsed`.
    pub(crate) fn record_timeout(&self, elapsed: Duration, now: Instant) {
        self.record(elapsed.max(PENALTY), now, false);
    }

    /// Records a failure after `elapsed`.
    pub(crate) fn record_failure(&self, elapsed: Duration, now: Instant) {
        self.record(elapsed, now, true);
    }

    /// Forgets the latency and the failures.
    pub(super) fn reset(&self) {
        *self.latency() = Latency::default();
    }

    /// The cost of another call, relative to other endpoints. A new endpoint costs nothing until its
    /// first call.
    pub(super) fn cost(&self, now: Instant) -> f64 {
        let in_flight = self.in_flight();
        let since = self.since_origin(now);
        let average = {
            let latency = self.latency();
            let penalty = PENALTY.as_secs_f64() * latency.penalty_left(since);
            latency.average.map(|average| average * latency.decay(since) + penalty)
        };
        // With calls in flight, the time since the last response is a lower bound of the latency.
        let silent = match in_flight {
            0 => 0.0,
            _ => (since.as_secs_f64()
                - Duration::from_nanos(self.last_response.load(Ordering::Relaxed)).as_secs_f64())
            .max(0.0),
        };
        match average {
            None if in_flight == 0 => 0.0,
            None => PENALTY.as_secs_f64().max(silent) * f64::from(in_flight),
            Some(average) => (average.max(silent) + NOISE.as_secs_f64()) * f64::from(in_flight + 1),
        }
    }

    /// The number of calls that were ever started.
    pub(crate) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    pub(crate) fn in_flight(&self) -> u32 {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// The average latency, decayed until `now`. `None` before the first response.
    pub(crate) fn average_latency(&self, now: Instant) -> Option<Duration> {
        let since = self.since_origin(now);
        let latency = self.latency();
        latency.average.map(|average| Duration::from_secs_f64(average * latency.decay(since)))
    }

    fn record(&self, elapsed: Duration, now: Instant, failed: bool) {
        let since = self.since_origin(now);
        let elapsed = elapsed.as_secs_f64();
        let mut latency = self.latency();
        let decay = latency.decay(since);
        let average = match latency.average {
            // A failure never lowers the average.
            Some(average) if failed => elapsed.max(average * decay),
            Some(average) if elapsed < average * decay => average * decay + elapsed * (1.0 - decay),
            _ => elapsed,
        };
        // A success only halves the penalty: an endpoint that fails every other call keeps most of it.
        let penalty = if failed { 1.0 } else { latency.penalty_left(since) / 2.0 };
        let at = latency.at.max(since);
        *latency = Latency { average: Some(average), at, penalty, penalty_at: at };
    }

    fn set_last_response(&self, now: Instant) {
        let nanos = u64::try_from(self.since_origin(now).as_nanos()).unwrap_or(u64::MAX);
        self.last_response.store(nanos, Ordering::Relaxed);
    }

    fn since_origin(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.origin)
    }

    fn latency(&self) -> MutexGuard<'_, Latency> {
        self.latency.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Latency {
    /// The share of the average that is left at `now`, from 0 to 1.
    fn decay(&self, now: Duration) -> f64 {
        (-now.saturating_sub(self.at).as_secs_f64() / LATENCY_DECAY.as_secs_f64()).exp()
    }

    /// The share of the penalty that is left at `now`, from 0 to 1.
    fn penalty_left(&self, now: Duration) -> f64 {
        if self.penalty == 0.0 {
            return 0.0;
        }
        let passed = now.saturating_sub(self.penalty_at).as_secs_f64();
        self.penalty * (-passed / PENALTY_DECAY.as_secs_f64()).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn load_with(latency: Duration) -> (Load, Instant) {
        let load = Load::new();
        let now = load.origin;
        load.record_response(latency, now);
        (load, now)
    }

    #[test]
    fn a_latency_peak_counts_in_full_and_decays() {
        let (load, now) = load_with(MS);
        load.record_response(50 * MS, now);
        assert_eq!(load.average_latency(now), Some(50 * MS));
        load.record_response(MS, now + 10 * MS);
        assert!(load.average_latency(now + 10 * MS).unwrap() > 40 * MS);
        assert!(load.average_latency(now + 5 * LATENCY_DECAY).unwrap() < MS);
    }

    #[test]
    fn calls_in_flight_increase_the_cost() {
        let (load, now) = load_with(MS);
        let idle = load.cost(now);
        load.call_started(now);
        assert!(load.cost(now) > 1.9 * idle);
        load.call_finished();
        assert!(load.cost(now) < 1.1 * idle);
    }

    #[test]
    fn fast_failures_increase_the_cost() {
        let (healthy, now) = load_with(20 * MS);
        let (failing, _) = load_with(MS);
        failing.record_failure(MS / 20, now);
        assert!(failing.cost(now) > 10.0 * healthy.cost(now));
        failing.record_response(MS / 20, now);
        assert!(failing.cost(now) > 10.0 * healthy.cost(now), "one success is not enough");
        failing.reset();
        assert!(failing.cost(now) < healthy.cost(now));
    }

    #[test]
    fn silence_with_calls_in_flight_increases_the_cost() {
        let (load, now) = load_with(MS);
        load.call_started(now);
        assert!(load.cost(now + 100 * MS) > 0.1);
        load.record_response(MS, now + 100 * MS);
        assert!(load.cost(now + 100 * MS) < 0.01);
    }

    #[test]
    fn a_new_endpoint_is_preferred_for_one_call() {
        let (known, now) = load_with(MS);
        let new = Load::new();
        assert!(new.cost(now) < known.cost(now));
        new.call_started(now);
        assert!(new.cost(now) > known.cost(now));
    }
}

//! An adaptive limit on concurrent calls.
//!
//! A variant of Gradient2 (Netflix concurrency-limits) and Envoy's adaptive concurrency filter: in each
//! sample window the limit is multiplied by baseline latency over measured latency while calls are
//! slow, and grows by its square root while they are not. Differences:
//!
//! - Latency is compared per group of requests, a method or alike paths, so that a change of the request mix does
//!   not count as load.
//! - If calls stay slow at the minimum, the cause may be elsewhere (a remote database, say). The limit is
//!   then raised for a moment as a probe: if latency does not rise with it, the measured latency becomes the
//!   new baseline; if it does, the minimum was right.
//! - A delay below [`Slowness::delay`] is not slow, and the limit never falls below a minimum.
//! - While calls are refused, a longer queue only makes the admitted ones wait: they are slow earlier, see
//!   [`REFUSING`].

use std::time::{Duration, Instant};

/// A sample window lasts this long and until it has [`MIN_SAMPLES`] calls, at most [`LONGEST_WINDOW`].
const WINDOW: Duration = Duration::from_millis(100);
const MIN_SAMPLES: u32 = 10;
const LONGEST_WINDOW: Duration = Duration::from_secs(1);
/// Bounds of slowness while no call is refused. Many calls that a client makes at once wait for each other without harm.
const ADMITTING: Slowness = Slowness { tolerance: 2.0, delay: 0.008 };
/// Bounds of slowness in a window in which calls were refused.
const REFUSING: Slowness = Slowness { tolerance: 1.3, delay: 0.001 };
/// Bounds of the factor by which the limit decreases in a window.
const MAX_DECREASE: f64 = 0.5;
const MIN_DECREASE: f64 = 0.9;
/// Time for which calls must be slow at the minimum before a probe.
const PROBE_AFTER: Duration = Duration::from_secs(2);
/// A probe raises the limit by this factor for `PROBE_WINDOWS` windows, not counting the first, in which the queue
/// fills. If latency rises by more than the tolerance, calls wait for each other.
const PROBE_FACTOR: f64 = 1.25;
const PROBE_WINDOWS: u32 = 4;
const PROBE_TOLERANCE: f64 = 1.12;
/// Weight of a window in the baseline, when it is below the baseline and when it is above.
const BASELINE_FALL: f64 = 0.3;
const BASELINE_RISE: f64 = 0.02;
/// Maximum weight of a single call, as a multiple of its baseline.
const OUTLIER: f64 = 100.0;

/// Bounds of the limit, and its initial value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) min: usize,
    pub(super) start: usize,
    pub(super) max: usize,
}

/// Calls are slow if their latency exceeds both the baseline times `tolerance`, and the baseline by
/// `delay` seconds.
#[derive(Debug, Clone, Copy)]
struct Slowness {
    tolerance: f64,
    delay: f64,
}

/// The limit and the measurements it follows.
#[derive(Debug)]
pub(super) struct AdaptiveLimit {
    bounds: Bounds,
    limit: f64,
    groups: Vec<Group>,
    began: Instant,
    calls: u32,
    floor: FloorState,
}

/// Whether calls are slow at the minimum.
#[derive(Debug, Clone, Copy)]
enum FloorState {
    /// They are not, or the limit is above the minimum.
    Above,
    /// They are: since when, and the smoothed ratio of latency to baseline.
    Slow { since: Instant, ratio: f64 },
    /// The limit is raised as a probe: the ratio before it, and the sum of ratios over `windows`
    /// windows since.
    Probing { before: f64, sum: f64, windows: u32 },
}

/// Latency of a group of requests, in seconds.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    /// Without contention; 0: not measured yet.
    baseline: f64,
    /// Total of this window.
    sum: f64,
    calls: u32,
}

impl Group {
    fn mean(&self) -> f64 {
        self.sum / f64::from(self.calls)
    }
}

impl AdaptiveLimit {
    pub(super) fn new(bounds: Bounds, groups: usize, now: Instant) -> Self {
        let limit = bounds.start as f64;
        let groups = vec![Group::default(); groups];
        Self { bounds, limit, groups, began: now, calls: 0, floor: FloorState::Above }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit as usize
    }

    /// A group's latency without contention, once measured.
    pub(super) fn baseline(&self, group: usize) -> Option<Duration> {
        let baseline = self.groups[group].baseline;
        (baseline > 0.0).then(|| Duration::from_secs_f64(baseline))
    }

    /// Records the latency of a call. True if it ends the window: then call
    /// [`AdaptiveLimit::update`].
    pub(super) fn note(&mut self, group: usize, took: Duration, now: Instant) -> bool {
        let group = &mut self.groups[group];
        let took = took.as_secs_f64();
        let most =
            if group.baseline > 0.0 { group.baseline * OUTLIER + 1.0 } else { f64::INFINITY };
        group.sum += took.min(most);
        group.calls += 1;
        self.calls += 1;
        let age = now.saturating_duration_since(self.began);
        age >= LONGEST_WINDOW || age >= WINDOW && self.calls >= MIN_SAMPLES
    }

    /// Adjusts the limit at the end of a window; `peak` is the highest concurrency in it, `refused` whether
    /// calls were refused in it.
    pub(super) fn update(&mut self, peak: usize, refused: bool, now: Instant) {
        let seen = || self.groups.iter().filter(|group| group.calls > 0);
        let baseline = |group: &Group| match group.baseline {
            0.0 => group.mean(),
            baseline => baseline,
        };
        let took: f64 = seen().map(|group| group.sum).sum();
        let expected: f64 = seen().map(|group| baseline(group) * f64::from(group.calls)).sum();
        let late = (took - expected) / f64::from(self.calls);
        let ratio = took / expected.max(f64::MIN_POSITIVE);
        let Slowness { tolerance, delay } = if refused { REFUSING } else { ADMITTING };
        let slow = ratio > tolerance && late > delay;
        let probing = matches!(self.floor, FloorState::Probing { .. });
        let (min, start, max) = (self.bounds.min, self.bounds.start, self.bounds.max);
        let is_pressed = peak as f64 * 2.0 >= self.limit;
        if slow {
            // A probe holds the limit.
            if !probing {
                self.limit *= (tolerance / ratio).clamp(MAX_DECREASE, MIN_DECREASE);
            }
        } else if is_pressed || self.limit < start as f64 {
            self.limit += self.limit.sqrt();
        }
        self.limit = self.limit.clamp(min as f64, max as f64);
        let accepted = self.update_floor_state(slow, ratio, now);
        for group in self.groups.iter_mut().filter(|group| group.calls > 0) {
            let mean = group.mean();
            let share = match group.baseline {
                baseline if baseline == 0.0 || accepted => 1.0,
                baseline if mean < baseline => BASELINE_FALL,
                // Contention: not the baseline.
                _ if slow || is_pressed => 0.0,
                _ => BASELINE_RISE,
            };
            *group = Group {
                baseline: group.baseline + (mean - group.baseline) * share,
                sum: 0.0,
                calls: 0,
            };
        }
        (self.began, self.calls) = (now, 0);
    }

    /// Advances [`FloorState`]. True if a probe has shown the measured latency to be the baseline.
    fn update_floor_state(&mut self, slow: bool, ratio: f64, now: Instant) -> bool {
        let min = self.bounds.min as f64;
        let mut accepted = false;
        self.floor = match self.floor {
            _ if !slow => FloorState::Above,
            FloorState::Above if self.limit > min => FloorState::Above,
            FloorState::Above => FloorState::Slow { since: now, ratio },
            FloorState::Slow { since, ratio: lately } => {
                let ratio = lately + (ratio - lately) * BASELINE_FALL;
                if now.saturating_duration_since(since) < PROBE_AFTER {
                    FloorState::Slow { since, ratio }
                } else {
                    self.limit = (min * PROBE_FACTOR).min(self.bounds.max as f64);
                    FloorState::Probing { before: ratio, sum: 0.0, windows: 0 }
                }
            }
            // Calls of the first window began before the limit was raised.
            FloorState::Probing { before, sum, windows } if windows < PROBE_WINDOWS => {
                let sum = if windows == 0 { sum } else { sum + ratio };
                FloorState::Probing { before, sum, windows: windows + 1 }
            }
            FloorState::Probing { before, sum, .. } => {
                self.limit = min;
                let after = (sum + ratio) / f64::from(PROBE_WINDOWS);
                accepted = after < before * PROBE_TOLERANCE;
                if accepted {
                    FloorState::Above
                } else {
                    FloorState::Slow { since: now, ratio: before }
                }
            }
        };
        accepted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { min: 100, start: 200, max: 1_000 };
    const MS: Duration = Duration::from_millis(1);

    /// A simulated server with one worker: each call takes `work` of it, then `wait` without it; `rate`
    /// calls a second arrive evenly. Its clock continues from phase to phase.
    struct Simulated {
        limit: AdaptiveLimit,
        now: Instant,
        /// End and arrival of each call under way, in order.
        under_way: std::collections::VecDeque<(Instant, Instant)>,
        free_at: Instant,
        peak: usize,
        refused: bool,
    }

    #[derive(Debug, Default)]
    struct Seen {
        answered: usize,
        refused: usize,
        slowest: Duration,
        /// Time until the limit had fallen to half of its value before the phase.
        halved_after: Option<Duration>,
        back_after: Option<Duration>,
    }

    impl Simulated {
        fn new() -> Self {
            let now = Instant::now();
            let limit = AdaptiveLimit::new(BOUNDS, 1, now);
            Self { limit, now, under_way: [].into(), free_at: now, peak: 0, refused: false }
        }

        fn run(&mut self, seconds: u32, rate: u32, work: Duration, wait: Duration) -> Seen {
            let (began, limit) = (self.now, self.limit.limit());
            let mut seen = Seen::default();
            for _ in 0..seconds * rate {
                self.now += Duration::from_secs(1) / rate;
                while let Some(&(end, came)) = self.under_way.front().filter(|it| it.0 <= self.now)
                {
                    self.under_way.pop_front();
                    seen.answered += 1;
                    seen.slowest = seen.slowest.max(end - came);
                    if self.limit.note(0, end - came, end) {
                        let peak = std::mem::take(&mut self.peak);
                        self.limit.update(peak, std::mem::take(&mut self.refused), end);
                    }
                }
                if self.under_way.len() >= self.limit.limit() {
                    seen.refused += 1;
                    self.refused = true;
                } else {
                    self.free_at = self.free_at.max(self.now) + work;
                    self.under_way.push_back((self.free_at + wait, self.now));
                    self.peak = self.peak.max(self.under_way.len());
                }
                let after = Some(self.now - began);
                if self.limit.limit() * 2 <= limit {
                    seen.halved_after = seen.halved_after.or(after);
                }
                if self.limit.limit() >= BOUNDS.start {
                    seen.back_after = seen.back_after.or(after);
                }
            }
            seen
        }
    }

    #[test]
    fn overload_by_three_leaves_the_server_busy_and_fast() {
        let mut server = Simulated::new();
        assert_eq!(server.run(10, 500, MS, Duration::ZERO).refused, 0);
        server.run(5, 3_000, MS, Duration::ZERO);
        let seen = server.run(60, 3_000, MS, Duration::ZERO);
        assert!(seen.answered > 59_000, "{seen:?}");
        // At the minimum of 100 calls each takes 100 ms, and 125 during a probe.
        assert!(seen.slowest < Duration::from_millis(130), "{seen:?}");
    }

    #[test]
    fn cheap_calls_do_not_queue_for_milliseconds_while_others_are_refused() {
        let mut server = Simulated::new();
        let work = Duration::from_micros(20);
        assert_eq!(server.run(10, 25_000, work, Duration::ZERO).refused, 0);
        server.run(5, 150_000, work, Duration::ZERO);
        let seen = server.run(20, 150_000, work, Duration::ZERO);
        assert!(seen.answered > 990_000, "{seen:?}");
        // At the minimum of 100 calls each takes 2 ms, and 2.5 during a probe.
        assert!(seen.slowest < Duration::from_millis(3), "{seen:?}");
    }

    #[test]
    fn a_slow_database_halves_the_limit_until_it_recovers() {
        let mut server = Simulated::new();
        let far = Duration::from_millis(200);
        server.run(10, 500, MS, Duration::ZERO);
        let slow = server.run(20, 500, MS, far);
        assert!(slow.halved_after.expect("it halves") < Duration::from_secs(5), "{slow:?}");
        let healed = server.run(30, 500, MS, Duration::ZERO);
        assert!(healed.back_after.expect("it is back") < Duration::from_secs(30), "{healed:?}");
        // Latency that refusals do not reduce becomes the baseline.
        server.run(10, 500, MS, far);
        assert_eq!(server.run(60, 500, MS, far).refused, 0);
    }

    #[test]
    fn few_concurrent_calls_are_never_refused_however_slow() {
        let mut server = Simulated::new();
        server.run(5, 20, MS, Duration::ZERO);
        for seconds in 1..6 {
            let wait = Duration::from_secs(seconds);
            assert_eq!(server.run(20, 10, MS, wait).refused, 0, "{seconds}");
        }
    }
}

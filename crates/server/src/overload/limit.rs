//! How many calls may be under way: as many as do not make each other slow.
//!
//! Of the family of Netflix's concurrency-limits (Gradient2) and Envoy's adaptive concurrency: the
//! limit shrinks by how much longer calls take than they do when nobody waits for anybody, and
//! grows by the square root of itself when they do not. What is ours:
//!
//! - Each method is compared with itself, so that a change in what is asked is not taken for load.
//! - Where calls stay slow although few are under way, it may not be they who make each other slow (a
//!   database further away, say). So a few more are let in for a moment: if that makes none slower,
//!   what they take is taken for what they need now; if it does, the limit is right where it is.
//! - Nothing is slow that is late by less than [`SLACK`], and the limit never falls below a floor.

use std::time::{Duration, Instant};

/// Calls are looked at together for this long, or until there are enough of them, but no longer
/// than ten times this.
const WINDOW: Duration = Duration::from_millis(100);
const ENOUGH: u32 = 10;
const LONGEST_WINDOW: Duration = Duration::from_secs(1);
/// Calls that take this many times as long as they need, and this much longer, are slow.
const TOLERANCE: f64 = 2.0;
const SLACK: f64 = 0.008;
/// The most the limit shrinks at a time, and the least.
const STEEPEST: f64 = 0.5;
const FLATTEST: f64 = 0.9;
/// How long calls must be slow at the floor before it is asked whether that is how long they take.
const ASKED_AFTER: Duration = Duration::from_secs(2);
/// How many more are let in then; for how many windows, after one in which the queue fills; and from
/// what on they have become slower by it. Those that wait for each other take as much longer as there
/// are more of them.
const MORE: f64 = 1.25;
const ASKED_FOR: u32 = 4;
const SLOWER: f64 = 1.12;
/// How far a method's usual time moves with each window: soon to less, and slowly to more.
const SOON: f64 = 0.3;
const SLOWLY: f64 = 0.02;
/// One call counts for no more than this many times its usual time.
const OUTLIER: f64 = 100.0;

/// Between what the limit moves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) min: usize,
    pub(super) start: usize,
    pub(super) max: usize,
}

/// The limit, and what it is found by.
#[derive(Debug)]
pub(super) struct Adaptive {
    bounds: Bounds,
    limit: f64,
    methods: Vec<Method>,
    began: Instant,
    calls: u32,
    low: Low,
}

/// Whether calls are slow although there are as few as there may be.
#[derive(Debug, Clone, Copy)]
enum Low {
    /// They are not.
    No,
    /// They are, since then, and lately take so many times as long as usual.
    Slow { since: Instant, ratio: f64 },
    /// A few more are let in, after calls took `before` times as long as usual; what they took since
    /// then, in so many windows.
    Asking { before: f64, sum: f64, windows: u32 },
}

/// How long calls of a method take, in seconds.
#[derive(Debug, Clone, Copy, Default)]
struct Method {
    /// When nobody waits for anybody; 0: not known.
    usual: f64,
    /// In this window.
    sum: f64,
    calls: u32,
}

impl Method {
    fn mean(&self) -> f64 {
        self.sum / f64::from(self.calls)
    }
}

impl Adaptive {
    pub(super) fn new(bounds: Bounds, methods: usize, now: Instant) -> Self {
        let limit = bounds.start as f64;
        let methods = vec![Method::default(); methods];
        Self { bounds, limit, methods, began: now, calls: 0, low: Low::No }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit as usize
    }

    /// How long calls of a method take when nobody waits for anybody, if that is known.
    pub(super) fn usual(&self, method: usize) -> Option<Duration> {
        let usual = self.methods[method].usual;
        (usual > 0.0).then(|| Duration::from_secs_f64(usual))
    }

    /// Takes note of a call that took this long. Whether that was the last of its window; then
    /// comes [`Adaptive::close`].
    pub(super) fn note(&mut self, method: usize, took: Duration, now: Instant) -> bool {
        let method = &mut self.methods[method];
        let took = took.as_secs_f64();
        let most = if method.usual > 0.0 { method.usual * OUTLIER + 1.0 } else { f64::INFINITY };
        method.sum += took.min(most);
        method.calls += 1;
        self.calls += 1;
        let age = now.saturating_duration_since(self.began);
        age >= LONGEST_WINDOW || age >= WINDOW && self.calls >= ENOUGH
    }

    /// Finds the limit anew; `peak` calls were under way at once in the window.
    pub(super) fn close(&mut self, peak: usize, now: Instant) {
        let seen = || self.methods.iter().filter(|method| method.calls > 0);
        let usual = |method: &Method| match method.usual {
            0.0 => method.mean(),
            usual => usual,
        };
        let took: f64 = seen().map(|method| method.sum).sum();
        let expected: f64 = seen().map(|method| usual(method) * f64::from(method.calls)).sum();
        let late = (took - expected) / f64::from(self.calls);
        let ratio = took / expected.max(f64::MIN_POSITIVE);
        let slow = ratio > TOLERANCE && late > SLACK;
        let asking = matches!(self.low, Low::Asking { .. });
        let (min, start, max) = (self.bounds.min, self.bounds.start, self.bounds.max);
        let is_pressed = peak as f64 * 2.0 >= self.limit;
        if slow {
            // While it is asked whether that is how long they take, it stays where it is.
            if !asking {
                self.limit *= (TOLERANCE / ratio).clamp(STEEPEST, FLATTEST);
            }
        } else if is_pressed || self.limit < start as f64 {
            self.limit += self.limit.sqrt();
        }
        self.limit = self.limit.clamp(min as f64, max as f64);
        let believed = self.look_down(slow, ratio, now);
        for method in self.methods.iter_mut().filter(|method| method.calls > 0) {
            let mean = method.mean();
            let share = match method.usual {
                usual if usual == 0.0 || believed => 1.0,
                usual if mean < usual => SOON,
                // Slow because many wait: that is not how long it takes.
                _ if slow || is_pressed => 0.0,
                _ => SLOWLY,
            };
            *method =
                Method { usual: method.usual + (mean - method.usual) * share, sum: 0.0, calls: 0 };
        }
        (self.began, self.calls) = (now, 0);
    }

    /// Whether calls that are slow at the floor are to be taken for calls that take so long.
    fn look_down(&mut self, slow: bool, ratio: f64, now: Instant) -> bool {
        let min = self.bounds.min as f64;
        let mut believed = false;
        self.low = match self.low {
            _ if !slow => Low::No,
            Low::No if self.limit > min => Low::No,
            Low::No => Low::Slow { since: now, ratio },
            Low::Slow { since, ratio: lately } => {
                let ratio = lately + (ratio - lately) * SOON;
                if now.saturating_duration_since(since) < ASKED_AFTER {
                    Low::Slow { since, ratio }
                } else {
                    self.limit = (min * MORE).min(self.bounds.max as f64);
                    Low::Asking { before: ratio, sum: 0.0, windows: 0 }
                }
            }
            // The first window's calls began before there were more.
            Low::Asking { before, sum, windows } if windows < ASKED_FOR => {
                let sum = if windows == 0 { sum } else { sum + ratio };
                Low::Asking { before, sum, windows: windows + 1 }
            }
            Low::Asking { before, sum, .. } => {
                self.limit = min;
                let after = (sum + ratio) / f64::from(ASKED_FOR);
                believed = after < before * SLOWER;
                if believed { Low::No } else { Low::Slow { since: now, ratio: before } }
            }
        };
        believed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { min: 100, start: 200, max: 1_000 };
    const MS: Duration = Duration::from_millis(1);

    /// A server that works on one call at a time, each taking `work`, after which it waits `wait`
    /// for others; calls come evenly, `rate` a second. Its clock goes on from phase to phase.
    struct Simulated {
        limit: Adaptive,
        now: Instant,
        /// When those under way end, with when they came, in order.
        under_way: std::collections::VecDeque<(Instant, Instant)>,
        free_at: Instant,
        peak: usize,
    }

    #[derive(Debug, Default)]
    struct Seen {
        answered: usize,
        refused: usize,
        slowest: Duration,
        /// How long it took the limit to fall below half of what it was.
        halved_after: Option<Duration>,
        back_after: Option<Duration>,
    }

    impl Simulated {
        fn new() -> Self {
            let now = Instant::now();
            let limit = Adaptive::new(BOUNDS, 1, now);
            Self { limit, now, under_way: [].into(), free_at: now, peak: 0 }
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
                        self.limit.close(std::mem::take(&mut self.peak), end);
                    }
                }
                if self.under_way.len() >= self.limit.limit() {
                    seen.refused += 1;
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
    fn three_times_too_many_calls_leave_it_busy_and_quick() {
        let mut server = Simulated::new();
        assert_eq!(server.run(10, 500, MS, Duration::ZERO).refused, 0);
        server.run(5, 3_000, MS, Duration::ZERO);
        let seen = server.run(60, 3_000, MS, Duration::ZERO);
        assert!(seen.answered > 59_000, "{seen:?}");
        // At the floor of 100 calls each takes 100 ms, and 125 while it is asked why.
        assert!(seen.slowest < Duration::from_millis(130), "{seen:?}");
    }

    #[test]
    fn a_slower_database_halves_the_limit_for_a_while() {
        let mut server = Simulated::new();
        let far = Duration::from_millis(200);
        server.run(10, 500, MS, Duration::ZERO);
        let slow = server.run(20, 500, MS, far);
        assert!(slow.halved_after.expect("it halves") < Duration::from_secs(5), "{slow:?}");
        let healed = server.run(30, 500, MS, Duration::ZERO);
        assert!(healed.back_after.expect("it is back") < Duration::from_secs(30), "{healed:?}");
        // What does not get better by refusing is lived with.
        server.run(10, 500, MS, far);
        assert_eq!(server.run(60, 500, MS, far).refused, 0);
    }

    #[test]
    fn a_few_calls_at_a_time_are_never_refused_however_slow() {
        let mut server = Simulated::new();
        server.run(5, 20, MS, Duration::ZERO);
        for seconds in 1..6 {
            let wait = Duration::from_secs(seconds);
            assert_eq!(server.run(20, 10, MS, wait).refused, 0, "{seconds}");
        }
    }
}

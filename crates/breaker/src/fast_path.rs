//! Lock-free path for most calls: those admitted by a closed breaker, that succeed.
//!
//! A closed breaker changes state only when a call fails or is slow, or a window ends. Until then an
//! admission increments a counter, and a success is a no-op unless it ends a streak of failures. So
//! the [`Machine`](crate::machine::Machine) publishes its state here while it is closed, and before
//! any other operation disables the fast path and takes back the counter. The result is the same as
//! if every call had gone through the machine.

use crate::{
    clock::nanos,
    machine::{Closed, Ticket},
    outcome::Outcome,
    settings::{Settings, Window},
    sync::{AtomicU32, AtomicU64, Ordering},
};
use std::time::Duration;

/// Flag in the word: a thread holds the machine, or the machine is not closed.
const DISABLED: u64 = 1 << 31;
/// Mask of the counter in the word.
const COUNT: u64 = DISABLED - 1;
/// Increment of the epoch in the word: with each enabling, to avoid the ABA problem.
const EPOCH: u64 = 1 << 32;

/// The published state of a closed breaker.
#[derive(Debug)]
pub(crate) struct FastPath {
    /// Epoch, disabled flag, and number of calls admitted in this epoch.
    word: AtomicU64,
    /// This and the next three belong to the epoch, and are written only while disabled.
    generation: AtomicU64,
    bucket: AtomicU64,
    /// End of the bucket, in nanoseconds: from then on the machine must be used.
    ends: AtomicU64,
    /// Consecutive failures.
    streak: AtomicU32,
    /// Duration from which a call is slow, in nanoseconds.
    slow_after: u64,
    /// Whether the window is fixed, and so begins with the first operation after the last one ended.
    fixed: bool,
}

impl FastPath {
    /// Creates a disabled fast path.
    pub(crate) fn new(settings: &Settings) -> Self {
        let slow_after = settings.trip.slow.map_or(u64::MAX, |slow| nanos(slow.after));
        Self {
            word: AtomicU64::new(DISABLED),
            generation: AtomicU64::new(0),
            bucket: AtomicU64::new(0),
            ends: AtomicU64::new(0),
            streak: AtomicU32::new(0),
            slow_after,
            fixed: matches!(settings.window, Window::Fixed(_)),
        }
    }

    /// Admits a call; `None` if the machine must decide.
    pub(crate) fn admit(&self, now: Duration) -> Option<Ticket> {
        let mut word = self.word.load(Ordering::Acquire);
        loop {
            // The counter must not overflow into the flag.
            if word & DISABLED != 0 || word & COUNT == COUNT {
                return None;
            }
            let generation = self.generation.load(Ordering::Acquire);
            let bucket = self.bucket.load(Ordering::Acquire);
            if nanos(now) >= self.ends.load(Ordering::Acquire) {
                return None;
            }
            // If the word is unchanged, the values read in between belong to its epoch.
            match self.word.compare_exchange_weak(
                word,
                word + 1,
                Ordering::AcqRel,
                Ordering::Acquire,
            ) {
                Ok(_) => return Some(Ticket::of_call(generation, bucket, now)),
                Err(other) => word = other,
            }
        }
    }

    /// Whether a call would be admitted; false if the machine must decide.
    pub(crate) fn admits(&self, now: Duration) -> bool {
        let word = self.word.load(Ordering::Acquire);
        let ends = self.ends.load(Ordering::Acquire);
        word & DISABLED == 0 && nanos(now) < ends && self.word.load(Ordering::Acquire) == word
    }

    /// Whether recording the outcome would not change the machine. Calls `now` only if needed.
    pub(crate) fn is_noop(
        &self,
        ticket: &Ticket,
        outcome: Outcome,
        answered_at: Option<Duration>,
        now: impl Fn() -> Duration,
    ) -> bool {
        let may_be_noop = match outcome {
            Outcome::Success => self.streak.load(Ordering::Acquire) == 0,
            Outcome::Ignored => true,
            Outcome::Failure | Outcome::Overloaded => false,
        };
        if ticket.is_probe() || !may_be_noop {
            return false;
        }
        if self.fixed && nanos(now()) >= self.ends.load(Ordering::Acquire) {
            return false;
        }
        let is_slow = self.slow_after != u64::MAX && outcome == Outcome::Success && {
            let ended_at = answered_at.unwrap_or_else(now);
            nanos(ticket.elapsed(ended_at)) >= self.slow_after
        };
        !is_slow
    }

    /// Disables the fast path, for a thread that holds the machine's lock. Returns the number of
    /// calls admitted since it was enabled.
    pub(crate) fn disable(&self) -> u64 {
        let word = self.word.fetch_or(DISABLED, Ordering::AcqRel);
        if word & DISABLED == 0 { word & COUNT } else { 0 }
    }

    /// Enables the fast path, if the machine is closed.
    pub(crate) fn enable(&self, closed: Option<Closed>) {
        let Some(Closed { generation, bucket, ends, streak }) = closed else { return };
        self.generation.store(generation, Ordering::Release);
        self.bucket.store(bucket, Ordering::Release);
        self.ends.store(nanos(ends), Ordering::Release);
        self.streak.store(streak, Ordering::Release);
        // No other thread writes the word while it is disabled.
        let epoch = self.word.load(Ordering::Relaxed) & !(EPOCH - 1);
        self.word.store(epoch.wrapping_add(EPOCH), Ordering::Release);
    }
}

//! The way of most calls: admitted while closed, ended well. Nobody takes a lock for that.
//!
//! A closed breaker changes only when a call fails, is slow, or a window ends. Until then an
//! admission is one more in a count, and a success that ends no row of failures is nothing at all.
//! So the [`Machine`](crate::machine::Machine) puts what such calls need here, and takes it back,
//! with the count, before it does anything else. Both orders agree with one in which every call
//! went through the machine itself.

use crate::{
    machine::{Closed, Ticket},
    outcome::Outcome,
    settings::{Settings, Window},
    sync::{AtomicU32, AtomicU64, Ordering},
};
use std::time::Duration;

/// What says that nobody is admitted this way: the machine is at work, or not closed.
const SHUT: u64 = 1 << 31;
/// The part of the word that counts.
const COUNT: u64 = SHUT - 1;
/// One more of these each time the word is put back, so that an old one is never taken for a new.
const TURN: u64 = 1 << 32;

/// What is known of a closed breaker without asking the machine.
#[derive(Debug)]
pub(crate) struct Fast {
    /// Whose turn it is, whether it is shut, and how many were admitted in this turn.
    word: AtomicU64,
    /// What follows belongs to the turn: it is written while the word is shut.
    generation: AtomicU64,
    bucket: AtomicU64,
    /// When the bucket ends and the machine must look, in nanoseconds.
    ends: AtomicU64,
    /// Failures in a row.
    streak: AtomicU32,
    /// From when on a call is slow, in nanoseconds.
    slow_after: u64,
    /// Whether a window begins when somebody looks, not by itself.
    fixed: bool,
}

impl Fast {
    /// Shut, until it is opened for the first time.
    pub(crate) fn new(settings: &Settings) -> Self {
        let slow_after = settings.trip.slow.map_or(u64::MAX, |slow| nanos(slow.after));
        Self {
            word: AtomicU64::new(SHUT),
            generation: AtomicU64::new(0),
            bucket: AtomicU64::new(0),
            ends: AtomicU64::new(0),
            streak: AtomicU32::new(0),
            slow_after,
            fixed: matches!(settings.window, Window::Fixed(_)),
        }
    }

    /// Admits a call, if the machine need not be asked.
    pub(crate) fn admit(&self, now: Duration) -> Option<Ticket> {
        let mut word = self.word.load(Ordering::Acquire);
        loop {
            // The count must not run into the flag.
            if word & SHUT != 0 || word & COUNT == COUNT {
                return None;
            }
            let generation = self.generation.load(Ordering::Acquire);
            let bucket = self.bucket.load(Ordering::Acquire);
            if nanos(now) >= self.ends.load(Ordering::Acquire) {
                return None;
            }
            // If the word is still what it was, so was all that has been read in between.
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

    /// Whether a call would be admitted now, if the machine need not be asked for that.
    pub(crate) fn admits(&self, now: Duration) -> bool {
        let word = self.word.load(Ordering::Acquire);
        let ends = self.ends.load(Ordering::Acquire);
        word & SHUT == 0 && nanos(now) < ends && self.word.load(Ordering::Acquire) == word
    }

    /// Whether an end of a call means nothing, so that the machine need not hear of it. `now` is
    /// asked for only where time matters.
    pub(crate) fn is_nothing(
        &self,
        ticket: &Ticket,
        outcome: Outcome,
        answered_at: Option<Duration>,
        now: impl Fn() -> Duration,
    ) -> bool {
        let may_be = match outcome {
            Outcome::Success => self.streak.load(Ordering::Acquire) == 0,
            Outcome::Ignored => true,
            Outcome::Failure | Outcome::Overloaded => false,
        };
        if ticket.is_probe() || !may_be {
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

    /// Shuts the fast way, for whoever holds the machine. Returns how many calls were admitted.
    pub(crate) fn shut(&self) -> u64 {
        let word = self.word.fetch_or(SHUT, Ordering::AcqRel);
        if word & SHUT == 0 { word & COUNT } else { 0 }
    }

    /// Opens it again, if the machine is closed.
    pub(crate) fn open(&self, closed: Option<Closed>) {
        let Some(Closed { generation, bucket, ends, streak }) = closed else { return };
        self.generation.store(generation, Ordering::Release);
        self.bucket.store(bucket, Ordering::Release);
        self.ends.store(nanos(ends), Ordering::Release);
        self.streak.store(streak, Ordering::Release);
        // Nobody else writes the word while it is shut.
        let turn = self.word.load(Ordering::Relaxed) & !(TURN - 1);
        self.word.store(turn.wrapping_add(TURN), Ordering::Release);
    }
}

/// Whole nanoseconds: enough for 584 years.
fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

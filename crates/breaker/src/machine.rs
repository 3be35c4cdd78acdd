//! The state machine, without lock, clock and hooks.

use crate::{
    open_times::OpenTimes,
    outcome::Outcome,
    probe_slots::ProbeSlots,
    settings::{Probes, Settings, Trip},
    state::{Cause, Rejected, Snapshot, State, Transition},
    window_counts::{Counts, WindowCounts},
};
use std::time::Duration;

/// The state of a breaker. Its owner passes the current time to each method, and calls hooks with
/// [`Machine::take_change`].
#[derive(Debug)]
pub(crate) struct Machine {
    trip: Trip,
    probes: Probes,
    open_times: OpenTimes,
    phase: Phase,
    /// Number of transitions so far.
    generation: u64,
    /// Calls in the window while closed.
    counts: WindowCounts,
    /// Consecutive failures while closed.
    streak: u32,
    /// The latest time seen. Threads read the clock before they lock the machine, so readings may be
    /// slightly out of order.
    now: Duration,
    change: Option<Transition>,
}

/// The state of a closed breaker, as published to the fast path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Closed {
    pub(crate) generation: u64,
    /// The current bucket, until it `ends`.
    pub(crate) bucket: u64,
    pub(crate) ends: Duration,
    /// Consecutive failures.
    pub(crate) streak: u32,
}

#[derive(Debug)]
enum Phase {
    Closed,
    Open { until: Duration },
    HalfOpen(ProbeSlots),
}

/// Identifies an admitted call when its outcome is recorded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket {
    generation: u64,
    /// The bucket of a call admitted while closed, or the number of a probe.
    place: u64,
    admitted_at: Duration,
    is_probe: bool,
}

impl Ticket {
    /// A ticket of a call that a closed breaker admitted in `bucket`.
    pub(crate) fn of_call(generation: u64, bucket: u64, admitted_at: Duration) -> Self {
        Self { generation, place: bucket, admitted_at, is_probe: false }
    }

    /// Duration of the call.
    pub(crate) fn elapsed(&self, ended_at: Duration) -> Duration {
        ended_at.saturating_sub(self.admitted_at)
    }

    pub(crate) fn is_probe(&self) -> bool {
        self.is_probe
    }
}

impl Machine {
    /// Creates a closed machine.
    pub(crate) fn new(settings: &Settings, seed: u64, now: Duration) -> Self {
        Self {
            trip: settings.trip,
            probes: settings.probes,
            open_times: OpenTimes::new(settings.open, seed),
            phase: Phase::Closed,
            generation: 0,
            counts: WindowCounts::new(settings.window, now),
            streak: 0,
            now,
            change: None,
        }
    }

    /// Counts calls that the fast path has admitted in the published bucket.
    pub(crate) fn add_admitted(&mut self, admitted: u64) {
        self.counts.admit_many(admitted);
    }

    /// The state to publish to the fast path; `None` unless closed.
    pub(crate) fn closed(&self) -> Option<Closed> {
        matches!(self.phase, Phase::Closed).then(|| Closed {
            generation: self.generation,
            bucket: self.counts.bucket_number(),
            ends: self.counts.ends(),
            streak: self.streak,
        })
    }

    /// Checks whether [`Machine::admit`] would admit a call.
    pub(crate) fn check(&mut self, now: Duration) -> Result<(), Rejected> {
        self.advance(now);
        match &self.phase {
            Phase::Closed => Ok(()),
            Phase::Open { until } => {
                Err(Rejected::Open { retry_after: until.saturating_sub(self.now) })
            }
            Phase::HalfOpen(slots) if slots.is_free() => Ok(()),
            Phase::HalfOpen(_) => Err(Rejected::TooManyProbes),
        }
    }

    /// Admits a call, or returns the reason for rejecting it.
    pub(crate) fn admit(&mut self, now: Duration) -> Result<Ticket, Rejected> {
        self.check(now)?;
        let (place, is_probe) = match &mut self.phase {
            Phase::HalfOpen(slots) => (slots.take(self.now), true),
            Phase::Closed | Phase::Open { .. } => (self.counts.admit(), false),
        };
        Ok(Ticket { generation: self.generation, place, admitted_at: self.now, is_probe })
    }

    /// Records the outcome of a call, and the time of its response if that was earlier. Ignores it
    /// if the state has changed since the call was admitted.
    pub(crate) fn record(
        &mut self,
        ticket: Ticket,
        outcome: Outcome,
        answered_at: Option<Duration>,
        now: Duration,
    ) {
        self.advance(now);
        if ticket.generation != self.generation {
            return;
        }
        let elapsed = ticket.elapsed(answered_at.unwrap_or(self.now));
        let slow =
            outcome != Outcome::Ignored && self.trip.slow.is_some_and(|rule| elapsed >= rule.after);
        match &mut self.phase {
            Phase::Closed => self.record_call(ticket.place, outcome, slow),
            Phase::HalfOpen(slots) => {
                let verdict = match outcome {
                    // The probe's lease has expired.
                    _ if !slots.release(ticket.place) => Outcome::Ignored,
                    _ if slow => Outcome::Failure,
                    outcome => outcome,
                };
                match verdict {
                    Outcome::Success if slots.succeed() => self.close(),
                    Outcome::Success | Outcome::Ignored => {}
                    Outcome::Failure | Outcome::Overloaded => self.open(Cause::ProbeFailed),
                }
            }
            Phase::Open { .. } => {} // has no calls of its generation
        }
    }

    /// Makes an open breaker half-open.
    pub(crate) fn end_open_time(&mut self, now: Duration) {
        self.advance(now);
        if matches!(self.phase, Phase::Open { .. }) {
            self.half_open(Cause::OpenTimeEnded);
        }
    }

    pub(crate) fn state(&mut self, now: Duration) -> State {
        self.advance(now);
        self.phase.state()
    }

    pub(crate) fn snapshot(&mut self, now: Duration) -> Snapshot {
        self.advance(now);
        let Counts { requests, failures, slow } = self.counts.total();
        let retry_after = match &self.phase {
            Phase::Open { until } => Some(until.saturating_sub(self.now)),
            Phase::Closed | Phase::HalfOpen(_) => None,
        };
        Snapshot {
            state: self.phase.state(),
            generation: self.generation,
            requests,
            failures,
            slow,
            consecutive_failures: self.streak,
            retry_after,
        }
    }

    /// Takes the transition that the last operation made. An operation makes at most one.
    pub(crate) fn take_change(&mut self) -> Option<Transition> {
        self.change.take()
    }

    /// Advances the time. Each operation begins with this.
    fn advance(&mut self, now: Duration) {
        self.now = self.now.max(now);
        match &mut self.phase {
            Phase::Closed => self.counts.advance(self.now),
            Phase::Open { until } if self.now > *until => {
                self.half_open(Cause::OpenTimeOver);
            }
            Phase::Open { .. } => {}
            Phase::HalfOpen(slots) => slots.expire(self.now),
        }
    }

    fn record_call(&mut self, bucket: u64, outcome: Outcome, slow: bool) {
        match outcome {
            Outcome::Success => self.streak = 0,
            Outcome::Failure => self.streak = self.streak.saturating_add(1),
            Outcome::Overloaded | Outcome::Ignored => {}
        }
        let current = self.counts.record(bucket, outcome.failed(), slow);
        let Trip { min_requests, failure_ratio_above, consecutive_failures, slow: slow_rule } =
            self.trip;
        let Counts { requests, failures, slow: slow_calls } = self.counts.total();
        let exceeds = |part: u64, limit: Option<f64>| {
            limit.is_some_and(|limit| {
                requests >= u64::from(min_requests) && part as f64 / requests as f64 > limit
            })
        };
        let by_streak = outcome == Outcome::Failure
            && consecutive_failures.is_some_and(|limit| self.streak >= limit);
        let by_failures = outcome.failed() && current && exceeds(failures, failure_ratio_above);
        let by_slowness = slow && current && exceeds(slow_calls, slow_rule.map(|r| r.ratio_above));
        if by_streak {
            self.open(Cause::ConsecutiveFailures);
        } else if by_failures {
            self.open(Cause::FailureRatio);
        } else if by_slowness {
            self.open(Cause::SlowRatio);
        }
    }

    fn open(&mut self, cause: Cause) {
        let open_for = self.open_times.next();
        let until = self.now.saturating_add(open_for);
        self.enter(Phase::Open { until }, Some(open_for), cause);
    }

    fn half_open(&mut self, cause: Cause) {
        self.enter(Phase::HalfOpen(ProbeSlots::new(self.probes)), None, cause);
    }

    fn close(&mut self) {
        self.open_times.reset();
        self.enter(Phase::Closed, None, Cause::ProbesSucceeded);
    }

    fn enter(&mut self, phase: Phase, open_for: Option<Duration>, cause: Cause) {
        let from = self.phase.state();
        self.phase = phase;
        self.generation += 1;
        self.streak = 0;
        self.counts.restart(self.now);
        let (to, generation) = (self.phase.state(), self.generation);
        self.change = Some(Transition { from, to, generation, open_for, cause });
    }
}

impl Phase {
    fn state(&self) -> State {
        match self {
            Self::Closed => State::Closed,
            Self::Open { .. } => State::Open,
            Self::HalfOpen(_) => State::HalfOpen,
        }
    }
}

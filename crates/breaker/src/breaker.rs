//! The breaker: the state machine behind a lock, with a clock, hooks and a lock-free fast path; and
//! the permits that it issues, which report to it.

use crate::{
    clock::{Clock, Monotonic},
    fast_path::FastPath,
    machine::{Machine, Ticket},
    outcome::Outcome,
    settings::Settings,
    state::{Rejected, Snapshot, State, Transition},
    sync::{Arc, Mutex, PoisonError},
};
use std::{fmt, time::Duration};

type Hook = Box<dyn Fn(&Breaker, &Transition) + Send + Sync>;

/// A circuit breaker. Clones share its state.
#[derive(Clone)]
pub struct Breaker {
    shared: Arc<Shared>,
}

struct Shared {
    clock: Box<dyn Clock>,
    hooks: Vec<Hook>,
    fast_path: FastPath,
    machine: Mutex<Machine>,
}

impl Breaker {
    /// Creates a closed breaker with a monotonic clock and without hooks.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self::builder(settings).build()
    }

    /// Builds a breaker with another clock, hooks or a seed.
    pub fn builder(settings: Settings) -> Builder {
        Builder { settings, clock: None, hooks: Vec::new(), seed: None }
    }

    /// Requests a permit for a call, on which its outcome must be recorded. A permit dropped without
    /// that counts as [`Outcome::Ignored`](crate::Outcome::Ignored).
    ///
    /// # Errors
    /// [`Rejected`] when open, or half-open with the maximum of probes. Nothing is counted then.
    pub fn admit(&self) -> Result<Permit, Rejected> {
        let now = self.now();
        let ticket = match self.shared.fast_path.admit(now) {
            Some(ticket) => ticket,
            None => self.with(now, Machine::admit)?,
        };
        Ok(Permit::new(self.clone(), ticket))
    }

    /// Checks whether [`Breaker::admit`] would admit a call, for load balancers that select an
    /// endpoint. Another thread may take the last permit in between.
    ///
    /// # Errors
    /// As [`Breaker::admit`].
    pub fn check(&self) -> Result<(), Rejected> {
        let now = self.now();
        if self.shared.fast_path.admits(now) { Ok(()) } else { self.with(now, Machine::check) }
    }

    /// Ends the open time of an open breaker, so that the next call may probe. For callers that have
    /// other evidence that the upstream has recovered.
    pub fn end_open_time(&self) {
        self.with(self.now(), Machine::end_open_time);
    }

    /// Returns the current state, after the transition to half-open if that is due.
    #[must_use]
    pub fn state(&self) -> State {
        let now = self.now();
        if self.shared.fast_path.admits(now) {
            State::Closed
        } else {
            self.with(now, Machine::state)
        }
    }

    /// Returns the current state and counts.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.with(self.now(), Machine::snapshot)
    }

    fn now(&self) -> Duration {
        self.shared.clock.now()
    }

    /// Records the outcome of a call.
    fn settle(&self, ticket: Ticket, outcome: Outcome, answered_at: Option<Duration>) {
        let Shared { fast_path, .. } = &*self.shared;
        if !fast_path.is_noop(&ticket, outcome, answered_at, || self.now()) {
            let now = self.now();
            self.with(now, |machine, now| machine.record(ticket, outcome, answered_at, now));
        }
    }

    /// Runs `act` under the lock, then the hooks without it.
    fn with<T>(&self, now: Duration, act: impl FnOnce(&mut Machine, Duration) -> T) -> T {
        let (result, change) = {
            // A poisoned machine is consistent: it runs no code of callers that could panic.
            let mut machine = self.shared.machine.lock().unwrap_or_else(PoisonError::into_inner);
            machine.add_admitted(self.shared.fast_path.disable());
            let result = act(&mut machine, now);
            let change = machine.take_change();
            self.shared.fast_path.enable(machine.closed());
            (result, change)
        };
        if let Some(change) = change {
            for hook in &self.shared.hooks {
                hook(self, &change);
            }
        }
        result
    }
}

impl fmt::Debug for Breaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Breaker").field("machine", &self.shared.machine).finish_non_exhaustive()
    }
}

/// Permit for one call, from [`Breaker::admit`]. Dropped without a recorded outcome, by cancellation
/// or a panic, it counts as [`Outcome::Ignored`].
#[must_use = "a permit that is dropped immediately counts as an ignored call"]
#[derive(Debug)]
pub struct Permit {
    breaker: Breaker,
    /// `None` once recorded.
    ticket: Option<Ticket>,
    answered_at: Option<Duration>,
}

impl Permit {
    fn new(breaker: Breaker, ticket: Ticket) -> Self {
        Self { breaker, ticket: Some(ticket), answered_at: None }
    }

    /// Stops the measurement of the call's duration, which [`Permit::record`] does otherwise. For
    /// streams, which respond early, but have an outcome only at the end. The first call counts.
    pub fn answered(&mut self) {
        if self.answered_at.is_none() {
            self.answered_at = Some(self.breaker.now());
        }
    }

    /// Records the outcome; `true` is [`Outcome::Success`], `false` [`Outcome::Failure`].
    pub fn record(mut self, outcome: impl Into<Outcome>) {
        self.settle(outcome.into());
    }

    /// Whether the call is a probe of a half-open breaker.
    #[must_use]
    pub fn is_probe(&self) -> bool {
        self.ticket.as_ref().is_some_and(Ticket::is_probe)
    }

    fn settle(&mut self, outcome: Outcome) {
        if let Some(ticket) = self.ticket.take() {
            self.breaker.settle(ticket, outcome, self.answered_at);
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.settle(Outcome::Ignored);
    }
}

/// Builder of a [`Breaker`].
#[must_use]
pub struct Builder {
    settings: Settings,
    clock: Option<Box<dyn Clock>>,
    hooks: Vec<Hook>,
    seed: Option<u64>,
}

impl Builder {
    /// Uses `clock` instead of [`Monotonic`].
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Box::new(clock));
        self
    }

    /// Calls `hook` after each transition, in the thread that caused it. The hook may call the
    /// breaker, which is an argument. It must not panic, because it may run while a permit is dropped.
    pub fn on_change(
        mut self,
        hook: impl Fn(&Breaker, &Transition) + Send + Sync + 'static,
    ) -> Self {
        self.hooks.push(Box::new(hook));
        self
    }

    /// Makes the jitter deterministic.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Creates the breaker, closed.
    #[must_use]
    pub fn build(self) -> Breaker {
        let clock = self.clock.unwrap_or_else(|| Box::new(Monotonic::new()));
        let seed = self.seed.unwrap_or_else(|| fastrand::u64(..));
        let machine = Machine::new(&self.settings, seed, clock.now());
        let fast_path = FastPath::new(&self.settings);
        fast_path.enable(machine.closed());
        let machine = Mutex::new(machine);
        Breaker { shared: Arc::new(Shared { clock, hooks: self.hooks, fast_path, machine }) }
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("settings", &self.settings).finish_non_exhaustive()
    }
}

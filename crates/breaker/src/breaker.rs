//! The breaker itself: the machine behind a lock, with a clock and hooks.

use crate::{
    backoff,
    clock::{Clock, Monotonic},
    fast::Fast,
    machine::{Machine, Ticket},
    outcome::Outcome,
    permit::Permit,
    settings::Settings,
    state::{Rejected, Snapshot, State, Transition},
    sync::{Arc, Mutex, PoisonError},
};
use std::{fmt, time::Duration};

type Hook = Box<dyn Fn(&Breaker, &Transition) + Send + Sync>;

/// Decides who may call. Clones share one state.
#[derive(Clone)]
pub struct Breaker {
    shared: Arc<Shared>,
}

struct Shared {
    clock: Box<dyn Clock>,
    hooks: Vec<Hook>,
    /// Where calls pass that need no more.
    fast: Fast,
    machine: Mutex<Machine>,
}

impl Breaker {
    /// Starts closed, on the machine's clock, with nobody told of changes.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self::builder(settings).build()
    }

    /// Starts a breaker with a clock or hooks of its own.
    pub fn builder(settings: Settings) -> Builder {
        Builder { settings, clock: None, hooks: Vec::new(), seed: None }
    }

    /// Asks to pass. The permit must hear how the call ended; dropped before, it counts as
    /// [`Outcome::Ignored`](crate::Outcome::Ignored).
    ///
    /// # Errors
    /// [`Rejected`] when open, or half-open with enough probes out. Nothing is counted then.
    pub fn admit(&self) -> Result<Permit, Rejected> {
        let now = self.now();
        let ticket = match self.shared.fast.admit(now) {
            Some(ticket) => ticket,
            None => self.with(now, Machine::admit)?,
        };
        Ok(Permit::new(self.clone(), ticket))
    }

    /// Says whether [`Breaker::admit`] would admit now, and takes nothing: for a balancer that
    /// chooses among endpoints. Somebody else may be faster.
    ///
    /// # Errors
    /// As [`Breaker::admit`].
    pub fn check(&self) -> Result<(), Rejected> {
        let now = self.now();
        if self.shared.fast.admits(now) { Ok(()) } else { self.with(now, Machine::check) }
    }

    /// Ends the open time, if it is open: the next to ask may probe. For whoever has seen a sign of
    /// life.
    pub fn end_open_time(&self) {
        self.with(self.now(), Machine::end_open_time);
    }

    /// Returns the state now. Reading it may be what moves an open breaker to half-open.
    #[must_use]
    pub fn state(&self) -> State {
        let now = self.now();
        if self.shared.fast.admits(now) { State::Closed } else { self.with(now, Machine::state) }
    }

    /// Returns the state and the figures behind it.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.with(self.now(), Machine::snapshot)
    }

    pub(crate) fn now(&self) -> Duration {
        self.shared.clock.now()
    }

    /// Hears how a call ended.
    pub(crate) fn settle(&self, ticket: Ticket, outcome: Outcome, answered_at: Option<Duration>) {
        let Shared { fast, .. } = &*self.shared;
        if !fast.is_nothing(&ticket, outcome, answered_at, || self.now()) {
            let now = self.now();
            self.with(now, |machine, now| machine.record(ticket, outcome, answered_at, now));
        }
    }

    /// Does one thing under the lock, then tells the hooks without it.
    fn with<T>(&self, now: Duration, act: impl FnOnce(&mut Machine, Duration) -> T) -> T {
        let (done, change) = {
            // Nothing in the machine calls out, so nothing can panic half-way.
            let mut machine = self.shared.machine.lock().unwrap_or_else(PoisonError::into_inner);
            machine.absorb(self.shared.fast.shut());
            let done = act(&mut machine, now);
            let change = machine.take_change();
            self.shared.fast.open(machine.closed());
            (done, change)
        };
        if let Some(change) = change {
            for hook in &self.shared.hooks {
                hook(self, &change);
            }
        }
        done
    }
}

impl fmt::Debug for Breaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Breaker").field("machine", &self.shared.machine).finish_non_exhaustive()
    }
}

/// A breaker in the making.
#[must_use]
pub struct Builder {
    settings: Settings,
    clock: Option<Box<dyn Clock>>,
    hooks: Vec<Hook>,
    seed: Option<u64>,
}

impl Builder {
    /// Takes the time from `clock` instead of the machine's.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Box::new(clock));
        self
    }

    /// Calls `hook` after each change of state, in the thread that caused it. It may call the
    /// breaker, which it is given; it must not panic, as it may run in a permit's drop.
    pub fn on_change(
        mut self,
        hook: impl Fn(&Breaker, &Transition) + Send + Sync + 'static,
    ) -> Self {
        self.hooks.push(Box::new(hook));
        self
    }

    /// Makes the jitter repeatable.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Starts it, closed.
    #[must_use]
    pub fn build(self) -> Breaker {
        let clock = self.clock.unwrap_or_else(|| Box::new(Monotonic::new()));
        let seed = self.seed.unwrap_or_else(backoff::seed);
        let machine = Machine::new(&self.settings, seed, clock.now());
        let fast = Fast::new(&self.settings);
        fast.open(machine.closed());
        let machine = Mutex::new(machine);
        Breaker { shared: Arc::new(Shared { clock, hooks: self.hooks, fast, machine }) }
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("settings", &self.settings).finish_non_exhaustive()
    }
}

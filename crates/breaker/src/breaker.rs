//! The breaker itself: the machine behind a lock, with a clock and hooks.

use crate::{
    backoff,
    clock::{Clock, Monotonic},
    machine::Machine,
    permit::Permit,
    settings::Settings,
    state::{Rejected, Snapshot, State, Transition},
};
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

type Hook = Box<dyn Fn(&Breaker, &Transition) + Send + Sync>;

/// Decides who may call. Clones share one state.
#[derive(Clone)]
pub struct Breaker {
    shared: Arc<Shared>,
}

struct Shared {
    clock: Box<dyn Clock>,
    hooks: Vec<Hook>,
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
        let ticket = self.with(Machine::admit)?;
        Ok(Permit::new(self.clone(), ticket))
    }

    /// Says whether [`Breaker::admit`] would admit now, and takes nothing: for a balancer that
    /// chooses among endpoints. Somebody else may be faster.
    ///
    /// # Errors
    /// As [`Breaker::admit`].
    pub fn check(&self) -> Result<(), Rejected> {
        self.with(Machine::check)
    }

    /// Ends the open time, if it is open: the next to ask may probe. For whoever has seen a sign of
    /// life.
    pub fn end_open_time(&self) {
        self.with(Machine::end_open_time);
    }

    /// Returns the state now. Reading it may be what moves an open breaker to half-open.
    #[must_use]
    pub fn state(&self) -> State {
        self.with(Machine::state)
    }

    /// Returns the state and the figures behind it.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.with(Machine::snapshot)
    }

    pub(crate) fn now(&self) -> Duration {
        self.shared.clock.now()
    }

    /// Does one thing under the lock, then tells the hooks without it.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Machine, Duration) -> T) -> T {
        let now = self.now();
        let (done, change) = {
            // Nothing in the machine calls out, so nothing can panic half-way.
            let mut machine = self.shared.machine.lock().unwrap_or_else(PoisonError::into_inner);
            (act(&mut machine, now), machine.take_change())
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
        let machine = Mutex::new(Machine::new(&self.settings, seed, clock.now()));
        Breaker { shared: Arc::new(Shared { clock, hooks: self.hooks, machine }) }
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("settings", &self.settings).finish_non_exhaustive()
    }
}

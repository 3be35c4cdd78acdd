//! One endpoint: its breaker and its load, whichever lane calls it.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use breaker::{Breaker, Permit, State};
use http::uri::Authority;
use tokio::time::Instant;

use super::load::Load;
use crate::metrics;

/// A replica of a service.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// Of this one and no other in this process.
    pub(crate) number: u64,
    pub(crate) about: discovery::Endpoint,
    pub(crate) authority: Authority,
    pub(crate) breaker: Breaker,
    pub(crate) load: Arc<Load>,
    gate: Arc<Gate>,
    last_error: Mutex<Option<Trouble>>,
}

/// What went wrong last.
#[derive(Debug, Clone)]
pub(crate) struct Trouble {
    pub(crate) what: String,
    pub(crate) at: Instant,
}

/// Whether the breaker lets calls pass, in a form that costs nothing to look at.
#[derive(Debug)]
struct Gate {
    origin: Instant,
    /// Zero while the breaker is closed; else when it may be probed, in nanoseconds since the origin.
    shut_until: AtomicU64,
    /// How many gates of the set are shut.
    shut: Arc<AtomicUsize>,
}

impl Endpoint {
    /// A new endpoint. `shut` counts the endpoints of its pool whose breakers are not closed.
    pub(super) fn new(
        upstream: &'static str,
        about: discovery::Endpoint,
        breaker: breaker::Settings,
        shut: Arc<AtomicUsize>,
    ) -> Self {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        let gate = Arc::new(Gate { origin: Instant::now(), shut_until: AtomicU64::new(0), shut });
        let watched = Arc::clone(&gate);
        let address = about.address.clone();
        let load = Arc::new(Load::new());
        let judged = Arc::clone(&load);
        let breaker = Breaker::builder(breaker).on_change(move |_, change| {
            watched.follow(change.to, change.open_for);
            if change.to == State::Closed {
                judged.forgive();
            }
            let (from, to) = (change.from.as_str(), change.to.as_str());
            metrics::breaker_changed(upstream, "endpoint", to);
            tracing::info!(upstream, endpoint = address, from, to, "an endpoint's breaker");
        });
        Self {
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            // One that is no authority cannot be connected to either, so nothing is ever sent there.
            authority: about.address.parse().unwrap_or(Authority::from_static("invalid")),
            about,
            breaker: breaker.build(),
            load,
            gate,
            last_error: Mutex::default(),
        }
    }

    /// Whether its breaker is closed.
    pub(crate) fn is_well(&self) -> bool {
        self.gate.shut_until.load(Ordering::Relaxed) == 0
    }

    /// Leave to find out whether it is well again, if it is time for that and nobody else does.
    pub(super) fn probe(&self, now: Instant) -> Option<Permit> {
        if self.gate.since(now) < self.gate.shut_until.load(Ordering::Relaxed) {
            return None;
        }
        self.breaker.admit().ok().filter(Permit::is_probe)
    }

    /// What another call would cost here, to be compared.
    pub(super) fn cost(&self, now: Instant) -> f64 {
        self.load.cost(now) / f64::from(self.about.weight.max(1))
    }

    /// A connection has been made: worth a try at once, whatever was before.
    pub(super) fn revive(&self) {
        self.load.forgive();
        self.breaker.end_open_time();
        self.gate.shut_until.fetch_min(1, Ordering::Relaxed);
    }

    /// Keeps what went wrong for whoever asks.
    pub(crate) fn note(&self, what: impl Into<String>) {
        let trouble = Trouble { what: what.into(), at: Instant::now() };
        *self.last_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(trouble);
    }

    /// What went wrong last.
    pub(crate) fn trouble(&self) -> Option<Trouble> {
        self.last_error.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Gate {
    fn follow(&self, state: State, open_for: Option<Duration>) {
        let until = match state {
            State::Closed => 0,
            State::Open => {
                let until = self.since(Instant::now());
                let open_for = open_for.unwrap_or_default();
                until.saturating_add(u64::try_from(open_for.as_nanos()).unwrap_or(u64::MAX)).max(1)
            }
            State::HalfOpen => 1,
        };
        let before = self.shut_until.swap(until, Ordering::Relaxed);
        match (before, until) {
            (0, 1..) => _ = self.shut.fetch_add(1, Ordering::Relaxed),
            (1.., 0) => _ = self.shut.fetch_sub(1, Ordering::Relaxed),
            _ => {}
        }
    }

    fn since(&self, now: Instant) -> u64 {
        let since = now.saturating_duration_since(self.origin);
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.follow(State::Closed, None);
    }
}

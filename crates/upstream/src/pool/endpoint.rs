//! An endpoint: its breaker, its load and its last error, shared by all lanes.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use breaker::{Breaker, Cause, Permit, State};
use http::uri::Authority;
use tokio::time::Instant;

use super::{load::Load, outcomes::Outcomes};
use crate::{counters, events::Events};

/// A replica of a service.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// Unique within this process.
    pub(crate) number: u64,
    pub(crate) info: discovery::Endpoint,
    pub(crate) authority: Authority,
    pub(crate) breaker: Breaker,
    pub(crate) load: Arc<Load>,
    /// For reports only.
    pub(crate) outcomes: Outcomes,
    gate: Arc<Gate>,
    last_error: Arc<Mutex<Option<LastError>>>,
    /// Whether it was connected when the pool was last refreshed.
    is_connected: AtomicBool,
}

/// The last failure of a call or a connection.
#[derive(Debug, Clone)]
pub(crate) struct LastError {
    pub(crate) message: String,
    pub(crate) at: Instant,
}

/// A copy of the breaker's state that the picker reads with one atomic load.
#[derive(Debug)]
struct Gate {
    origin: Instant,
    /// When the next probe is due, in nanoseconds since the origin. Zero while the breaker is closed.
    open_until: AtomicU64,
    /// The number of the pool's breakers that are not closed.
    open_breakers: Arc<AtomicUsize>,
}

impl Endpoint {
    /// A new endpoint. `open_breakers` counts the endpoints of its pool whose breakers are not closed.
    pub(super) fn new(
        upstream: &'static str,
        info: discovery::Endpoint,
        breaker: breaker::Settings,
        open_breakers: Arc<AtomicUsize>,
        events: Arc<Events>,
    ) -> Self {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        let origin = Instant::now();
        let gate = Arc::new(Gate { origin, open_until: AtomicU64::new(0), open_breakers });
        let load = Arc::new(Load::new());
        let last_error = Arc::<Mutex<Option<LastError>>>::default();
        let (address, hook_gate, hook_load) =
            (info.address.clone(), Arc::clone(&gate), Arc::clone(&load));
        let hook_error = Arc::clone(&last_error);
        let breaker = Breaker::builder(breaker).on_change(move |_, change| {
            hook_gate.set(change.to, change.open_for);
            if change.to == State::Closed {
                hook_load.reset();
            }
            events.breaker(Some(&address), change, why(change.cause, &hook_error));
            let (from, to) = (change.from.as_str(), change.to.as_str());
            counters::breaker_changed(upstream, "endpoint", to);
            tracing::info!(upstream, endpoint = address, from, to, "breaker state changed");
        });
        Self {
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            // An invalid authority cannot be connected to either, so that no request is sent to it.
            authority: info.address.parse().unwrap_or(Authority::from_static("invalid")),
            info,
            breaker: breaker.build(),
            load,
            outcomes: Outcomes::default(),
            gate,
            last_error,
            is_connected: AtomicBool::new(false),
        }
    }

    pub(crate) fn breaker_is_closed(&self) -> bool {
        self.gate.open_until.load(Ordering::Relaxed) == 0
    }

    /// A permit to probe the endpoint, if a probe is due and none is in flight.
    pub(crate) fn probe(&self, now: Instant) -> Option<Permit> {
        if self.gate.since_origin(now) < self.gate.open_until.load(Ordering::Relaxed) {
            return None;
        }
        self.breaker.admit().ok().filter(Permit::is_probe)
    }

    /// The cost of another call here, relative to other endpoints.
    pub(crate) fn cost(&self, now: Instant) -> f64 {
        self.load.cost(now) / f64::from(self.info.weight.max(1))
    }

    /// Makes a probe due and forgets the latency: a new connection suggests a recovered endpoint.
    pub(super) fn connected(&self) {
        self.load.reset();
        self.breaker.end_open_time();
        self.gate.open_until.fetch_min(1, Ordering::Relaxed);
    }

    /// Records an error for the report.
    pub(crate) fn record_error(&self, message: impl Into<String>) {
        let error = LastError { message: message.into(), at: Instant::now() };
        *self.last_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    /// Sets whether it is connected. Returns whether that has changed.
    pub(super) fn set_connected(&self, is_connected: bool) -> bool {
        self.is_connected.swap(is_connected, Ordering::Relaxed) != is_connected
    }

    pub(crate) fn last_error(&self) -> Option<LastError> {
        self.last_error.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The cause of a breaker's change in words, with the error that led to it.
fn why(cause: Cause, last_error: &Mutex<Option<LastError>>) -> String {
    let follows_error = match cause {
        Cause::ConsecutiveFailures | Cause::FailureRatio | Cause::ProbeFailed => true,
        Cause::SlowRatio | Cause::OpenTimeOver | Cause::OpenTimeEnded | Cause::ProbesSucceeded => {
            false
        }
    };
    let last_error = last_error.lock().unwrap_or_else(PoisonError::into_inner);
    match &*last_error {
        Some(error) if follows_error => format!("{}: {}", cause.as_str(), error.message),
        _ => cause.as_str().to_owned(),
    }
}

impl Gate {
    fn set(&self, state: State, open_for: Option<Duration>) {
        let until = match state {
            State::Closed => 0,
            State::Open => {
                let until = self.since_origin(Instant::now());
                let open_for = open_for.unwrap_or_default();
                until.saturating_add(u64::try_from(open_for.as_nanos()).unwrap_or(u64::MAX)).max(1)
            }
            State::HalfOpen => 1,
        };
        let before = self.open_until.swap(until, Ordering::Relaxed);
        match (before, until) {
            (0, 1..) => _ = self.open_breakers.fetch_add(1, Ordering::Relaxed),
            (1.., 0) => _ = self.open_breakers.fetch_sub(1, Ordering::Relaxed),
            _ => {}
        }
    }

    fn since_origin(&self, now: Instant) -> u64 {
        let since = now.saturating_duration_since(self.origin);
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.set(State::Closed, None);
    }
}

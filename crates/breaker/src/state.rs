//! What a breaker says of itself.

use std::{fmt, time::Duration};

/// Where a breaker stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Everyone passes and is counted.
    Closed,
    /// Nobody passes.
    Open,
    /// A few probes pass.
    HalfOpen,
}

impl State {
    /// A name for logs and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half-open",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A change of state, as a hook sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// The state before.
    pub from: State,
    /// The state after.
    pub to: State,
    /// One more with each change. Hooks run unlocked, so two threads may deliver theirs out of
    /// order: the higher generation is the later one.
    pub generation: u64,
    /// How long it will stay so, when `to` is [`State::Open`].
    pub open_for: Option<Duration>,
}

/// Why a call may not pass. Made by us: no breaker further out should count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// It is open.
    #[error("the circuit breaker is open")]
    Open {
        /// When probes will be admitted, from now.
        retry_after: Duration,
    },
    /// It is half-open, and all probes are out.
    #[error("the circuit breaker is half-open and has enough probes")]
    TooManyProbes,
}

/// A breaker at a glance, for an admin page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot {
    /// Where it stands.
    pub state: State,
    /// How often the state has changed.
    pub generation: u64,
    /// Calls admitted in the window. This and the next three are zero unless closed.
    pub requests: u64,
    /// Those of them that failed.
    pub failures: u64,
    /// Those of them that were slow.
    pub slow: u64,
    /// Failures in a row.
    pub consecutive_failures: u32,
    /// How long until it admits probes, when open.
    pub retry_after: Option<Duration>,
}

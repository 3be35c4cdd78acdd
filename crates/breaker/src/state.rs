//! States, transitions, rejections and snapshots of a breaker.

use std::{fmt, time::Duration};

/// State of a breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Calls are admitted and counted.
    Closed,
    /// Calls are rejected.
    Open,
    /// A limited number of calls is admitted as probes.
    HalfOpen,
}

impl State {
    /// Name for logs and metrics.
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

/// A change of state, passed to hooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    pub from: State,
    pub to: State,
    /// Number of the transition. Hooks run without a lock, so two threads may call them out of order:
    /// the higher generation is the later one.
    pub generation: u64,
    /// The open time, when `to` is [`State::Open`].
    pub open_for: Option<Duration>,
    pub cause: Cause,
}

/// The rule that caused a transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The limit of consecutive failures was reached.
    ConsecutiveFailures,
    /// The share of failed calls in the window exceeded its limit.
    FailureRatio,
    /// The share of slow calls in the window exceeded its limit.
    SlowRatio,
    /// The open time is over.
    OpenTimeOver,
    /// The breaker's owner had other evidence of a recovery.
    OpenTimeEnded,
    /// A probe failed, or was slow.
    ProbeFailed,
    /// Enough probes succeeded.
    ProbesSucceeded,
}

impl Cause {
    /// Name for logs and operators' pages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConsecutiveFailures => "consecutive failures",
            Self::FailureRatio => "too many failed calls",
            Self::SlowRatio => "too many slow calls",
            Self::OpenTimeOver => "open time over",
            Self::OpenTimeEnded => "endpoint connected again",
            Self::ProbeFailed => "probe failed",
            Self::ProbesSucceeded => "probe succeeded",
        }
    }
}

/// The reason why a call was rejected. An outer breaker should not count it as a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// The breaker is open.
    #[error("the circuit breaker is open")]
    Open {
        /// Time until probes are admitted.
        retry_after: Duration,
    },
    /// The breaker is half-open with the maximum number of probes in flight.
    #[error("the circuit breaker is half-open and has enough probes")]
    TooManyProbes,
}

/// State and counts of a breaker, for an admin page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot {
    pub state: State,
    /// Number of transitions so far.
    pub generation: u64,
    /// Calls admitted in the window. This and the next three are zero unless closed.
    pub requests: u64,
    /// Failed calls in the window.
    pub failures: u64,
    /// Slow calls in the window.
    pub slow: u64,
    pub consecutive_failures: u32,
    /// Time until probes are admitted, when open.
    pub retry_after: Option<Duration>,
}

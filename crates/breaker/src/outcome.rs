//! How a call ended, as far as a breaker cares.

/// How a call ended. Slowness is not said here: the breaker measures it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The upstream answered, if only to say no.
    Success,
    /// The upstream is to blame.
    Failure,
    /// The upstream is well, but has too much to do: counts in the failure ratio and fails a
    /// probe, and neither extends nor ends a row of failures.
    Overloaded,
    /// Says nothing about the upstream, as when the caller gave up. Gives a probe's place back.
    Ignored,
}

impl Outcome {
    /// Whether the failure ratio counts it.
    pub(crate) fn failed(self) -> bool {
        matches!(self, Self::Failure | Self::Overloaded)
    }
}

impl From<bool> for Outcome {
    /// Takes `true` for success.
    fn from(success: bool) -> Self {
        if success { Self::Success } else { Self::Failure }
    }
}

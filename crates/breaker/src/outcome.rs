//! Outcomes of calls.

/// Outcome of a call. Slowness is not part of it: the breaker measures that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The upstream is healthy; it may have responded with an application error.
    Success,
    /// The upstream failed.
    Failure,
    /// The upstream is healthy but overloaded: counts in the failure ratio and fails a probe, and
    /// neither extends nor ends a streak of failures.
    Overloaded,
    /// No evidence about the upstream, as when the caller cancelled. Frees the slot of a probe.
    Ignored,
}

impl Outcome {
    /// Whether it counts in the failure ratio.
    pub(crate) fn failed(self) -> bool {
        matches!(self, Self::Failure | Self::Overloaded)
    }
}

impl From<bool> for Outcome {
    /// `true` is success.
    fn from(success: bool) -> Self {
        if success { Self::Success } else { Self::Failure }
    }
}

//! Permits.

use crate::{breaker::Breaker, machine::Ticket, outcome::Outcome};
use std::time::Duration;

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
    pub(crate) fn new(breaker: Breaker, ticket: Ticket) -> Self {
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

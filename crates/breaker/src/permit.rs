//! Leave to make one call.

use crate::{breaker::Breaker, machine::Ticket, outcome::Outcome};
use std::time::Duration;

/// Leave to make one call, from [`Breaker::admit`]. Dropped unrecorded, by a cancelled future or
/// a panic, it counts as [`Outcome::Ignored`] and gives its place back.
#[must_use = "a permit dropped at once is a call that never happened"]
#[derive(Debug)]
pub struct Permit {
    breaker: Breaker,
    /// Gone once recorded.
    ticket: Option<Ticket>,
    answered_at: Option<Duration>,
}

impl Permit {
    pub(crate) fn new(breaker: Breaker, ticket: Ticket) -> Self {
        Self { breaker, ticket: Some(ticket), answered_at: None }
    }

    /// Stops the watch that decides what is slow; otherwise [`Permit::record`] does. For a stream
    /// that begins to answer now and is judged when it ends. The first time counts.
    pub fn answered(&mut self) {
        if self.answered_at.is_none() {
            self.answered_at = Some(self.breaker.now());
        }
    }

    /// Says how the call ended; `true` is [`Outcome::Success`], `false` [`Outcome::Failure`].
    pub fn record(mut self, outcome: impl Into<Outcome>) {
        self.settle(outcome.into());
    }

    /// Whether the breaker was half-open and is waiting for this very call.
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

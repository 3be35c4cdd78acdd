//! The outermost layer: time.

use tokio::time::{Instant, timeout_at};

use super::{
    answer::{Answer, Failure},
    call::Call,
    stack::Calls,
};
use crate::deadline::exceeded;

/// Ends calls in time. What goes on after the headers ends in time by itself (`answer::Ongoing`).
#[derive(Debug)]
pub(super) struct Deadline<C> {
    inner: C,
}

impl<C: Calls> Deadline<C> {
    pub(super) fn over(inner: C) -> Self {
        Self { inner }
    }
}

impl<C: Calls> Calls for Deadline<C> {
    async fn call(&self, call: &mut Call) -> Result<Answer, Failure> {
        let by = call.headers_by;
        if by <= Instant::now() {
            return Err(Failure::ours(exceeded()));
        }
        match timeout_at(by, self.inner.call(call)).await {
            // Its clock ran out with ours, and it was the first to say so: many call that CANCELLED.
            Ok(Ok(answer)) if answer.was_cancelled() && by <= Instant::now() => {
                Err(Failure::ours(exceeded()))
            }
            Ok(answer) => answer,
            Err(_) => Err(Failure::ours(exceeded())),
        }
    }
}

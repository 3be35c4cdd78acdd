//! The outermost layer: time.

use std::pin::pin;

use futures::future::{Either, select};
use rpc::deadline::exceeded;
use tokio::time::{Instant, sleep_until};

use super::{
    answer::{Answer, Failure},
    call::Call,
    stack::Calls,
};

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
        // Pinned where they are: `timeout_at` would move the whole call into itself.
        let (answer, time_up) = (pin!(self.inner.call(call)), pin!(sleep_until(by)));
        let answer = match select(answer, time_up).await {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => return Err(Failure::ours(exceeded())),
        };
        // Its clock ran out with ours, and it was the first to say so: many call that CANCELLED.
        match answer {
            Ok(answer) if answer.was_cancelled() && by <= Instant::now() => {
                Err(Failure::ours(exceeded()))
            }
            answer => answer,
        }
    }
}

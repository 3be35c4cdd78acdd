//! Asks again.

mod budget;

use std::time::Duration;

use backoff::Backoff;
use budget::Budget;
use tokio::time::{Instant, sleep};

use super::{
    answer::{Answer, Failure},
    call::Call,
    classify::{Again, Ending},
    metrics,
    stack::Calls,
};

/// Attempts of one call, the first included (gRPC A6).
const ATTEMPTS: u32 = 5;
/// Delays between attempts: 10 ms, doubled up to 250 ms, each plus or minus a fifth.
const BACKOFF: Backoff =
    Backoff::new(Duration::from_millis(12), Duration::from_millis(300)).with_jitter(1.0 / 3.0);

/// Makes further attempts of a call whose failure is nobody's last word: after a pause that doubles,
/// as soon as the server has asked for, or at once if nobody has heard of it.
///
/// **Invariant:** what is made again stays within the budget of the upstream.
/// **Invariant:** what was tried again in vain is not to be tried again further out: its failure says
/// so, by a pushback of -1.
#[derive(Debug)]
pub(super) struct Retry<C> {
    inner: C,
    upstream: &'static str,
    budget: Budget,
}

impl<C: Calls> Retry<C> {
    pub(super) fn over(upstream: &'static str, inner: C) -> Self {
        Self { inner, upstream, budget: Budget::new() }
    }

    /// How long to wait for the next attempt; none if there is to be none.
    fn next(&self, again: Again, attempt: u32, pauses: &mut u32, call: &Call) -> Option<Duration> {
        let pause = match again {
            Again::Never => return None,
            Again::Now => Duration::ZERO,
            Again::Soon => {
                *pauses += 1;
                BACKOFF.delay_after(*pauses - 1)
            }
            Again::After(pause) => {
                *pauses = 0;
                pause
            }
        };
        let in_time = Instant::now() + pause < call.headers_by;
        if attempt >= ATTEMPTS || !in_time {
            return None;
        }
        let paid = again == Again::Now || self.budget.withdraw();
        metrics::retry(self.upstream, paid);
        paid.then_some(pause)
    }
}

impl<C: Calls> Calls for Retry<C> {
    async fn call(&self, call: &mut Call) -> Result<Answer, Failure> {
        // Also of what writes: nobody may have heard of the first attempt.
        if call.method.is_unary() || call.method.is_idempotent() && !call.method.streams_in() {
            call.keep_body().await?;
        }
        self.budget.deposit();
        let mut pauses = 0;
        for attempt in 1.. {
            let mut answer = self.inner.call(call).await;
            let ending = ending_of(&answer);
            let again = match ending {
                Some(ending) if !call.body.is_gone() => ending.again(call.may_be_repeated()),
                _ => Again::Never,
            };
            let Some(pause) = self.next(again, attempt, &mut pauses, call) else {
                if again != Again::Never || attempt > 1 && answer.is_err() {
                    give_up(&mut answer);
                }
                return answer;
            };
            if pause > Duration::ZERO {
                sleep(pause).await;
            }
        }
        unreachable!("the last attempt returns")
    }
}

fn ending_of(answer: &Result<Answer, Failure>) -> Option<Ending> {
    match answer {
        Ok(answer) => answer.ending,
        Err(failure) => Some(failure.ending),
    }
}

fn give_up(answer: &mut Result<Answer, Failure>) {
    match answer {
        Ok(answer) => answer.say_never_again(),
        Err(failure) => failure.say_never_again(),
    }
}

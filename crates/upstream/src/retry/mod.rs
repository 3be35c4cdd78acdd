//! Retries.

mod budget;

use std::time::Duration;

use backoff::Backoff;
use budget::Budget;
use tokio::time::{Instant, sleep};

use crate::{
    call::{Call, RetryDecision},
    call_service::CallService,
    counters,
    response::CallResult,
};

/// Attempts of a call, including the first (gRFC A6).
const MAX_ATTEMPTS: u32 = 5;
/// Delays between attempts: 10 ms, doubled up to 250 ms, each plus or minus a fifth.
const BACKOFF: Backoff =
    Backoff::new(Duration::from_millis(12), Duration::from_millis(300)).with_jitter(1.0 / 3.0);

/// Retries failed calls: after a pause that doubles, after the server's pushback, or immediately if
/// the request was never sent.
///
/// **Invariant:** retries stay within the budget of the upstream, except of requests never sent.
/// **Invariant:** a call that failed after retries is not retried by our own clients: its status has a
/// pushback of -1.
#[derive(Debug)]
pub(crate) struct Retry<S> {
    inner: S,
    upstream: &'static str,
    budget: Budget,
}

impl<S: CallService> Retry<S> {
    pub(crate) fn new(upstream: &'static str, inner: S) -> Self {
        Self { inner, upstream, budget: Budget::new() }
    }

    /// The pause before the next attempt. `None` if there is none.
    fn next_pause(
        &self,
        decision: RetryDecision,
        attempt: u32,
        pauses: &mut u32,
        call: &Call,
    ) -> Option<Duration> {
        let pause = match decision {
            RetryDecision::Never => return None,
            RetryDecision::Immediately => Duration::ZERO,
            RetryDecision::Backoff => {
                *pauses += 1;
                BACKOFF.delay_after(*pauses - 1)
            }
            RetryDecision::After(pause) => {
                *pauses = 0;
                pause
            }
        };
        let in_time = Instant::now() + pause < call.headers_deadline;
        if attempt >= MAX_ATTEMPTS || !in_time {
            return None;
        }
        let allowed = decision == RetryDecision::Immediately || self.budget.withdraw();
        counters::retry(self.upstream, allowed);
        allowed.then_some(pause)
    }
}

impl<S: CallService> CallService for Retry<S> {
    async fn call(&self, call: &mut Call) -> CallResult {
        // Also for writes: the first attempt may never have been sent.
        if call.method.is_unary() || call.method.is_idempotent() && !call.method.streams_in() {
            call.buffer_body().await?;
        }
        self.budget.deposit();
        let mut pauses = 0;
        for attempt in 1.. {
            let mut result = self.inner.call(call).await;
            let completion = match &result {
                Ok(response) => response.completion,
                Err(error) => Some(error.completion),
            };
            let decision = match completion {
                Some(completion) if !call.body.is_sent() => {
                    completion.retry_decision(call.is_repeatable())
                }
                _ => RetryDecision::Never,
            };
            let Some(pause) = self.next_pause(decision, attempt, &mut pauses, call) else {
                if decision != RetryDecision::Never || attempt > 1 && result.is_err() {
                    match &mut result {
                        Ok(response) => response.forbid_retry(),
                        Err(error) => error.forbid_retry(),
                    }
                }
                return result;
            };
            if pause > Duration::ZERO {
                sleep(pause).await;
            }
        }
        unreachable!("the last attempt returns")
    }
}

//! Deadlines: the outermost layer.

use std::pin::pin;

use futures::future::{Either, select};
use rpc::deadline::exceeded;
use tokio::time::{Instant, sleep_until};

use crate::{
    call::{Call, CallError},
    call_service::CallService,
    response::CallResult,
};

/// Ends a call without response headers at its deadline. A response body ends itself at the deadline
/// ([`ResponseBody`](crate::ResponseBody)).
#[derive(Debug)]
pub(crate) struct Deadline<S> {
    inner: S,
}

impl<S: CallService> Deadline<S> {
    pub(crate) fn new(inner: S) -> Self {
        Self { inner }
    }
}

impl<S: CallService> CallService for Deadline<S> {
    async fn call(&self, call: &mut Call) -> CallResult {
        let deadline = call.headers_deadline;
        if deadline <= Instant::now() {
            return Err(CallError::local(exceeded()));
        }
        // Pinned in place: `timeout_at` would move the whole call into its own future.
        let (result, expired) = (pin!(self.inner.call(call)), pin!(sleep_until(deadline)));
        let result = match select(result, expired).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => return Err(CallError::local(exceeded())),
        };
        // Many servers report CANCELLED when the deadline passes, and may be the first to notice.
        match result {
            Ok(response) if response.is_cancelled() && deadline <= Instant::now() => {
                Err(CallError::local(exceeded()))
            }
            result => result,
        }
    }
}

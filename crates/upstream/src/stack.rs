//! The layers of a call, and their order.

use std::sync::Arc;

use crate::{
    balance::Balance, deadline::Deadline, hedge::Hedge, pool::Pool, retry::Retry,
    service_breaker::ServiceBreaker,
};

/// The client stack, from the outside in.
pub(crate) type Stack = Deadline<Retry<Hedge<ServiceBreaker<Balance>>>>;

/// Builds the stack, from the inside out.
pub(crate) fn stack(pool: &Arc<Pool>) -> Stack {
    // One attempt at the better of two connected endpoints, unless their own breakers eject them.
    let balance = Balance::new(Arc::clone(pool));
    // Rejects calls while every endpoint fails.
    let service_breaker = ServiceBreaker::new(pool, balance);
    // Sends a slow read to a second endpoint, if the settings name its method.
    let hedge = Hedge::new(pool.upstream(), service_breaker);
    // Retries failed calls that may be repeated, within a budget.
    let retry = Retry::new(pool.upstream(), hedge);
    // Ends the call, retries included, at its deadline.
    Deadline::new(retry)
}

//! The breaker of a service as a whole.

use std::sync::Arc;

use breaker::{Breaker, Rejected};
use rpc::status::upstream_open;

use super::{
    answer::{Answer, Failure},
    balance::Pool,
    call::Call,
    stack::Calls,
};

/// Answers at once while every endpoint is bad.
///
/// Each attempt carries the breaker's permit along, and tells it how it ended: a failure counts only
/// while [no endpoint is healthy](super::balance::Lane::has_healthy_endpoint); else the balancer has
/// somewhere to go.
#[derive(Debug)]
pub(super) struct Guard<C> {
    inner: C,
    upstream: &'static str,
    breaker: Breaker,
}

impl<C: Calls> Guard<C> {
    pub(super) fn over(pool: &Arc<Pool>, inner: C) -> Self {
        Self { inner, upstream: pool.upstream(), breaker: pool.breaker().clone() }
    }
}

impl<C: Calls> Calls for Guard<C> {
    async fn call(&self, call: &mut Call) -> Result<Answer, Failure> {
        match self.breaker.admit() {
            Ok(permit) => call.permit = Some(permit),
            Err(rejected) => {
                let wait = match rejected {
                    Rejected::Open { retry_after } => Some(retry_after),
                    Rejected::TooManyProbes => None,
                };
                return Err(Failure::ours(upstream_open(self.upstream, wait)));
            }
        }
        self.inner.call(call).await
    }
}

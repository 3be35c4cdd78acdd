//! The circuit breaker of a service as a whole.

use std::sync::Arc;

use breaker::{Breaker, Rejected};
use rpc::status::upstream_open;

use crate::{
    call::{Call, CallError},
    call_service::CallService,
    pool::Pool,
    response::CallResult,
};

/// Rejects calls while every endpoint fails.
///
/// Each attempt records its outcome with the permit in the call. A failure counts only while
/// [no endpoint is healthy](crate::pool::Lane::has_healthy_endpoint); otherwise the balancer can
/// choose another endpoint.
#[derive(Debug)]
pub(crate) struct ServiceBreaker<S> {
    inner: S,
    upstream: &'static str,
    breaker: Breaker,
}

impl<S: CallService> ServiceBreaker<S> {
    pub(crate) fn new(pool: &Arc<Pool>, inner: S) -> Self {
        Self { inner, upstream: pool.upstream(), breaker: pool.service_breaker().clone() }
    }
}

impl<S: CallService> CallService for ServiceBreaker<S> {
    async fn call(&self, call: &mut Call) -> CallResult {
        match self.breaker.admit() {
            Ok(permit) => call.service_permit = Some(permit),
            Err(rejected) => {
                let retry_after = match rejected {
                    Rejected::Open { retry_after } => Some(retry_after),
                    Rejected::TooManyProbes => None,
                };
                return Err(CallError::local(upstream_open(self.upstream, retry_after)));
            }
        }
        self.inner.call(call).await
    }
}

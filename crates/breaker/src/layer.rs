//! A breaker in front of a tower service.

use crate::{breaker::Breaker, classify::Classify};
use futures::future::BoxFuture;
use std::task::{Context, Poll};
use tower::{BoxError, Layer, Service};

/// Puts a breaker in front of services. All that it wraps share the one breaker.
#[derive(Debug, Clone)]
pub struct BreakerLayer<C> {
    breaker: Breaker,
    classify: C,
}

impl<C> BreakerLayer<C> {
    /// Guards with `breaker`, which learns from what `classify` says of the answers.
    pub fn new(breaker: Breaker, classify: C) -> Self {
        Self { breaker, classify }
    }
}

impl<S, C: Clone> Layer<S> for BreakerLayer<C> {
    type Service = Guarded<S, C>;

    fn layer(&self, inner: S) -> Self::Service {
        Guarded { inner, breaker: self.breaker.clone(), classify: self.classify.clone() }
    }
}

/// A service with a breaker in front. A call that may not pass fails with
/// [`Rejected`](crate::Rejected), and the inner service does not hear of it.
#[derive(Debug, Clone)]
pub struct Guarded<S, C> {
    inner: S,
    breaker: Breaker,
    classify: C,
}

impl<S, C, Req> Service<Req> for Guarded<S, C>
where
    S: Service<Req, Error: Into<BoxError>, Future: Send + 'static>,
    C: Classify<S::Response, S::Error> + Clone + Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<S::Response, BoxError>>;

    // An error here would mean "discard this service": an open breaker answers in `call`.
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, req: Req) -> Self::Future {
        let permit = match self.breaker.admit() {
            Ok(permit) => permit, // dropped unrecorded, it counts as ignored
            Err(rejected) => return Box::pin(async move { Err(rejected.into()) }),
        };
        let response = self.inner.call(req);
        let classify = self.classify.clone();
        Box::pin(async move {
            let answer = response.await;
            classify.settle(answer, permit).map_err(Into::into)
        })
    }
}

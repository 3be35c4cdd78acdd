//! Calls to a service, wherever its endpoints are.

use std::{
    error::Error as _,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use breaker::Outcome;
use discovery::Target;
use futures::future::BoxFuture;
use http::{Request, Response};
use tokio::time::{Instant, timeout_at};
use tonic::{Code, Status, body::Body};
use tower::{Service, ServiceExt as _};

use super::{endpoint::Endpoint, pick::pick};
use crate::{
    deadline::{DeadlineBody, GRPC_TIMEOUT, exceeded, header_of, timeout_of},
    status::upstream_unavailable,
};

/// How long headers may take where a call has no deadline of its own, as streams do.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);

/// A service that is called over gRPC. Cheap to clone; clones share connections.
#[derive(Debug, Clone)]
pub struct Upstream {
    name: &'static str,
    endpoints: Arc<[Endpoint]>,
    turn: Arc<AtomicUsize>,
    deadline: Option<Duration>,
}

impl Upstream {
    /// The service `name`, at the endpoints of `target`. Connects when it is first called. Call it
    /// inside the runtime that shall carry the connections.
    pub fn new(name: &'static str, target: &Target) -> Self {
        let endpoints = target.endpoints().iter().map(|at| Endpoint::new(at)).collect();
        Self { name, endpoints, turn: Arc::default(), deadline: None }
    }

    /// The same upstream, for calls that take no longer than `deadline` to the end of their answer.
    /// A shorter `grpc-timeout` of the call itself is kept.
    #[must_use]
    pub fn deadline(&self, deadline: Duration) -> Self {
        Self { deadline: Some(deadline), ..self.clone() }
    }
}

impl Service<Request<Body>> for Upstream {
    type Response = Response<Body>;
    type Error = Status;
    type Future = BoxFuture<'static, Result<Response<Body>, Status>>;

    // Whether an endpoint can take the call is part of the call, under its deadline.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let asked = timeout_of(request.headers());
        let timeout = asked.into_iter().chain(self.deadline).min();
        let now = Instant::now();
        if let Some(timeout) = timeout {
            request.headers_mut().insert(GRPC_TIMEOUT, header_of(timeout));
        }
        let deadline = timeout.map(|timeout| now + timeout);
        let headers_by = deadline.unwrap_or(now + HEADERS_WITHIN);
        let name = self.name;
        let endpoint = pick(&self.endpoints, self.turn.fetch_add(1, Ordering::Relaxed));
        let (channel, under_way) = (endpoint.channel.clone(), endpoint.enter());
        // An endpoint that was picked although its breaker is open is asked without a permit.
        let permit = endpoint.breaker.admit().ok();
        Box::pin(async move {
            let answer = match timeout_at(headers_by, channel.oneshot(request)).await {
                Ok(answer) => answer.map_err(|error| failed(name, &error)),
                Err(_) => Err(exceeded()),
            };
            drop(under_way);
            if let Some(permit) = permit {
                permit.record(judge(&answer));
            }
            Ok(answer?.map(|body| Body::new(DeadlineBody::new(body, deadline))))
        })
    }
}

/// What an answer's headers say about the endpoint: whether it works, not whether the caller is
/// pleased.
fn judge(answer: &Result<Response<Body>, Status>) -> Outcome {
    let status = match answer {
        Ok(response) => Status::from_header_map(response.headers()).map(|status| status.code()),
        Err(status) => Some(status.code()),
    };
    match status {
        Some(Code::Unavailable | Code::Internal | Code::Unknown | Code::DataLoss) => {
            Outcome::Failure
        }
        // Our own refusals, and callers who gave too little time, say nothing about it.
        Some(Code::ResourceExhausted) if answer.is_err() => Outcome::Ignored,
        Some(Code::ResourceExhausted) => Outcome::Overloaded,
        Some(Code::Cancelled | Code::DeadlineExceeded) => Outcome::Ignored,
        _ => Outcome::Success,
    }
}

/// What a failed transport means. The channel races us to the deadline; a status that our own side
/// put into the request's body (a message too large) is the answer; all else is the upstream's fault.
fn failed(name: &'static str, error: &tonic::transport::Error) -> Status {
    let mut cause = error.source();
    while let Some(source) = cause {
        if source.is::<tonic::TimeoutExpired>() {
            return exceeded();
        }
        if let Some(status) = source.downcast_ref::<Status>()
            && status.code() == Code::ResourceExhausted
        {
            return status.clone();
        }
        cause = source.source();
    }
    tracing::warn!(upstream = name, error = error as &dyn std::error::Error, "upstream failed");
    upstream_unavailable(name)
}

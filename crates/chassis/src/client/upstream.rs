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

use discovery::Target;
use futures::future::BoxFuture;
use http::{Request, Response};
use tokio::time::{Instant, timeout_at};
use tonic::{Code, Status, body::Body, transport::Channel};
use tower::{Service, ServiceExt as _};

use super::endpoint::connect_lazily;
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
    channels: Arc<[Channel]>,
    next: Arc<AtomicUsize>,
    deadline: Option<Duration>,
}

impl Upstream {
    /// The service `name`, at the endpoints of `target`. Connects when it is first called. Call it
    /// inside the runtime that shall carry the connections.
    pub fn new(name: &'static str, target: &Target) -> Self {
        let channels = target.endpoints().iter().map(|at| connect_lazily(at)).collect();
        Self { name, channels, next: Arc::default(), deadline: None }
    }

    /// The same upstream, for calls that take no longer than `deadline` to the end of their answer.
    /// A shorter `grpc-timeout` of the call itself is kept.
    #[must_use]
    pub fn deadline(&self, deadline: Duration) -> Self {
        Self { deadline: Some(deadline), ..self.clone() }
    }

    fn channel(&self) -> Channel {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        self.channels[turn % self.channels.len()].clone()
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
        let (name, channel) = (self.name, self.channel());
        Box::pin(async move {
            let response = timeout_at(headers_by, channel.oneshot(request)).await;
            let response = response.map_err(|_| exceeded())?;
            let response = response.map_err(|error| failed(name, &error))?;
            Ok(response.map(|body| Body::new(DeadlineBody::new(body, deadline))))
        })
    }
}

/// What a failed transport means. A status that our own side put into the request's body (a message
/// too large) is the answer; all else is the upstream's fault.
fn failed(name: &'static str, error: &tonic::transport::Error) -> Status {
    let mut cause = error.source();
    while let Some(source) = cause {
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

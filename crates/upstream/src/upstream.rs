//! Calls to another service.

use std::{
    fmt,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use discovery::Endpoints;
use futures::future::BoxFuture;
use http::{Request, Response};
use rpc::deadline::{inherited, timeout_of};
use tokio::{sync::watch, time::Instant};
use tonic::{Status, body::Body};
use tower::Service;

use crate::{
    ResponseBody, Settings, UpstreamEvent, UpstreamReport,
    call::{Call, RequestBody},
    call_service::CallService as _,
    counters, gauges,
    pool::{Connections, Pool},
    report,
    response::CallResult,
    stack::{Stack, stack},
};

/// A client of a gRPC service. Cheap to clone; clones share connections, which are closed with the
/// last clone.
#[derive(Clone)]
pub struct Upstream {
    shared: Arc<Shared>,
    limit: Option<Duration>,
}

struct Shared {
    pool: Arc<Pool>,
    stack: Stack,
}

impl Upstream {
    /// A client of the service `name` with default settings. Connects at once, on the current runtime,
    /// which drives the shared connections.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn new(name: &'static str, endpoints: Endpoints) -> Self {
        Self::with(name, endpoints, Settings::default())
    }

    /// As [`Upstream::new`], with these settings.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn with(name: &'static str, endpoints: Endpoints, settings: Settings) -> Self {
        let pool = Pool::start(name, endpoints, settings);
        counters::start(name);
        gauges::register();
        report::register(&pool);
        let stack = stack(&pool);
        Self { shared: Arc::new(Shared { pool, stack }), limit: None }
    }

    /// The state of the service's endpoints and breakers.
    #[must_use]
    pub fn report(&self) -> UpstreamReport {
        UpstreamReport::of(&self.shared.pool)
    }

    /// The latest changes of the endpoints and their breakers, oldest first.
    #[must_use]
    pub fn events(&self) -> Vec<UpstreamEvent> {
        self.shared.pool.events().list()
    }

    /// The number of [`events`](Self::events) so far.
    #[must_use]
    pub fn event_count(&self) -> u64 {
        self.shared.pool.events().total()
    }

    /// A receiver that is notified when endpoints or their connections change.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<()> {
        self.shared.pool.changes()
    }

    /// The shared connections to the endpoint with this id.
    pub(crate) fn connections_to(&self, id: &str) -> Option<Arc<Connections>> {
        self.shared.pool.connections_to(id)
    }

    /// The same client with a timeout of `limit` to the end of each response. An earlier deadline, from
    /// a request's `grpc-timeout` or inherited from the call that is being served, takes precedence.
    #[must_use]
    pub fn deadline(&self, limit: Duration) -> Self {
        Self { limit: Some(limit), ..self.clone() }
    }

    /// Makes one call. Unlike the [`Service`], this allocates nothing for the future, nor for a whole
    /// response (unary, at most 256 KiB).
    ///
    /// # Errors
    /// There is no response: the service cannot be reached, the deadline passed, or the request's body
    /// failed. A status from the service is not an error, but in the response.
    pub async fn send(&self, request: Request<Body>) -> Result<Response<ResponseBody>, Status> {
        let mut call = self.begin(request);
        finish(self.shared.stack.call(&mut call).await, &mut call)
    }

    /// As [`Upstream::send`], for a request body in memory: a message with its five-byte gRPC prefix.
    ///
    /// # Errors
    /// As [`Upstream::send`].
    pub async fn unary(&self, request: Request<Bytes>) -> Result<Response<ResponseBody>, Status> {
        let mut call = self.begin(request);
        finish(self.shared.stack.call(&mut call).await, &mut call)
    }

    fn begin(&self, request: Request<impl Into<RequestBody>>) -> Call {
        let now = Instant::now();
        let own = timeout_of(request.headers()).ok().flatten().into_iter().chain(self.limit);
        let deadline = own.map(|timeout| now + timeout).chain(inherited()).min();
        let pool = &self.shared.pool;
        let Settings { methods, hedge, .. } = pool.settings();
        let path = request.uri().path();
        let (method, hedged) = (methods.get(path), hedge.contains(&path));
        let mut call = Call::new(request, pool.upstream(), method, deadline, now);
        call.hedged = hedged;
        call
    }
}

impl Service<Request<Body>> for Upstream {
    type Response = Response<Body>;
    type Error = Status;
    type Future = BoxFuture<'static, Result<Response<Body>, Status>>;

    // Always ready: waiting for an endpoint is part of the call, under its deadline.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let mut call = self.begin(request);
        let shared = Arc::clone(&self.shared);
        Box::pin(async move {
            let result = shared.stack.call(&mut call).await;
            finish(result, &mut call).map(|response| response.map(Body::new))
        })
    }
}

/// Records the end of the call, or leaves it to the response's body.
fn finish(result: CallResult, call: &mut Call) -> Result<Response<ResponseBody>, Status> {
    let telemetry = call.telemetry.take();
    match result {
        Ok(response) => Ok(response.into_http(telemetry)),
        Err(error) => {
            if let Some(telemetry) = telemetry {
                telemetry.fail(error.status.code().into());
            }
            Err(error.status)
        }
    }
}

impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, limit) = (self.shared.pool.upstream(), self.limit);
        f.debug_struct("Upstream").field("name", &name).field("limit", &limit).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::mem::size_of_val;

    use tonic::Code;

    use super::*;

    /// A call's state is allocated and moved with each call. Beyond about this size, in bytes, that
    /// dominates its cost.
    const MAX_SIZE: usize = 2_300;

    #[tokio::test]
    async fn a_call_holds_little_memory() {
        let upstream = Upstream::new("test", Endpoints::fixed([]));
        let request = Request::new(Body::empty());
        let mut call = Call::new(request, "test", Default::default(), None, Instant::now());
        let result = upstream.shared.stack.call(&mut call);
        let size = size_of_val(&result) + size_of::<Call>();
        let error = result.await.expect_err("there is no endpoint");
        assert_eq!(error.status.code(), Code::Unavailable);
        assert!(size <= MAX_SIZE, "{size} bytes");
    }
}

//! Calls to a service, wherever its endpoints are.

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
use tokio::time::Instant;
use tonic::{Status, body::Body};
use tower::Service;

use super::{
    ResponseBody, Settings, UpstreamReport,
    answer::{Answer, Failure},
    balance::Pool,
    call::Call,
    outgoing::Outgoing,
    report,
    stack::{Calls as _, Stack, stack},
};

/// A service that is called over gRPC. Cheap to clone; clones share connections, which end with the
/// last of them.
#[derive(Clone)]
pub struct Upstream {
    shared: Arc<Shared>,
    limit: Option<Duration>,
}

/// What all clones share.
struct Shared {
    pool: Arc<Pool>,
    stack: Stack,
}

impl Upstream {
    /// The service `name`, at these endpoints. Connects at once, on the runtime this is called on,
    /// which carries the connections.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn new(name: &'static str, endpoints: Endpoints) -> Self {
        Self::with(name, endpoints, Settings::default())
    }

    /// As [`Upstream::new`], with settings of one's own.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn with(name: &'static str, endpoints: Endpoints, settings: Settings) -> Self {
        let pool = Pool::start(name, endpoints, settings);
        report::register(&pool);
        let stack = stack(&pool);
        Self { shared: Arc::new(Shared { pool, stack }), limit: None }
    }

    /// How the service looks from here.
    #[must_use]
    pub fn report(&self) -> UpstreamReport {
        report::of(&self.shared.pool)
    }

    /// The same upstream, for calls that take no longer than `limit` to the end of their answer. A
    /// shorter `grpc-timeout` of the call itself is kept, and so is a nearer deadline of the call
    /// that this one is made for.
    #[must_use]
    pub fn deadline(&self, limit: Duration) -> Self {
        Self { limit: Some(limit), ..self.clone() }
    }

    /// Makes one call. Unlike the [`Service`], it allocates nothing for the future or for a response
    /// that is whole, which a unary one of up to 256 KiB is.
    ///
    /// # Errors
    /// There is no response: the service cannot be reached, the time is up, or the request's body
    /// failed. A status that the service answered with is in the response.
    pub async fn send(&self, request: Request<Body>) -> Result<Response<ResponseBody>, Status> {
        let mut call = self.begin(request);
        finish(self.shared.stack.call(&mut call).await, &mut call)
    }

    /// As [`Upstream::send`], for a request whose body is in memory: a message with its five bytes of
    /// gRPC framing.
    ///
    /// # Errors
    /// As [`Upstream::send`].
    pub async fn unary(&self, request: Request<Bytes>) -> Result<Response<ResponseBody>, Status> {
        let mut call = self.begin(request);
        finish(self.shared.stack.call(&mut call).await, &mut call)
    }

    fn begin(&self, request: Request<impl Into<Outgoing>>) -> Call {
        let now = Instant::now();
        let own = timeout_of(request.headers()).into_iter().chain(self.limit);
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

    // Whether an endpoint can take the call is part of the call, under its deadline.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let mut call = self.begin(request);
        let shared = Arc::clone(&self.shared);
        Box::pin(async move {
            let answer = shared.stack.call(&mut call).await;
            finish(answer, &mut call).map(|response| response.map(Body::new))
        })
    }
}

/// Reports how the call ended, or lets its body do so.
fn finish(
    answer: Result<Answer, Failure>,
    call: &mut Call,
) -> Result<Response<ResponseBody>, Status> {
    let seen = call.seen.take();
    match answer {
        Ok(answer) => Ok(answer.into_response(seen)),
        Err(failure) => {
            if let Some(seen) = seen {
                seen.fail(failure.status.code().into());
            }
            Err(failure.status)
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

    /// What a call holds while it is under way is allocated, and moved, with each of them: beyond
    /// about this, that is what it costs most.
    const ROOM: usize = 2_300;

    #[tokio::test]
    async fn a_call_carries_no_more_than_it_needs() {
        let upstream = Upstream::new("test", Endpoints::fixed([]));
        let request = Request::new(Body::empty());
        let mut call = Call::new(request, "test", Default::default(), None, Instant::now());
        let answer = upstream.shared.stack.call(&mut call);
        let held = size_of_val(&answer) + size_of::<Call>();
        let failure = answer.await.expect_err("there is no endpoint");
        assert_eq!(failure.status.code(), Code::Unavailable);
        assert!(held <= ROOM, "{held} bytes");
    }
}

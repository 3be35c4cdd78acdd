//! Load shedding: calls beyond an adaptive concurrency limit are refused immediately, so that admitted
//! calls are answered in time.
//!
//! A call counts from the moment it has been read from its connection, queueing included: there is no other
//! queue, and the limit bounds it. Reads and writes have a limit each, so that writes that
//! queue for a row or a disk do not refuse reads. Streams have a limit of their own; health checks and reflection
//! are never refused.

mod adaptive;
mod limiter;
mod refusal;

pub(crate) use crate::methods::Method;
pub(crate) use limiter::{Limiter, Permit};
pub use refusal::{Refuse, grpc as refuse_grpc, overloaded};

use std::{num::NonZeroUsize, sync::Arc};

use http::{HeaderMap, Request, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    methods::{Kind, Methods},
    metrics,
};

/// Limits on concurrent calls and streams.
#[derive(Debug, Clone, Copy, clap::Args, serde::Serialize)]
pub struct OverloadArgs {
    /// Concurrent reads, and likewise writes, that are never refused. The limit of each moves between
    /// this and --max-calls: down when calls slow each other down, up when they do not.
    #[arg(long, env = "MIN_CALLS", value_name = "N", default_value = "100")]
    pub min_calls: NonZeroUsize,

    /// Maximum concurrent reads, and likewise writes.
    #[arg(long, env = "MAX_CALLS", value_name = "N", default_value = "2000")]
    pub max_calls: NonZeroUsize,

    /// Maximum open streams: watches, lists, exports, imports.
    #[arg(long, env = "MAX_OPEN_STREAMS", value_name = "N", default_value_t = 10_000)]
    pub max_open_streams: usize,
}

impl Default for OverloadArgs {
    fn default() -> Self {
        let count = |count| NonZeroUsize::new(count).expect("is not zero");
        Self { min_calls: count(100), max_calls: count(2_000), max_open_streams: 10_000 }
    }
}

/// Admission control of every request of a server.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    methods: Methods,
    reads: Arc<Limiter>,
    writes: Arc<Limiter>,
    streams: Arc<Semaphore>,
    refuse: Refuse,
}

/// The slot a request holds while it is served.
#[derive(Debug)]
pub(crate) enum Admission {
    /// None: never refused.
    Free,
    /// Among the calls under way.
    Call(Permit),
    /// Among the open streams.
    Stream(OwnedSemaphorePermit),
}

impl Gate {
    pub(crate) fn new(methods: Methods, args: &OverloadArgs, refuse: Refuse) -> Self {
        let limiter = || Arc::new(Limiter::new(args, methods.count()));
        let (reads, writes) = (limiter(), limiter());
        limiter::watch(&reads, &writes);
        let streams = Arc::new(Semaphore::new(args.max_open_streams.min(Semaphore::MAX_PERMITS)));
        Self { methods, reads, writes, streams, refuse }
    }

    /// Admits a request.
    ///
    /// # Errors
    /// The response that refuses it.
    pub(crate) fn enter<B>(
        &self,
        request: &Request<B>,
    ) -> Result<(Method, Admission), Box<Response<axum::body::Body>>> {
        let path = request.uri().path();
        let method = self.methods.find(path);
        if path.starts_with("/grpc.") {
            return Ok((method, Admission::Free));
        }
        let pass = if method.kind == Kind::Unary {
            let is_read = method.contract.has_no_side_effects() || request.method().is_safe();
            let limiter = if is_read { &self.reads } else { &self.writes };
            let permit = limiter.clone().admit(method.number);
            permit.map(Admission::Call).ok_or(metrics::OVERLOAD)
        } else {
            let slot = self.streams.clone().try_acquire_owned();
            slot.map(Admission::Stream).map_err(|_| metrics::STREAMS)
        };
        match pass {
            Ok(pass) => Ok((method, pass)),
            Err(what) => Err(self.refused(what, request.headers())),
        }
    }

    fn refused(&self, what: &'static str, headers: &HeaderMap) -> Box<Response<axum::body::Body>> {
        metrics::refused(what);
        Box::new((self.refuse)(headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_that_fill_their_limit_refuse_no_reads() {
        let one = NonZeroUsize::MIN;
        let args = OverloadArgs { min_calls: one, max_calls: one, max_open_streams: 1 };
        let gate = Gate::new(Methods::default(), &args, refuse_grpc);
        let request = |method| Request::builder().method(method).uri("/v1/products").body(());
        let enter = |method| gate.enter(&request(method).unwrap()).ok();
        let write = enter(http::Method::POST).expect("the first write");
        assert!(enter(http::Method::POST).is_none());
        let read = enter(http::Method::GET).expect("a read beside it");
        assert!(enter(http::Method::GET).is_none());
        drop((write, read));
        assert!(enter(http::Method::POST).is_some());
    }
}

//! Load shedding: calls beyond an adaptive concurrency limit are refused immediately, so that admitted
//! calls are answered in time.
//!
//! A call counts from the moment it has been read whole from its connection, queueing included: there is no
//! other queue, and the limit bounds it. Reads and writes have a limit each, so that writes that
//! queue for a row or a disk do not refuse reads. Streams have a limit of their own; health checks and reflection
//! are never refused.

mod adaptive;
mod limiter;
mod refusal;

pub(crate) use limiter::{Limiter, Permit};
pub use refusal::{Refusal, Refuse, grpc as refuse_grpc};

use std::{num::NonZeroUsize, sync::Arc};

use http::{Request, Response};

use crate::{
    methods::{Method, Methods},
    metrics,
    peers::PeerUsage,
    quota::{Quota, Taken},
};

/// Limits on concurrent calls and streams.
#[derive(Debug, Clone, Copy, clap::Args, serde::Serialize)]
pub struct OverloadArgs {
    /// Concurrent writes that are never refused. The limit moves between this and --max-calls: down when
    /// calls slow each other down, up when they do not.
    #[arg(long, env = "MIN_CALLS", value_name = "N", default_value = "100")]
    pub min_calls: NonZeroUsize,

    /// Concurrent reads that are never refused. Their limit moves between this and --max-calls, like that of
    /// writes. Fewer: a read mostly waits for a processor, a write for a disk.
    #[arg(long, env = "MIN_READS", value_name = "N", default_value = "64")]
    pub min_reads: NonZeroUsize,

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
        Self {
            min_calls: count(100),
            min_reads: count(64),
            max_calls: count(2_000),
            max_open_streams: 10_000,
        }
    }
}

/// Admission control of every request of a server.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    methods: Methods,
    reads: Arc<Limiter>,
    writes: Arc<Limiter>,
    streams: Arc<Quota>,
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
    Stream(StreamSlot),
}

/// A place among the open streams, of all and of its peer; released when dropped.
#[derive(Debug)]
pub(crate) struct StreamSlot {
    _places: [Taken; 2],
}

impl Gate {
    pub(crate) fn new(methods: Methods, args: &OverloadArgs, refuse: Refuse) -> Self {
        let limiter = |min| Arc::new(Limiter::new(min, args.max_calls, methods.groups()));
        let (reads, writes) = (limiter(args.min_reads), limiter(args.min_calls));
        limiter::watch(&reads, &writes);
        let streams = Quota::new(args.max_open_streams);
        Self { methods, reads, writes, streams, refuse }
    }

    /// The method of a request with this path.
    pub(crate) fn method(&self, path: &str) -> Method {
        self.methods.find(path)
    }

    /// Admits a request of a peer. Its body is whole if `method` takes one message.
    ///
    /// # Errors
    /// The reason for which it must be refused.
    pub(crate) fn enter<B>(
        &self,
        method: &Method,
        request: &Request<B>,
        peer: &Arc<PeerUsage>,
    ) -> Result<Admission, Refusal> {
        if request.uri().path().starts_with("/grpc.") {
            return Ok(Admission::Free);
        }
        if method.is_call(request.method()) {
            let is_read = method.contract.has_no_side_effects() || request.method().is_safe();
            let limiter = if is_read { &self.reads } else { &self.writes };
            let group = self.methods.group(method, request.uri().path());
            let permit = limiter.clone().admit(group);
            return permit.map(Admission::Call).ok_or(Refusal::Calls);
        }
        let of_peer = peer.streams.take(1).ok_or(Refusal::PeerLimit)?;
        let of_all = self.streams.take(1).ok_or(Refusal::Streams)?;
        Ok(Admission::Stream(StreamSlot { _places: [of_peer, of_all] }))
    }

    /// The response to a refused request.
    pub(crate) fn refuse<B>(
        &self,
        refusal: Refusal,
        request: &Request<B>,
    ) -> Response<axum::body::Body> {
        metrics::refused(refusal.what());
        (self.refuse)(request.uri(), request.headers(), refusal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peers::{Peers, Totals};

    #[test]
    fn writes_that_fill_their_limit_refuse_no_reads() {
        let one = NonZeroUsize::MIN;
        let args =
            OverloadArgs { min_calls: one, min_reads: one, max_calls: one, max_open_streams: 1 };
        let gate = Gate::new(Methods::default(), &args, refuse_grpc);
        let request = |method| Request::builder().method(method).uri("/v1/products").body(());
        let totals = Totals { connections: 1, streams: 1, bodies: 1, buffered: 1 };
        let peer = Peers::new(totals, 0).connect([192, 0, 2, 1].into()).unwrap().usage();
        let enter = |verb| {
            let request: Request<()> = request(verb).unwrap();
            gate.enter(&gate.method(request.uri().path()), &request, &peer).ok()
        };
        let write = enter(http::Method::POST).expect("the first write");
        assert!(enter(http::Method::POST).is_none());
        let read = enter(http::Method::GET).expect("a read beside it");
        assert!(enter(http::Method::GET).is_none());
        drop((write, read));
        assert!(enter(http::Method::POST).is_some());
    }
}

//! Where a connection's requests come in.

use std::{convert::Infallible, net::SocketAddr, pin::Pin};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, Response, body::Incoming};
use tokio::time::Instant;
use tower::Service as _;

use super::{
    connection::Shared,
    lifetime::Lifetime,
    stream::{Patience, Read, Streams},
};
use crate::deadline::timeout_of;

/// The service of one connection: tells handlers who asks, and the connection how long its readers
/// may keep it waiting.
pub(super) struct Entry {
    app: Router,
    peer: SocketAddr,
    lifetime: Lifetime,
    streams: Streams,
    stall: std::time::Duration,
}

impl Entry {
    pub(super) fn new(
        shared: &Shared,
        peer: SocketAddr,
        lifetime: Lifetime,
        streams: Streams,
    ) -> Self {
        Self { app: shared.app.clone(), peer, lifetime, streams, stall: shared.args.stall() }
    }
}

type Answer = Response<Read<Body>>;

impl hyper::service::Service<Request<Incoming>> for Entry {
    type Response = Answer;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let timeout = timeout_of(request.headers());
        let patience = Patience::new(self.stall, timeout.map(|timeout| Instant::now() + timeout));
        self.streams.next(patience.clone(), false);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(self.peer));
        request.extensions_mut().insert(self.lifetime.clone());
        let mut app = self.app.clone();
        Box::pin(async move {
            let Ok(response) = app.call(request).await;
            Ok(response.map(|body| Read::new(body, patience)))
        })
    }
}

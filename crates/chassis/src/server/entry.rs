//! Where a connection's requests come in.

use std::{convert::Infallible, future::ready, pin::Pin, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, Response, body::Incoming};
use tokio::time::Instant;
use tower::Service as _;

use super::{
    connection::{Shared, Who},
    lifetime::Lifetime,
    stream::{Patience, Read, Streams},
};
use crate::{
    deadline::timeout_of,
    overload::{Gate, Pass},
};

/// The service of one connection: refuses what there is no room for, tells handlers who asks, and
/// the connection how long its readers may keep it waiting.
pub(super) struct Entry {
    app: Router,
    gate: Gate,
    who: Who,
    lifetime: Lifetime,
    streams: Streams,
    stall: Duration,
}

impl Entry {
    pub(super) fn new(shared: &Shared, who: Who, lifetime: Lifetime, streams: Streams) -> Self {
        let (app, gate, stall) = (shared.app.clone(), shared.gate.clone(), shared.args.stall());
        Self { app, gate, who, lifetime, streams, stall }
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
        let pass = match self.gate.enter(&request) {
            Ok(pass) => pass,
            Err(refusal) => {
                self.streams.next(patience.clone(), true);
                return Box::pin(ready(Ok(refusal.map(|body| Read::new(body, patience, None)))));
            }
        };
        self.streams.next(patience.clone(), matches!(pass, Pass::Free));
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(self.who.peer));
        if let Some(identity) = &self.who.identity {
            request.extensions_mut().insert(identity.clone());
        }
        request.extensions_mut().insert(self.lifetime.clone());
        let mut app = self.app.clone();
        Box::pin(async move {
            let Ok(response) = app.call(request).await;
            let slot = match pass {
                Pass::Free => None,
                Pass::Call(permit) => {
                    permit.answered(&response);
                    None
                }
                Pass::Stream(slot) => Some(slot),
            };
            Ok(response.map(|body| Read::new(body, patience, slot)))
        })
    }
}

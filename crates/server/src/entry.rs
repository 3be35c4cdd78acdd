//! Where requests come in, whatever protocol they came by.

use std::{convert::Infallible, pin::Pin, sync::Arc};

use axum::{body::Body, extract::ConnectInfo};
use hyper::{Request, Response, body::Incoming};
use tokio::sync::OwnedSemaphorePermit;
use tower::Service as _;

use super::{
    connection::{Peer, Shared},
    lifetime::Lifetime,
};
use crate::overload::Pass;

/// The service of one connection: lets requests in or refuses them, and hands them to the router.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) shared: Arc<Shared>,
    pub(super) peer: Peer,
    lifetime: Lifetime,
}

/// A response of the router, and what it holds until it has been sent.
pub(super) struct Served {
    pub(super) response: Response<Body>,
    /// A place among the open streams.
    pub(super) slot: Option<OwnedSemaphorePermit>,
}

impl Entry {
    pub(super) fn new(shared: Arc<Shared>, peer: Peer, lifetime: Lifetime) -> Self {
        Self { shared, peer, lifetime }
    }

    /// Has the router serve a request that was let in.
    pub(super) fn route(
        &self,
        mut request: Request<Body>,
        pass: Pass,
    ) -> impl Future<Output = Served> + Send + use<> {
        let extensions = request.extensions_mut();
        extensions.insert(ConnectInfo(self.peer.addr));
        if let Some(identity) = &self.peer.identity {
            extensions.insert(identity.clone());
        }
        extensions.insert(self.lifetime.clone());
        let mut app = self.shared.app.clone();
        async move {
            let Ok(response) = app.call(request).await;
            let slot = match pass {
                Pass::Free => None,
                Pass::Call(permit) => {
                    permit.answered(&response);
                    None
                }
                Pass::Stream(slot) => Some(slot),
            };
            Served { response, slot }
        }
    }
}

/// HTTP/1, which hyper speaks.
impl hyper::service::Service<Request<Incoming>> for Entry {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let pass = match self.shared.gate.enter(&request) {
            Ok((_, pass)) => pass,
            Err(refusal) => return Box::pin(std::future::ready(Ok(*refusal))),
        };
        let served = self.route(request.map(Body::new), pass);
        Box::pin(async move {
            let Served { response, slot } = served.await;
            Ok(match slot {
                None => response,
                Some(slot) => response.map(|body| Body::new(super::held::Held::new(body, slot))),
            })
        })
    }
}

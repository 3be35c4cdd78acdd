//! The service of one connection: admission, then the router.

use std::{convert::Infallible, pin::Pin, sync::Arc};

use axum::{body::Body, extract::ConnectInfo};
use hyper::{Request, Response, body::Incoming};
use tokio::sync::OwnedSemaphorePermit;
use tower::Service as _;

use super::{
    context::{Peer, ServerContext},
    slot_body::SlotBody,
};
use crate::{lifetime::Lifetime, overload::Admission};

/// Admits or refuses the requests of one connection and routes them.
#[derive(Clone)]
pub(super) struct ConnectionService {
    pub(super) context: Arc<ServerContext>,
    pub(super) peer: Peer,
    lifetime: Lifetime,
}

/// A response of the router, and the slot it holds until it has been sent.
pub(super) struct RoutedResponse {
    pub(super) response: Response<Body>,
    /// Among the open streams.
    pub(super) slot: Option<OwnedSemaphorePermit>,
}

impl ConnectionService {
    pub(super) fn new(context: Arc<ServerContext>, peer: Peer, lifetime: Lifetime) -> Self {
        Self { context, peer, lifetime }
    }

    /// Routes an admitted request.
    pub(super) fn route(
        &self,
        mut request: Request<Body>,
        pass: Admission,
    ) -> impl Future<Output = RoutedResponse> + Send + use<> {
        let extensions = request.extensions_mut();
        extensions.insert(ConnectInfo(self.peer.addr));
        if let Some(identity) = &self.peer.identity {
            extensions.insert(identity.clone());
        }
        extensions.insert(self.lifetime.clone());
        let mut app = self.context.app.clone();
        async move {
            let Ok(response) = app.call(request).await;
            let slot = match pass {
                Admission::Free => None,
                Admission::Call(permit) => {
                    permit.answered(&response);
                    None
                }
                Admission::Stream(slot) => Some(slot),
            };
            RoutedResponse { response, slot }
        }
    }
}

/// HTTP/1, by hyper.
impl hyper::service::Service<Request<Incoming>> for ConnectionService {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let pass = match self.context.gate.enter(&request) {
            Ok((_, pass)) => pass,
            Err(refusal) => return Box::pin(std::future::ready(Ok(*refusal))),
        };
        let served = self.route(request.map(Body::new), pass);
        Box::pin(async move {
            let RoutedResponse { response, slot } = served.await;
            Ok(match slot {
                None => response,
                Some(slot) => response.map(|body| Body::new(SlotBody::new(body, slot))),
            })
        })
    }
}

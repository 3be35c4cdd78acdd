//! The service of one connection: admission, then the router.

use std::sync::Arc;

use axum::{body::Body, extract::ConnectInfo};
use http::{HeaderValue, Request, Response, header::CONTENT_TYPE};
use tower::Service as _;

use super::context::{Peer, ServerContext};
use crate::{
    bodies::ConnectionBodies,
    lifetime::Lifetime,
    methods::Method,
    overload::{Admission, StreamSlot},
};

/// Admits or refuses the requests of one connection and routes them.
pub(super) struct ConnectionService {
    pub(super) context: Arc<ServerContext>,
    pub(super) peer: Peer,
    pub(super) bodies: ConnectionBodies,
    pub(super) lifetime: Lifetime,
}

/// A response of the router, and the slot it holds until it has been sent.
pub(super) struct RoutedResponse {
    pub(super) response: Response<Body>,
    /// Among the open streams.
    pub(super) slot: Option<StreamSlot>,
}

impl ConnectionService {
    pub(super) fn new(context: Arc<ServerContext>, peer: Peer, lifetime: Lifetime) -> Self {
        let bodies = context.bodies.of_connection(Arc::clone(&peer.usage));
        Self { context, peer, bodies, lifetime }
    }

    /// Records that the client hung up before its request was whole.
    pub(super) fn record_hang_up<B>(&self, method: &Method, request: &mut Request<B>) {
        request.extensions_mut().insert(ConnectInfo(self.peer.addr));
        let kind = request.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
        let is_grpc = kind.is_some_and(|kind| kind.starts_with(b"application/grpc"));
        let method = is_grpc.then_some(method.contract);
        telemetry::record_hang_up(request, method, &self.context.trust);
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
        extensions.insert(self.peer.origin.clone());
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

//! GetProduct outside of the general stack: a cached product is returned on the task that has read
//! the request.

use std::sync::Arc;

use audit::{Trail, outcome_of};
use prost::Message as _;
use proto::{catalogue::v1::GetProductRequest, message_invalid};
use server::{
    grpc::wait_deadline_at,
    unary::{UnaryHandler, UnaryReply, UnaryRequest, UnaryService},
};
use tonic::Status;

use super::{read, visible::Visible};
use crate::store::Store;

const GET_PRODUCT: &str = "catalogue.v1.CatalogueService/GetProduct";

/// Handler of the methods of `CatalogueService` that bypass the general stack.
pub(crate) struct UnaryReads {
    store: Store,
    trail: Trail,
}

impl UnaryReads {
    pub(crate) fn new(store: &Store, trail: &Trail) -> Self {
        Self { store: store.clone(), trail: trail.clone() }
    }
}

impl UnaryService for UnaryReads {
    fn methods(&self) -> &[&'static str] {
        &["/catalogue.v1.CatalogueService/GetProduct"]
    }

    fn handler(&self) -> Arc<dyn UnaryHandler> {
        Arc::new(Self::new(&self.store, &self.trail))
    }
}

impl UnaryHandler for UnaryReads {
    fn call(&self, request: UnaryRequest<'_>) -> UnaryReply {
        let UnaryRequest { message, headers, deadline, origin, caller, .. } = request;
        let visible = Visible::to(&caller);
        let request = match GetProductRequest::decode(message) {
            Ok(request) => request,
            Err(undecodable) => return UnaryReply::Ready(Err(message_invalid(undecodable))),
        };
        if let Err(error) = read::check_scope(&request, &caller) {
            let status = Status::from(error);
            let reason = outcome_of(&status);
            let client = self.trail.client(headers, origin);
            self.trail.denied(GET_PRODUCT, &caller, headers, client, &reason);
            return UnaryReply::Ready(Err(status));
        }
        match read::cached_product(&self.store, &request, visible) {
            Ok(Some(product)) => UnaryReply::Ready(Ok(product.frame.into())),
            Ok(None) => {
                let (store, wait_deadline) = (self.store.clone(), wait_deadline_at(deadline));
                UnaryReply::Later(Box::pin(async move {
                    let frame = read::read_product(&store, request, visible, wait_deadline).await;
                    Ok(frame.map_err(Status::from)?.into())
                }))
            }
            Err(error) => UnaryReply::Ready(Err(error.into())),
        }
    }
}

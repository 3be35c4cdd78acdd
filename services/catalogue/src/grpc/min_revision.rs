//! `min_revision`: makes a read wait until it includes a given write.

use proto::catalogue::v1 as wire;
use server::grpc::wait_deadline;
use tonic::Request;

use crate::{
    domain::{Error, Result},
    store::{FeedPosition, Store},
};

/// A request with the field `min_revision`.
pub(super) trait ReadRequest {
    fn min_revision(&self) -> &str;
}

macro_rules! reads {
    ($($request:ident),* $(,)?) => { $(
        impl ReadRequest for wire::$request {
            fn min_revision(&self) -> &str {
                &self.min_revision
            }
        }
    )* };
}

reads!(
    GetProductRequest,
    ListProductsRequest,
    BrowseProductsRequest,
    BatchGetProductsRequest,
    GetStockRequest,
    ExportProductsRequest,
);

/// Parses the position that a request requires, if any.
///
/// # Errors
/// The token is malformed.
pub(super) fn wanted(request: &impl ReadRequest) -> Result<Option<FeedPosition>> {
    let token = request.min_revision();
    if token.is_empty() {
        return Ok(None);
    }
    let Some(position) = super::position::parse(token) else {
        return Err(Error::field("min_revision", "must be a revision_token of an earlier answer"));
    };
    Ok(Some(position))
}

/// Waits until reads include the position that the request requires.
///
/// # Errors
/// The token is malformed or of another feed, or the position is not reached in time.
pub(super) async fn reach<R: ReadRequest>(store: &Store, request: &Request<R>) -> Result<()> {
    match wanted(request.get_ref())? {
        Some(position) => store.wait_for(position, wait_deadline(request.extensions())).await,
        None => Ok(()),
    }
}

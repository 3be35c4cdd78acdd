//! `min_revision`: a read sees what its caller has seen.

use proto::{catalogue::v1 as wire, position::Position};
use server::grpc::give_up;
use tonic::Request;

use crate::{
    domain::{Error, Result},
    store::Store,
};

/// A request that reads.
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

/// The place in the feed that a request asks for, if it asks for one.
///
/// # Errors
/// The token is not one.
pub(super) fn wanted(request: &impl ReadRequest) -> Result<Option<Position>> {
    let token = request.min_revision();
    if token.is_empty() {
        return Ok(None);
    }
    let Some((position, _)) = Position::decode(token) else {
        return Err(Error::field("min_revision", "must be a revision_token of an earlier answer"));
    };
    Ok(Some(position))
}

/// Waits until the store has what the request asks for.
///
/// # Errors
/// The token is not one, is of another feed, or its write does not come in time.
pub(super) async fn reach<R: ReadRequest>(store: &Store, request: &Request<R>) -> Result<()> {
    match wanted(request.get_ref())? {
        Some(position) => store.reach(position, give_up(request.extensions())).await,
        None => Ok(()),
    }
}

//! `min_revision`: a read sees what its caller has seen.

use std::time::Duration;

use chassis::grpc::Deadline;
use proto::{catalogue::v1 as wire, position::Position};
use tokio::time::Instant;
use tonic::Request;

use crate::{
    domain::{Error, Result},
    store::Store,
};

/// How long a read waits at most, whatever its deadline.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long before its deadline a read is answered at the latest, to be heard.
const MARGIN: Duration = Duration::from_millis(100);

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

/// Waits until the store has what the request asks for.
///
/// # Errors
/// The token is not one, is of another feed, or its write does not come in time.
pub(super) async fn reach<R: ReadRequest>(store: &Store, request: &Request<R>) -> Result<()> {
    let token = request.get_ref().min_revision();
    if token.is_empty() {
        return Ok(());
    }
    let Some((position, _)) = Position::decode(token) else {
        return Err(Error::field("min_revision", "must be a revision_token of an earlier answer"));
    };
    let now = Instant::now();
    let left = request.extensions().get::<Deadline>().map(|Deadline(at)| *at - now);
    // Of a short time most is still spent waiting.
    let left = left.map_or(PATIENCE, |left| left - MARGIN.min(left / 2));
    store.reach(position, now + left.min(PATIENCE)).await
}

//! Reads of products by id: from the cache, or from the database together with other calls.

use access::Caller;
use bytes::Bytes;
use futures::future::try_join_all;
use prost::Message as _;
use proto::catalogue::v1::{BatchGetProductsRequest, BatchGetProductsResponse, GetProductRequest};
use rpc::frame::framed;
use tokio::time::Instant;
use tonic::Request;

use super::{
    convert::{self, required_product_id},
    history,
    message_budget::{MAX_MESSAGE, MessageBudget},
    min_revision, product_messages,
    product_scan::BATCH,
    visible::{Visible, require_costs, visible},
};
use crate::{
    domain::{Error, Product, ProductId, Result, Status},
    store::{FeedPosition, FramedProduct, ProductReader, Store},
};

const MAX_BATCH_GET: usize = 1_000;

/// Returns the requested product if the cache has it and it satisfies `min_revision`.
///
/// # Errors
/// The request is malformed, or the product is deleted.
pub(super) fn cached_product(
    store: &Store,
    request: &GetProductRequest,
    visible: Visible,
) -> Result<Option<FramedProduct>> {
    let wanted = min_revision::wanted(request)?;
    if request.revision != 0 || request.show_costs {
        return Ok(None);
    }
    let found = cached(store, &request.product_id, wanted.as_ref());
    // The read from the database then finds the reason of the error.
    Ok(found.filter(|product| visible.includes(product.is_active)))
}

/// Handles GetProduct; returns the framed response.
///
/// # Errors
/// The request is malformed, there is no such product or revision, or the store cannot be read.
pub(super) async fn product(
    store: &Store,
    request: GetProductRequest,
    caller: &Caller,
    wait_deadline: Instant,
) -> Result<Bytes> {
    let visible = Visible::to(caller);
    check_scope(&request, caller)?;
    if let Some(found) = cached_product(store, &request, visible)? {
        return Ok(found.frame);
    }
    read_product(store, request, visible, wait_deadline).await
}

/// Checks that the caller may see more than active products, and costs, if the request needs that.
///
/// # Errors
/// The caller lacks the scope.
pub(super) fn check_scope(request: &GetProductRequest, caller: &Caller) -> Result<()> {
    if request.show_costs {
        require_costs(caller)?;
    }
    let is_public = request.revision == 0 && !request.show_deleted;
    if is_public { Ok(()) } else { Visible::to(caller).require_all() }
}

/// Like [`product`], from the database, for a caller with a [sufficient](check_scope) scope.
///
/// # Errors
/// The errors of [`product`].
pub(super) async fn read_product(
    store: &Store,
    request: GetProductRequest,
    visible: Visible,
    wait_deadline: Instant,
) -> Result<Bytes> {
    if let Some(wanted) = min_revision::wanted(&request)? {
        store.wait_for(wanted, wait_deadline).await?;
    }
    let id = required_product_id(&request.product_id)?;
    if request.revision != 0 {
        return past_product(store, id, &request).await;
    }
    if request.show_costs {
        return product_with_costs(store, id, &request, visible).await;
    }
    match load(store, id.clone()).await? {
        Some(product) if product.is_deleted && !request.show_deleted => Err(match visible {
            Visible::All => Error::ProductDeleted(id),
            Visible::Active => Error::ProductNotFound(id),
        }),
        Some(product) if visible.includes(product.is_active) => Ok(product.frame),
        Some(_) | None => Err(Error::ProductNotFound(id)),
    }
}

/// Reads a product at an earlier revision.
async fn past_product(store: &Store, id: ProductId, request: &GetProductRequest) -> Result<Bytes> {
    let product = store.product(&id).await?.ok_or(Error::ProductNotFound(id))?;
    if product.deleted_at.is_some() && !request.show_deleted {
        return Err(Error::ProductDeleted(product.id));
    }
    let product = history::at(store, product, request.revision).await?;
    frame(store, product, request.show_costs).await
}

/// Reads a product with its costs, which the cache does not have.
async fn product_with_costs(
    store: &Store,
    id: ProductId,
    request: &GetProductRequest,
    visible: Visible,
) -> Result<Bytes> {
    let product = store.product(&id).await?;
    let shown = product.filter(|it| visible.includes(it.details.status == Status::Active));
    let product = shown.ok_or_else(|| Error::ProductNotFound(id.clone()))?;
    match (product.deleted_at, visible) {
        (Some(_), Visible::All) if !request.show_deleted => Err(Error::ProductDeleted(id)),
        (Some(_), Visible::Active) => Err(Error::ProductNotFound(id)),
        _ => frame(store, product, request.show_costs).await,
    }
}

async fn frame(store: &Store, product: Product, show_costs: bool) -> Result<Bytes> {
    let tree = store.tree_for(std::slice::from_ref(&product)).await?;
    let message = match show_costs {
        true => convert::product_with_costs(product, &tree),
        false => convert::product(product, &tree),
    };
    Ok(framed(&message.encode_to_vec()))
}

/// Handles BatchGetProducts; returns the encoded response.
///
/// # Errors
/// The request is malformed, the response would be too large, or the store cannot be read.
pub(super) async fn products(
    store: &Store,
    request: &Request<BatchGetProductsRequest>,
) -> Result<Bytes> {
    let (wanted, visible) = (min_revision::wanted(request.get_ref())?, visible(request));
    let is_shown = |it: &FramedProduct| !it.is_deleted && visible.includes(it.is_active);
    let ids = convert::product_ids(&request.get_ref().product_ids, MAX_BATCH_GET);
    let known: Vec<_> =
        ids.iter().flatten().map(|id| cached(store, id.as_str(), wanted.as_ref())).collect();
    if known.is_empty() || known.iter().any(Option::is_none) {
        min_revision::reach(store, request).await?;
    }
    let ids = ids?;
    let (mut response, mut missing_ids) = (Vec::new(), Vec::new());
    let mut budget = MessageBudget::default();
    for (ids, known) in ids.chunks(BATCH).zip(known.chunks(BATCH)) {
        let found = ids.iter().zip(known).map(|(id, known)| complete(store, id, known));
        for (id, found) in ids.iter().zip(try_join_all(found).await?) {
            match found.filter(is_shown).map(|product| product.message()) {
                Some(product) if budget.take_bytes(product.len()) => {
                    product_messages::append(&product, &mut response);
                }
                Some(_) => return Err(Error::ResponseTooLarge { limit_bytes: MAX_MESSAGE }),
                None => missing_ids.push(id.to_string()),
            }
        }
    }
    let rest = BatchGetProductsResponse { products: Vec::new(), missing_ids };
    response.extend_from_slice(&rest.encode_to_vec());
    Ok(response.into())
}

/// Returns the cached product, or reads it.
async fn complete(
    store: &Store,
    id: &ProductId,
    known: &Option<FramedProduct>,
) -> Result<Option<FramedProduct>> {
    match known {
        Some(known) => Ok(Some(known.clone())),
        None => load(store, id.clone()).await,
    }
}

fn cached(store: &Store, id: &str, wanted: Option<&FeedPosition>) -> Option<FramedProduct> {
    ProductReader::with(store, |reader| reader.cached(id, wanted))
}

/// Whether a product exists and is active.
///
/// # Errors
/// The store cannot be read.
pub(super) async fn is_active(store: &Store, id: &ProductId) -> Result<bool> {
    let product = load(store, id.clone()).await?;
    Ok(product.is_some_and(|product| product.is_active && !product.is_deleted))
}

fn load(
    store: &Store,
    id: ProductId,
) -> impl Future<Output = Result<Option<FramedProduct>>> + use<> {
    ProductReader::with(store, |reader| reader.load(id))
}

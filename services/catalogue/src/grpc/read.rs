//! Single products and batches of them, by id: cached, or read with those of other calls.

use bytes::Bytes;
use futures::future::try_join_all;
use prost::Message as _;
use proto::{
    catalogue::v1::{BatchGetProductsRequest, BatchGetProductsResponse, GetProductRequest},
    position::Position,
};
use rpc::frame::framed;
use tokio::time::Instant;
use tonic::Request;

use super::{
    MAX_ANSWER,
    answer::{self, Room},
    catalogue::required_id,
    convert, history, revision, walk,
};
use crate::{
    domain::{Error, ProductId, Result},
    store::{FramedProduct, ProductReader, Store},
};

const MAX_BATCH_GET: usize = 1_000;

/// The product that a request asks for, if it is cached and may be answered at once.
///
/// # Errors
/// The request is malformed, or the product is deleted.
pub(super) fn cached_product(
    store: &Store,
    request: &GetProductRequest,
) -> Result<Option<FramedProduct>> {
    let wanted = revision::wanted(request)?;
    if request.revision != 0 {
        return Ok(None);
    }
    Ok(cached(store, &request.product_id, wanted.as_ref()))
}

/// Answers GetProduct, with its framed response.
///
/// # Errors
/// The request is malformed, there is no such product or revision, or the store cannot be read.
pub(super) async fn product(
    store: &Store,
    request: GetProductRequest,
    give_up: Instant,
) -> Result<Bytes> {
    if let Some(found) = cached_product(store, &request)? {
        return Ok(found.frame);
    }
    read_product(store, request, give_up).await
}

/// As [`product`], from the database.
///
/// # Errors
/// As [`product`].
pub(super) async fn read_product(
    store: &Store,
    request: GetProductRequest,
    give_up: Instant,
) -> Result<Bytes> {
    if let Some(wanted) = revision::wanted(&request)? {
        store.reach(wanted, give_up).await?;
    }
    let id = required_id(&request.product_id)?;
    if request.revision != 0 {
        return past_product(store, id, &request).await;
    }
    match load(store, id.clone()).await? {
        Some(product) if product.is_deleted && !request.show_deleted => {
            Err(Error::ProductDeleted(id))
        }
        Some(product) => Ok(product.frame),
        None => Err(Error::ProductNotFound(id)),
    }
}

/// A product as it was.
async fn past_product(store: &Store, id: ProductId, request: &GetProductRequest) -> Result<Bytes> {
    let product = store.product(&id).await?.ok_or(Error::ProductNotFound(id))?;
    if product.deleted_at.is_some() && !request.show_deleted {
        return Err(Error::ProductDeleted(product.id));
    }
    let product = history::at(store, product, request.revision).await?;
    let tree = store.tree_for(std::slice::from_ref(&product)).await?;
    Ok(framed(&convert::product(product, &tree).encode_to_vec()))
}

/// Answers BatchGetProducts, with its encoded response.
///
/// # Errors
/// The request is malformed, the answer would be too large, or the store cannot be read.
pub(super) async fn products(
    store: &Store,
    request: &Request<BatchGetProductsRequest>,
) -> Result<Bytes> {
    let wanted = revision::wanted(request.get_ref())?;
    let ids = convert::product_ids(&request.get_ref().product_ids, MAX_BATCH_GET);
    let known: Vec<_> =
        ids.iter().flatten().map(|id| cached(store, id.as_str(), wanted.as_ref())).collect();
    if known.is_empty() || known.iter().any(Option::is_none) {
        revision::reach(store, request).await?;
    }
    let ids = ids?;
    let (mut response, mut missing_ids) = (Vec::new(), Vec::new());
    let mut room = Room::default();
    for (ids, known) in ids.chunks(walk::BATCH).zip(known.chunks(walk::BATCH)) {
        let found = ids.iter().zip(known).map(|(id, known)| complete(store, id, known));
        for (id, found) in ids.iter().zip(try_join_all(found).await?) {
            match found.filter(|product| !product.is_deleted).map(|product| product.message()) {
                Some(product) if room.take_bytes(product.len()) => {
                    answer::append(&product, &mut response);
                }
                Some(_) => return Err(Error::AnswerTooLarge { limit_bytes: MAX_ANSWER }),
                None => missing_ids.push(id.to_string()),
            }
        }
    }
    let rest = BatchGetProductsResponse { products: Vec::new(), missing_ids };
    response.extend_from_slice(&rest.encode_to_vec());
    Ok(response.into())
}

/// What is known of a product, or else what the store has.
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

fn cached(store: &Store, id: &str, wanted: Option<&Position>) -> Option<FramedProduct> {
    ProductReader::with(store, |reader| reader.cached(id, wanted))
}

fn load(
    store: &Store,
    id: ProductId,
) -> impl Future<Output = Result<Option<FramedProduct>>> + use<> {
    ProductReader::with(store, |reader| reader.load(id))
}

//! Fetches the product of a page.

use std::time::Duration;

use proto::{
    catalogue::v1::{GetProductRequest, Product},
    search::v1::{SearchRequest, SearchResponse},
};
use tonic::Status;

use super::super::freshness::{Freshness, is_outage};
use crate::upstreams::Upstreams;

/// The product: from the catalogue, or while that is away from the index, with its age.
///
/// # Errors
/// The catalogue's, if the index does not have the product either.
pub(super) async fn product(
    upstreams: &Upstreams,
    product_id: String,
) -> Result<(Product, Freshness), Status> {
    let by_id = format!("id = {}", filter::quote(&product_id));
    let request = GetProductRequest { product_id, ..Default::default() };
    let outage = match upstreams.catalogue().get_product(request).await {
        Ok(response) => return Ok((response.into_inner(), Freshness::Fresh)),
        Err(status) if is_outage(&status) => status,
        Err(status) => return Err(status),
    };
    let Ok(found) = find(upstreams, by_id, 1).await else { return Err(outage) };
    let freshness = match Freshness::of_lag(found.lag.as_ref()) {
        // The catalogue is away, however short.
        Freshness::Fresh => Freshness::Stale(Some(Duration::ZERO)),
        other => other,
    };
    let product = found.results.into_iter().find_map(|hit| hit.product);
    product.map(|product| (product, freshness)).ok_or(outage)
}

/// The products of the index that match a filter.
pub(super) async fn find(
    upstreams: &Upstreams,
    filter: String,
    count: usize,
) -> Result<SearchResponse, Status> {
    let page_size = i32::try_from(count).unwrap_or(i32::MAX);
    let request = SearchRequest { filter, page_size, unlogged: true, ..Default::default() };
    Ok(upstreams.search().search(request).await?.into_inner())
}

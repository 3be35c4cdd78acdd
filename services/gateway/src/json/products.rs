//! Reading products.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use proto::catalogue::v1::{
    BatchGetProductsRequest, BrowseProductsRequest, GetProductRequest, Product,
};

use super::{Params, body, etag};
use crate::{problem::Problem, upstreams::Upstreams};

/// Caches must ask again: a price or a stock may change at any moment.
const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");

pub(super) async fn get(
    upstreams: Upstreams,
    Path(product_id): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    Params::of(&uri, &[])?;
    let request = GetProductRequest { product_id, ..Default::default() };
    let product = upstreams.catalogue().get_product(request).await?.into_inner();
    match etag::header_of(&product) {
        Some(tag) if etag::is_known(&headers, &tag) => {
            let headers = [(header::ETAG, tag), (header::CACHE_CONTROL, NO_CACHE)];
            Ok((StatusCode::NOT_MODIFIED, headers).into_response())
        }
        _ => versioned(&product),
    }
}

pub(super) async fn browse(upstreams: Upstreams, uri: Uri) -> Result<Response, Problem> {
    let params = Params::of(&uri, &["categoryId", "pageSize", "pageToken"])?;
    let request = BrowseProductsRequest {
        page_size: params.number("pageSize")?,
        page_token: params.text("pageToken")?,
        category_id: params.text("categoryId")?,
        ..Default::default()
    };
    body::json(upstreams.catalogue().browse_products(request).await?.get_ref())
}

pub(super) async fn batch_get(upstreams: Upstreams, uri: Uri) -> Result<Response, Problem> {
    let params = Params::of(&uri, &["productIds"])?;
    let request =
        BatchGetProductsRequest { product_ids: params.all(&["productIds"]), ..Default::default() };
    if request.product_ids.is_empty() {
        return Err(Problem::invalid("productIds", "is required, once for each product"));
    }
    body::json(upstreams.catalogue().batch_get_products(request).await?.get_ref())
}

/// 200 with the product and its `ETag`.
pub(super) fn versioned(product: &Product) -> Result<Response, Problem> {
    let mut response = body::json(product)?;
    response.headers_mut().insert(header::CACHE_CONTROL, NO_CACHE);
    if let Some(tag) = etag::header_of(product) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

//! Changing products.

use axum::{
    extract::{Path, Request},
    response::Response,
};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use pbjson_types::FieldMask;
use proto::catalogue::v1::{
    AdjustStockRequest, CreateProductRequest, DeleteProductRequest, Product, UpdateProductRequest,
};
use tonic::{Code, Status};

use super::{Params, body, etag, mask::Sent, products::versioned};
use crate::{problem::Problem, upstreams::Upstreams};

pub(super) async fn create(upstreams: Upstreams, request: Request) -> Result<Response, Problem> {
    Params::of(request.uri(), &[])?;
    let product: Product = body::parse(&body::read(request).await?)?;
    let request = CreateProductRequest { product: Some(product), ..Default::default() };
    let product = upstreams.catalogue().create_product(request).await?.into_inner();
    let mut response = versioned(&product)?;
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = HeaderValue::from_str(&format!("/v1/products/{}", product.id)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// Changes the fields that `updateMask` names, or else those that the body has.
pub(super) async fn change(
    upstreams: Upstreams,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let asked = Params::of(request.uri(), &["updateMask"])?.text("updateMask")?;
    let precondition = etag::required(request.headers())?;
    let sent = Sent::parse(&body::read(request).await?)?;
    let paths = sent.mask(&asked)?;
    update(upstreams, id, sent.product, paths, precondition).await
}

/// Replaces all of a product that can be written.
pub(super) async fn replace(
    upstreams: Upstreams,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    Params::of(request.uri(), &[])?;
    let precondition = etag::required(request.headers())?;
    let product = body::parse(&body::read(request).await?)?;
    update(upstreams, id, product, vec!["*".to_owned()], precondition).await
}

async fn update(
    upstreams: Upstreams,
    id: String,
    mut product: Product,
    paths: Vec<String>,
    precondition: String,
) -> Result<Response, Problem> {
    if !product.id.is_empty() && product.id != id {
        return Err(Problem::invalid("id", "must be the one in the address, or absent"));
    }
    product.id = id;
    if !precondition.is_empty() {
        product.etag.clone_from(&precondition);
    }
    let update_mask = Some(FieldMask { paths });
    let request =
        UpdateProductRequest { product: Some(product), update_mask, ..Default::default() };
    match upstreams.catalogue().update_product(request).await {
        Ok(product) => versioned(product.get_ref()),
        Err(status) => Err(conditional(status, &precondition)),
    }
}

pub(super) async fn delete(
    upstreams: Upstreams,
    Path(product_id): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    Params::of(&uri, &[])?;
    let etag = etag::required(&headers)?;
    let request = DeleteProductRequest { product_id, etag: etag.clone(), ..Default::default() };
    match upstreams.catalogue().delete_product(request).await {
        Ok(product) => body::json(product.get_ref()),
        Err(status) => Err(conditional(status, &etag)),
    }
}

/// `POST /v1/products/{id}:verb`.
pub(super) async fn verb(
    upstreams: Upstreams,
    Path(segment): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    match segment.rsplit_once(':') {
        Some((id, "adjustStock")) => adjust_stock(upstreams, id.to_owned(), request).await,
        Some(_) => Err(Problem::no_such_route(request.uri().path())),
        None => Err(Problem::method_not_allowed("GET, HEAD, PATCH, PUT, DELETE")),
    }
}

async fn adjust_stock(
    upstreams: Upstreams,
    id: String,
    request: Request,
) -> Result<Response, Problem> {
    Params::of(request.uri(), &[])?;
    let mut adjustment: AdjustStockRequest = body::parse(&body::read(request).await?)?;
    if !adjustment.product_id.is_empty() && adjustment.product_id != id {
        return Err(Problem::invalid("productId", "must be the one in the address, or absent"));
    }
    adjustment.product_id = id;
    body::json(upstreams.stock().adjust_stock(adjustment).await?.get_ref())
}

/// An etag that came in `If-Match` and is not the current one is a precondition that failed, 412.
fn conditional(status: Status, precondition: &str) -> Problem {
    let failed = status.code() == Code::Aborted && !precondition.is_empty();
    let mut problem = Problem::from(status);
    if failed {
        problem.status = StatusCode::PRECONDITION_FAILED;
    }
    problem
}

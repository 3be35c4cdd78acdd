//! The tree of categories.

use axum::{
    extract::{Path, Request},
    response::Response,
};
use http::{HeaderValue, StatusCode, Uri, header};
use proto::catalogue::v1::{
    Category, CreateCategoryRequest, GetCategoryRequest, ListCategoriesRequest,
};

use super::{Params, body};
use crate::{problem::Problem, upstreams::Upstreams};

pub(super) async fn list(upstreams: Upstreams, uri: Uri) -> Result<Response, Problem> {
    let parent_id = Params::of(&uri, &["parentId"])?.text("parentId")?;
    let request = ListCategoriesRequest { parent_id };
    body::json(upstreams.categories().list_categories(request).await?.get_ref())
}

pub(super) async fn get(
    upstreams: Upstreams,
    Path(category_id): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    Params::of(&uri, &[])?;
    let request = GetCategoryRequest { category_id };
    body::json(upstreams.categories().get_category(request).await?.get_ref())
}

pub(super) async fn create(upstreams: Upstreams, request: Request) -> Result<Response, Problem> {
    Params::of(request.uri(), &[])?;
    let category: Category = body::parse(&body::read(request).await?)?;
    let request = CreateCategoryRequest { category: Some(category), ..Default::default() };
    let category = upstreams.categories().create_category(request).await?.into_inner();
    let mut response = body::json(&category)?;
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = HeaderValue::from_str(&format!("/v1/categories/{}", category.id)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

//! Finding products by words.

use axum::response::Response;
use chassis::status::reason;
use http::Uri;
use proto::{
    catalogue::v1::GetCategoryRequest,
    search::v1::{SearchRequest, SearchResponse},
};
use tonic::Code;

use super::body;
use crate::{problem::Problem, upstreams::Upstreams};

pub(super) async fn search(upstreams: Upstreams, uri: Uri) -> Result<Response, Problem> {
    let request: SearchRequest =
        super::asked("/search.v1.SearchService/Search", &uri, &[("q", "query")])?;
    let category_id = request.category_id.clone();
    let found = match upstreams.search().search(request).await {
        Ok(found) => found.into_inner(),
        // The index knows only the categories that have products.
        Err(status) if reason(&status).as_deref() == Some("CATEGORY_NOT_FOUND") => {
            SearchResponse::default()
        }
        Err(status) => return Err(status.into()),
    };
    if found.total_size == 0 && !category_id.is_empty() {
        category_exists(&upstreams, category_id).await?;
    }
    body::json(&found)
}

/// Asked only when nothing was found, for a result proves its category. Search must not need the
/// catalogue, so one that cannot say is taken to agree.
async fn category_exists(upstreams: &Upstreams, category_id: String) -> Result<(), Problem> {
    let request = GetCategoryRequest { category_id };
    match upstreams.categories().get_category(request).await {
        Err(status) if matches!(status.code(), Code::NotFound | Code::InvalidArgument) => {
            Err(status.into())
        }
        _ => Ok(()),
    }
}

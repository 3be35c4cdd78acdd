//! Finding products by words.

use axum::response::Response;
use chassis::status::reason;
use http::Uri;
use proto::{
    catalogue::v1::GetCategoryRequest,
    search::v1::{GetIndexStatusRequest, SearchRequest, SearchResponse},
};
use tonic::Code;

use super::{Params, body};
use crate::{problem::Problem, upstreams::Upstreams};

pub(super) async fn search(upstreams: Upstreams, uri: Uri) -> Result<Response, Problem> {
    let params = Params::of(&uri, &["q", "query", "pageSize", "pageToken", "categoryId"])?;
    let (short, long) = (params.text("q")?, params.text("query")?);
    if !short.is_empty() && !long.is_empty() {
        return Err(Problem::invalid("q", "is the same as query: give one of them"));
    }
    let request = SearchRequest {
        query: if short.is_empty() { long } else { short },
        page_size: params.number("pageSize")?,
        page_token: params.text("pageToken")?,
        category_id: params.text("categoryId")?,
    };
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

pub(super) async fn status(upstreams: Upstreams, uri: Uri) -> Result<Response, Problem> {
    Params::of(&uri, &[])?;
    let status = upstreams.search_admin().get_index_status(GetIndexStatusRequest {}).await?;
    body::json(status.get_ref())
}

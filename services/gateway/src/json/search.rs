//! Finding products by words.

use axum::response::Response;
use bytes::Bytes;
use http::Uri;
use prost::Message as _;
use proto::{
    catalogue::v1::GetCategoryRequest,
    json,
    search::v1::{SearchRequest, SearchResponse},
};
use rpc::status::reason;
use tonic::Code;

use super::body;
use crate::{contract, problem::Problem, upstreams::Upstreams};

const SEARCH: &str = "/search.v1.SearchService/Search";

pub(super) async fn search(upstreams: Upstreams, uri: Uri) -> Result<Response, Problem> {
    let method = contract::method(SEARCH).expect("the contract has it");
    let request: SearchRequest = super::asked(SEARCH, &uri, &[("q", "query")])?;
    let found = match upstreams.unary(method, request.encode_to_vec().into(), false).await {
        Ok(found) => found,
        // The index knows only the categories that have products.
        Err(status) if reason(&status).as_deref() == Some("CATEGORY_NOT_FOUND") => Bytes::new(),
        Err(status) => return Err(status.into()),
    };
    let (is_empty, response) = json::read::<SearchResponse, _>(method.output(), &found, |found| {
        Ok((found.number("total_size") == Some(0), body::json(found)?))
    })
    .map_err(body::no_json)?;
    if is_empty && !request.category_id.is_empty() {
        category_exists(&upstreams, request.category_id).await?;
    }
    Ok(response)
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

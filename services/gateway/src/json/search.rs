//! `GET /v1/search`.

use axum::response::Response;
use bytes::Bytes;
use http::Uri;
use prost::Message as _;
use proto::{catalogue::v1::GetCategoryRequest, search::v1::SearchRequest};
use rpc::status::reason;
use tonic::Code;

use super::body;
use crate::{contract, problem::Problem, upstreams::Upstreams};

const SEARCH: &str = "/search.v1.SearchService/Search";

pub(super) async fn search(upstreams: Upstreams, uri: Uri) -> Result<Response, Problem> {
    let method = contract::method(SEARCH).expect("the contract has it");
    upstreams.authorize(method)?;
    let request = super::query_request(method, &uri, super::message::QUERY_ALIAS)?;
    let encoded = match upstreams.unary(method, request.clone(), false).await {
        Ok(encoded) => encoded,
        // The index knows only the categories that have products.
        Err(status) if reason(&status).as_deref() == Some("CATEGORY_NOT_FOUND") => Bytes::new(),
        Err(status) => return Err(as_written(status.into(), &uri)),
    };
    let rendered = method.output.read(&encoded, |message| {
        Ok((message.number("total_size") == Some(0), body::json(message)?))
    });
    let (is_empty, response) = rendered.map_err(body::not_transcodable)?;
    if is_empty {
        require_category(&upstreams, &request).await?;
    }
    Ok(response)
}

/// Names the query as the caller wrote it: `q` or `query`.
fn as_written(mut problem: Problem, uri: &Uri) -> Problem {
    let mut parameters = uri.query().unwrap_or_default().split('&');
    if parameters.any(|parameter| parameter.starts_with("q=")) {
        problem.rename_field("query", "q");
    }
    problem
}

/// Returns an error if the category of a search does not exist. Needed only for an empty result. Search must work
/// without the catalogue, so any other failure counts as existing.
async fn require_category(upstreams: &Upstreams, request: &[u8]) -> Result<(), Problem> {
    let category_id = SearchRequest::decode(request).unwrap_or_default().category_id;
    if category_id.is_empty() {
        return Ok(());
    }
    match upstreams.categories().get_category(GetCategoryRequest { category_id }).await {
        Err(status) if matches!(status.code(), Code::NotFound | Code::InvalidArgument) => {
            Err(status.into())
        }
        _ => Ok(()),
    }
}

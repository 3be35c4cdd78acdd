//! What an answer of the contract says in HTTP's own words: status and headers.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use proto::{
    catalogue::v1::{
        BatchGetProductsResponse, BrowseProductsResponse, Category, GetStockResponse,
        GetWatermarkResponse, ListCategoriesResponse, ListChangesResponse,
        ListProductRevisionsResponse, Product, Reservation, StockLevel,
    },
    search::v1::{
        Control, DeleteControlResponse, DeleteSynonymResponse, ExplainHitResponse,
        GetIndexStatusResponse, ListControlsResponse, ListQueryStatsResponse, ListSynonymsResponse,
        PreviewControlResponse, Ranking, RebuildIndexResponse, StopWords, SuggestResponse, Synonym,
    },
};
use serde::Serialize;

use super::{body, etag};
use crate::problem::Problem;

/// What a write gives, to be given to a read as `minRevision`.
const REVISION_TOKEN: HeaderName = HeaderName::from_static("revision-token");
/// Caches must ask again: a price or a stock may change at any moment.
const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");

/// A message that answers a method.
pub(super) trait Answer: prost::Message + Default + Serialize + 'static {
    /// The version this is of what it is about.
    fn etag(&self) -> Option<HeaderValue> {
        None
    }

    /// Empty except in the answer to a write.
    fn revision_token(&self) -> &str {
        ""
    }

    /// Where it is found from now on, had it just been created.
    fn location(&self) -> Option<String> {
        None
    }
}

impl Answer for Product {
    fn etag(&self) -> Option<HeaderValue> {
        etag::of_product(self)
    }

    fn revision_token(&self) -> &str {
        &self.revision_token
    }

    fn location(&self) -> Option<String> {
        Some(format!("/v1/products/{}", self.id))
    }
}

impl Answer for Category {
    fn etag(&self) -> Option<HeaderValue> {
        etag::of_content(&self.etag)
    }

    fn revision_token(&self) -> &str {
        &self.revision_token
    }

    fn location(&self) -> Option<String> {
        Some(format!("/v1/categories/{}", self.id))
    }
}

impl Answer for StockLevel {
    fn revision_token(&self) -> &str {
        &self.revision_token
    }
}

impl Answer for Reservation {
    fn revision_token(&self) -> &str {
        &self.revision_token
    }
}

impl Answer for BatchGetProductsResponse {}
impl Answer for BrowseProductsResponse {}
impl Answer for Control {}
impl Answer for DeleteControlResponse {}
impl Answer for DeleteSynonymResponse {}
impl Answer for ExplainHitResponse {}
impl Answer for GetIndexStatusResponse {}
impl Answer for GetStockResponse {}
impl Answer for GetWatermarkResponse {}
impl Answer for ListCategoriesResponse {}
impl Answer for ListChangesResponse {}
impl Answer for ListControlsResponse {}
impl Answer for ListProductRevisionsResponse {}
impl Answer for ListQueryStatsResponse {}
impl Answer for ListSynonymsResponse {}
impl Answer for PreviewControlResponse {}
impl Answer for Ranking {}
impl Answer for RebuildIndexResponse {}
impl Answer for StopWords {}
impl Answer for SuggestResponse {}
impl Answer for Synonym {}

/// What was asked for, as far as it shapes the answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Read,
    Creation,
    Change,
    /// A write that was only checked: nothing of the answer has come to be.
    Check,
}

/// The answer as a response: 200, 201 for a creation, or 304 for a reader who has it already.
pub(super) fn respond(
    answer: &impl Answer,
    asked: Asked,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let tag = answer.etag().filter(|_| asked != Asked::Check);
    let mut response = match &tag {
        Some(tag) if asked == Asked::Read && etag::is_known(headers, tag) => {
            StatusCode::NOT_MODIFIED.into_response()
        }
        _ => body::json(answer)?,
    };
    if let Some(tag) = tag {
        response.headers_mut().insert(header::CACHE_CONTROL, NO_CACHE);
        response.headers_mut().insert(header::ETAG, tag);
    }
    if let Some(token) = header_of(answer.revision_token()) {
        response.headers_mut().insert(REVISION_TOKEN, token);
    }
    if asked == Asked::Creation {
        *response.status_mut() = StatusCode::CREATED;
        if let Some(location) = answer.location().and_then(|location| header_of(&location)) {
            response.headers_mut().insert(header::LOCATION, location);
        }
    }
    Ok(response)
}

fn header_of(text: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(text).ok().filter(|value| !value.is_empty())
}

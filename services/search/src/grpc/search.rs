//! Searching.

use chassis::status::{error, invalid};
use proto::search::v1::{
    SearchHit, SearchRequest, SearchResponse, search_service_server::SearchService,
};
use std::time::Instant;
use tonic::{Code, Request, Response, Status};

use super::{Service, count, revision};
use crate::{index, shelf::Live};

/// The longest query, in bytes.
const LONGEST_QUERY: usize = 512;

// Queries run where they arrive, on the server's own threads: they take a few milliseconds at most,
// on 20,000 products, less than handing them to another thread is worth.
#[tonic::async_trait]
impl SearchService for Service {
    async fn search(
        &self,
        request: Request<SearchRequest>,
    ) -> Result<Response<SearchResponse>, Status> {
        revision::reach(&self.shelf, &request.get_ref().min_revision, request.extensions()).await?;
        self.answer(request.get_ref()).map(Response::new)
    }
}

impl Service {
    /// Answers from the index as it is now.
    pub(super) fn answer(&self, request: &SearchRequest) -> Result<SearchResponse, Status> {
        let began = Instant::now();
        let live = self.live()?;
        let found = self.find(&live, request)?;
        Ok(SearchResponse {
            took: Some(began.elapsed().into()),
            indexed_revision: live.token.clone(),
            lag: live.lag().map(Into::into),
            ..found
        })
    }

    /// Finds a page of products, and the token of the next one.
    fn find(&self, live: &Live, request: &SearchRequest) -> Result<SearchResponse, Status> {
        let SearchRequest { query, page_size, page_token, category_id, .. } = request;
        let mut violations = Vec::new();
        if query.len() > LONGEST_QUERY {
            violations.push(("query", format!("is longer than {LONGEST_QUERY} bytes")));
        }
        if *page_size < 0 {
            violations.push(("page_size", "must not be negative; 0 is the default".to_owned()));
        }
        if !violations.is_empty() {
            return Err(invalid(violations));
        }
        // Ids hold no line breaks, so that no two questions read the same.
        let binding = format!("{category_id}\n{query}");
        let page = self.pages.read(*page_size, page_token, &binding)?;
        let category_id = Some(category_id.as_str()).filter(|id| !id.is_empty());
        let found = live.index.search(&index::Search {
            query,
            category_id,
            offset: page.offset,
            limit: page.limit,
        })?;
        // The index knows categories by their products: of an empty one it has never heard.
        if let Some(id) = category_id
            && found.total == 0
            && !live.index.has_category(id)?
        {
            let message = format!("no product is in the category {id}");
            return Err(error(Code::NotFound, "CATEGORY_NOT_FOUND", message));
        }
        let next_page_token =
            self.pages.next(page.offset + found.hits.len(), found.total, &binding);
        let results = found.hits.into_iter().map(|hit| SearchHit {
            product: Some(hit.product),
            score: hit.score.into(),
            ..SearchHit::default()
        });
        Ok(SearchResponse {
            results: results.collect(),
            next_page_token,
            total_size: count(found.total),
            ..SearchResponse::default()
        })
    }
}

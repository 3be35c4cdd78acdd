//! Searching.

use chassis::status::{error, invalid};
use proto::search::v1::{
    SearchHit, SearchRequest, SearchResponse, search_service_server::SearchService,
};
use std::time::Instant;
use tonic::{Code, Request, Response, Status};

use super::{Service, count, revision};
use crate::{
    index::{self, Settings, analysis::fold},
    shelf::Live,
};

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
        self.asked(request.get_ref()).map(Response::new)
    }
}

impl Service {
    /// Answers somebody who asks, and counts what was asked.
    pub(super) fn asked(&self, request: &SearchRequest) -> Result<SearchResponse, Status> {
        let (response, read) = self.answer(request, &self.settings.current())?;
        // Whoever turns a page has been counted.
        if !request.unlogged && request.page_token.is_empty() {
            let results = response.total_size.try_into().unwrap_or_default();
            self.queries.note(&request.query, &read, results);
        }
        Ok(response)
    }

    /// Answers from the index as it is now. Returns the query as it was read, too.
    pub(super) fn answer(
        &self,
        request: &SearchRequest,
        settings: &Settings,
    ) -> Result<(SearchResponse, String), Status> {
        let began = Instant::now();
        let live = self.live()?;
        let (found, read) = self.find(&live, request, settings)?;
        let response = SearchResponse {
            took: Some(began.elapsed().into()),
            indexed_revision: live.token.clone(),
            lag: live.lag().map(Into::into),
            ..found
        };
        Ok((response, read))
    }

    /// Finds a page of products, and the token of the next one. Returns the query as it was read, too.
    fn find(
        &self,
        live: &Live,
        request: &SearchRequest,
        _settings: &Settings,
    ) -> Result<(SearchResponse, String), Status> {
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
        let response = SearchResponse {
            results: results.collect(),
            next_page_token,
            total_size: count(found.total),
            ..SearchResponse::default()
        };
        let words = query.split(|letter: char| !letter.is_alphanumeric());
        let words: Vec<_> = words.filter(|word| !word.is_empty()).map(fold).collect();
        Ok((response, words.join(" ")))
    }
}

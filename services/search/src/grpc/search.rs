//! Searching.

use chassis::status::error;
use proto::search::v1::{
    ExplainHitRequest, ExplainHitResponse, Relaxation, SearchRequest, SearchResponse,
    SuggestRequest, SuggestResponse, search_service_server::SearchService,
};
use std::time::{Instant, SystemTime};
use tonic::{Code, Request, Response, Status, Streaming};

use super::{Service, answer, question::Question, revision, suggest::Answers};
use crate::{
    index::{Engine, Settings},
    metrics,
    page::{Page, REACHABLE},
    shelf::Live,
};

// Queries run where they arrive, on the server's own threads: they take a few milliseconds at most,
// less than handing them to another thread is worth.
#[tonic::async_trait]
impl SearchService for Service {
    async fn search(
        &self,
        request: Request<SearchRequest>,
    ) -> Result<Response<SearchResponse>, Status> {
        revision::reach(&self.shelf, &request.get_ref().min_revision, request.extensions()).await?;
        self.asked(request.get_ref()).map(Response::new)
    }

    async fn suggest(
        &self,
        request: Request<SuggestRequest>,
    ) -> Result<Response<SuggestResponse>, Status> {
        self.complete(request.get_ref()).map(Response::new)
    }

    async fn suggest_stream(
        &self,
        request: Request<Streaming<SuggestRequest>>,
    ) -> Result<Response<Answers>, Status> {
        Ok(Response::new(self.complete_all(request.into_inner())))
    }

    async fn explain_hit(
        &self,
        request: Request<ExplainHitRequest>,
    ) -> Result<Response<ExplainHitResponse>, Status> {
        let ExplainHitRequest { query, product_id, category_id, filter } = request.get_ref();
        let question = Question::in_words(query, category_id, filter)?;
        let page = Page { offset: 0, limit: REACHABLE };
        let search = question.page(page, SystemTime::now());
        let settings = self.settings.current();
        let live = self.live()?;
        let engine: &dyn Engine = &live.index;
        let explained = engine.explain(&search, product_id, &settings)?;
        let explanation = explained.ok_or_else(|| {
            let message = format!("the index has no product {product_id:?}");
            error(Code::NotFound, "PRODUCT_NOT_FOUND", message)
        })?;
        Ok(Response::new(answer::explanation(explanation)))
    }
}

impl Service {
    /// Answers somebody who asks, and counts what was asked.
    pub(super) fn asked(&self, request: &SearchRequest) -> Result<SearchResponse, Status> {
        let (response, read) = self.answer(request, &self.settings.current())?;
        // Whoever turns a page has been counted.
        if !request.unlogged && request.page_token.is_empty() {
            // What has only some of the words is not what was asked for.
            let results = match response.relaxed() {
                Relaxation::Words => 0,
                _ => response.total_size.try_into().unwrap_or_default(),
            };
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
        settings: &Settings,
    ) -> Result<(SearchResponse, String), Status> {
        let question = Question::of(request)?;
        let binding = question.binding();
        let page = self.pages.read(request.page_size, &request.page_token, &binding)?;
        let engine: &dyn Engine = &live.index;
        let asked = question.page(page, SystemTime::now());
        let mut found = metrics::query(|| engine.search(&asked, settings), |found| found.total)?;
        // The index knows categories by their products: of an empty one it has never heard.
        let category_id = request.category_id.as_str();
        if !category_id.is_empty() && found.total == 0 && !engine.has_category(category_id)? {
            let message = format!("no product is in the category {category_id}");
            return Err(error(Code::NotFound, "CATEGORY_NOT_FOUND", message));
        }
        let next = self.pages.next(page.offset + found.hits.len(), found.total, &binding);
        let read = std::mem::take(&mut found.normalised);
        let response = answer::response(found, request, &question);
        Ok((SearchResponse { next_page_token: next, ..response }, read))
    }
}

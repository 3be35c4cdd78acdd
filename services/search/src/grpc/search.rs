//! `SearchService`: search, suggestions and explanations.

use proto::search::v1::{
    ExplainHitRequest, ExplainHitResponse, Relaxation, SearchRequest, SearchResponse,
    SuggestRequest, SuggestResponse, search_service_server::SearchService,
};
use rpc::status::{error, invalid, invalid_because};
use std::time::{Instant, SystemTime};
use tonic::{Code, Request, Response, Status, Streaming};

use super::{
    Service, min_revision,
    request::SearchInput,
    response,
    suggest::{OthersQueries, SuggestStream},
};
use crate::{
    index::{CompiledSettings, Engine},
    live_index::IndexSnapshot,
    metrics,
    page::{MAX_RESULTS, Page},
};

// Queries run on the server's own threads. They take a few milliseconds, too little to gain from
// blocking threads.
#[tonic::async_trait]
impl SearchService for Service {
    async fn search(
        &self,
        request: Request<SearchRequest>,
    ) -> Result<Response<SearchResponse>, Status> {
        let token = &request.get_ref().min_revision;
        min_revision::reach(&self.live_index, token, request.extensions()).await?;
        self.search_and_log(request.get_ref()).map(Response::new)
    }

    async fn suggest(
        &self,
        request: Request<SuggestRequest>,
    ) -> Result<Response<SuggestResponse>, Status> {
        let queries = OthersQueries::for_caller_of(&request);
        self.suggestions_for(request.get_ref(), queries).map(Response::new)
    }

    async fn suggest_stream(
        &self,
        request: Request<Streaming<SuggestRequest>>,
    ) -> Result<Response<SuggestStream>, Status> {
        let queries = OthersQueries::for_caller_of(&request);
        Ok(Response::new(self.suggestion_stream(request.into_inner(), queries)))
    }

    async fn explain_hit(
        &self,
        request: Request<ExplainHitRequest>,
    ) -> Result<Response<ExplainHitResponse>, Status> {
        let ExplainHitRequest { query, product_id, category_id, filter, as_words } =
            request.get_ref();
        let mut input = SearchInput::without_facets(query, category_id, filter)?;
        input.take_as_words(as_words)?;
        let page = Page { offset: 0, limit: MAX_RESULTS };
        let params = input.page(page, SystemTime::now());
        let settings = self.settings.current();
        let live = self.snapshot()?;
        let engine: &dyn Engine = &live.index;
        let explained = engine.explain(&params, product_id, &settings)?;
        let explanation = explained.ok_or_else(|| {
            let message = format!("the index has no product {product_id:?}");
            error(Code::NotFound, "PRODUCT_NOT_FOUND", message)
        })?;
        Ok(Response::new(response::explanation(explanation)))
    }
}

impl Service {
    /// Searches with the current settings, and logs the query.
    pub(super) fn search_and_log(&self, request: &SearchRequest) -> Result<SearchResponse, Status> {
        let (response, normalised) = self.search_with(request, &self.settings.current())?;
        // Only the first page counts.
        if !request.unlogged && request.page_token.is_empty() && request.skip == 0 {
            // Hits that lack some of the words do not count as results.
            let results = match response.relaxed() {
                Relaxation::Words => 0,
                _ => response.total_size.try_into().unwrap_or_default(),
            };
            self.query_log.record(&request.query, &normalised, results);
        }
        Ok(response)
    }

    /// Searches the live index. Also returns the normalised query.
    pub(super) fn search_with(
        &self,
        request: &SearchRequest,
        settings: &CompiledSettings,
    ) -> Result<(SearchResponse, String), Status> {
        let began = Instant::now();
        let live = self.snapshot()?;
        let (found, normalised) = self.find(&live, request, settings)?;
        let response = SearchResponse {
            took: Some(began.elapsed().into()),
            indexed_revision: live.token.clone(),
            lag: live.lag().map(Into::into),
            ..found
        };
        Ok((response, normalised))
    }

    /// Builds the response with the requested page and the next page's token. Also returns the
    /// normalised query.
    fn find(
        &self,
        live: &IndexSnapshot,
        request: &SearchRequest,
        settings: &CompiledSettings,
    ) -> Result<(SearchResponse, String), Status> {
        let input = SearchInput::parse(request)?;
        let binding = input.binding();
        let page = self.page_tokens.parse(request.page_size, &request.page_token, &binding);
        let page = page.ok_or_else(|| {
            let message = "is not the next_page_token of an earlier answer to this query";
            invalid_because("PAGE_TOKEN_INVALID", [("page_token", message)])
        })?;
        let page = page.after(request.skip).ok_or_else(|| {
            invalid([("skip", format!("must lead to one of the first {MAX_RESULTS} results"))])
        })?;
        let engine: &dyn Engine = &live.index;
        let params = input.page(page, SystemTime::now());
        let mut found = metrics::query(|| engine.search(&params, settings), |found| found.total)?;
        // The index knows a category only by its products.
        let category_id = request.category_id.as_str();
        if !category_id.is_empty() && found.total == 0 && !engine.has_category(category_id)? {
            let message = format!("no product is in the category {category_id}");
            return Err(error(Code::NotFound, "CATEGORY_NOT_FOUND", message));
        }
        let next = self.page_tokens.issue(page.offset + found.hits.len(), found.total, &binding);
        let normalised = std::mem::take(&mut found.normalised);
        let response = response::response(found, request, &input);
        Ok((SearchResponse { next_page_token: next, ..response }, normalised))
    }
}

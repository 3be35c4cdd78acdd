//! The contract's messages and errors: the one place that knows both them and the index.

use crate::{
    freshness::Freshness,
    index::{self, Found, Index},
    page::Pages,
};
use chassis::status::{error, invalid};
use proto::{
    catalogue::v1::{self as catalogue, catalogue_service_server::CatalogueService},
    search::v1::{
        GetIndexStatusRequest, GetIndexStatusResponse, SearchHit, SearchRequest, SearchResponse,
        search_admin_service_server::SearchAdminService, search_service_server::SearchService,
    },
};
use std::{error::Error as _, time::Instant};
use tonic::{Code, Request, Response, Status};

/// The longest query, in bytes.
const LONGEST_QUERY: usize = 512;

/// Answers from the index.
#[derive(Clone)]
pub(crate) struct Service {
    index: Index,
    pages: Pages,
    freshness: Freshness,
}

impl Service {
    pub(crate) fn new(index: Index, pages: Pages, freshness: Freshness) -> Self {
        Self { index, pages, freshness }
    }

    /// Finds a page of products, and the token of the next one.
    fn find(&self, request: &SearchRequest) -> Result<(Found, String), Status> {
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
        let found = self.index.search(&index::Search {
            query,
            category_id,
            offset: page.offset,
            limit: page.limit,
        })?;
        // The index knows categories by their products: of an empty one it has never heard.
        if let Some(id) = category_id
            && found.total == 0
            && !self.index.has_category(id)?
        {
            let message = format!("no product is in the category {id}");
            return Err(error(Code::NotFound, "CATEGORY_NOT_FOUND", message));
        }
        let next = self.pages.next(page.offset + found.hits.len(), found.total, &binding);
        Ok((found, next))
    }
}

// Queries run where they arrive, on the server's own threads: they take a few milliseconds at most,
// on 20,000 products, less than handing them to another thread is worth.
#[tonic::async_trait]
impl SearchService for Service {
    async fn search(
        &self,
        request: Request<SearchRequest>,
    ) -> Result<Response<SearchResponse>, Status> {
        let began = Instant::now();
        let (found, next_page_token) = self.find(request.get_ref())?;
        let took = began.elapsed();
        let results = found.hits.into_iter().map(|hit| SearchHit {
            product: Some(hit.product),
            score: hit.score.into(),
            ..SearchHit::default()
        });
        Ok(Response::new(SearchResponse {
            results: results.collect(),
            next_page_token,
            total_size: count(found.total),
            took: Some(took.into()),
            ..SearchResponse::default()
        }))
    }
}

/// The same answer in the words of the original contract. The catalogue's other methods are not
/// ours: they keep their default stubs.
#[tonic::async_trait]
impl CatalogueService for Service {
    async fn search_products(
        &self,
        request: Request<catalogue::SearchRequest>,
    ) -> Result<Response<catalogue::SearchResponse>, Status> {
        let catalogue::SearchRequest { query, page_size, page_token, category_id } =
            request.into_inner();
        let request =
            SearchRequest { query, page_size, page_token, category_id, ..SearchRequest::default() };
        let (found, next_page_token) = self.find(&request)?;
        let results = found.hits.into_iter().map(|hit| catalogue::SearchHit {
            product: Some(hit.product),
            score: hit.score.into(),
        });
        Ok(Response::new(catalogue::SearchResponse {
            results: results.collect(),
            next_page_token,
            total_size: count(found.total),
        }))
    }
}

#[tonic::async_trait]
impl SearchAdminService for Service {
    async fn get_index_status(
        &self,
        _: Request<GetIndexStatusRequest>,
    ) -> Result<Response<GetIndexStatusResponse>, Status> {
        // In this order: what was caught up when asked is part of the count.
        let caught_up = self.freshness.is_caught_up();
        let product_count = self.index.product_count().try_into().unwrap_or(i64::MAX);
        Ok(Response::new(GetIndexStatusResponse {
            product_count,
            caught_up,
            ..GetIndexStatusResponse::default()
        }))
    }
}

fn count(total: usize) -> i32 {
    total.try_into().unwrap_or(i32::MAX)
}

impl From<index::Error> for Status {
    fn from(failed: index::Error) -> Self {
        use index::Error::{Engine, Folder, Locked, Product, Unusable};
        tracing::error!(error = failed.source(), "{failed}");
        match failed {
            // The first three are of opening the index; no request meets them.
            Locked(_) | Unusable(..) | Folder(..) | Engine(_) | Product(_) => error(
                Code::Internal,
                "INDEX_FAILED",
                "the search index failed; another replica may be well",
            ),
        }
    }
}

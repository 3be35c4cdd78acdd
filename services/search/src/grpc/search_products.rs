//! `CatalogueService.SearchProducts`, the original contract's search.

use proto::{
    catalogue::v1::{
        SearchHit, SearchRequest, SearchResponse, catalogue_service_server::CatalogueService,
    },
    search::v1 as search,
};
use tonic::{Request, Response, Status};

use super::Service;

// The other methods are served by the catalogue; here they are UNIMPLEMENTED.
#[tonic::async_trait]
impl CatalogueService for Service {
    async fn search_products(
        &self,
        request: Request<SearchRequest>,
    ) -> Result<Response<SearchResponse>, Status> {
        let SearchRequest { query, page_size, page_token, category_id } = request.into_inner();
        let request = search::SearchRequest {
            query,
            page_size,
            page_token,
            category_id,
            ..search::SearchRequest::default()
        };
        let search::SearchResponse { results, next_page_token, total_size, .. } =
            self.search_and_log(&request)?;
        let hit = |hit: search::SearchHit| SearchHit { product: hit.product, score: hit.score };
        let results = results.into_iter().map(hit).collect();
        Ok(Response::new(SearchResponse { results, next_page_token, total_size }))
    }
}

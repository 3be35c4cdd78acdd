//! The fake search services.

use async_stream::try_stream;
use proto::search::v1::{
    Control, GetIndexStatusRequest, GetIndexStatusResponse, ListQueryStatsRequest,
    ListQueryStatsResponse, ListSynonymsRequest, ListSynonymsResponse, PreviewControlRequest,
    PreviewControlResponse, PutControlRequest, PutSynonymRequest, QueryStat, RebuildIndexRequest,
    RebuildIndexResponse, SearchHit, SearchRequest, SearchResponse, SuggestRequest,
    SuggestResponse, Suggestion, Synonym, search_admin_service_server::SearchAdminService,
    search_service_server::SearchService,
};
use rpc::status::{error, invalid};
use tonic::{Code, Request, Response, Streaming, codegen::BoxStream};

use super::{Fake, RpcResult};

#[tonic::async_trait]
impl SearchService for Fake {
    async fn search(&self, request: Request<SearchRequest>) -> RpcResult<SearchResponse> {
        let request = self.record(request);
        if request.query == "too long" {
            return Err(invalid([("query", "must be shorter")]));
        }
        if request.category_id == "empty" {
            return Err(error(Code::NotFound, "CATEGORY_NOT_FOUND", "no product is in it"));
        }
        let found = self.all().into_iter().filter(|product| {
            let is_named = product.name.contains(&request.query) && request.category_id.is_empty();
            let id = request.filter.strip_prefix("id = ");
            is_named && id.is_none_or(|id| id.trim_matches('"') == product.id)
        });
        let results: Vec<_> = found
            .map(|product| SearchHit { product: Some(product), score: 1.0, ..Default::default() })
            .collect();
        let total_size = i32::try_from(results.len()).unwrap();
        let lag = Some(self.index_lag());
        Ok(Response::new(SearchResponse { results, total_size, lag, ..Default::default() }))
    }

    /// Suggests the query itself. `end` ends the call, and `fail` breaks it.
    async fn suggest_stream(
        &self,
        request: Request<Streaming<SuggestRequest>>,
    ) -> RpcResult<BoxStream<SuggestResponse>> {
        let fake = self.clone();
        let mut requests = request.into_inner();
        Ok(Response::new(Box::pin(try_stream! {
            while let Some(request) = requests.message().await? {
                let request = fake.record(Request::new(request));
                match request.query.as_str() {
                    "end" => return,
                    "fail" => Err(invalid([("query", "must be shorter")]))?,
                    _ => {}
                }
                let suggestion = Suggestion { text: request.query, ..Default::default() };
                yield SuggestResponse { suggestions: vec![suggestion], sequence: request.sequence };
            }
        })))
    }
}

#[tonic::async_trait]
impl SearchAdminService for Fake {
    async fn get_index_status(
        &self,
        _: Request<GetIndexStatusRequest>,
    ) -> RpcResult<GetIndexStatusResponse> {
        Ok(Response::new(GetIndexStatusResponse {
            product_count: 3,
            caught_up: true,
            ..Default::default()
        }))
    }

    async fn rebuild_index(
        &self,
        request: Request<RebuildIndexRequest>,
    ) -> RpcResult<RebuildIndexResponse> {
        self.record(request);
        Ok(Response::new(RebuildIndexResponse::default()))
    }

    async fn list_query_stats(
        &self,
        request: Request<ListQueryStatsRequest>,
    ) -> RpcResult<ListQueryStatsResponse> {
        self.record(request);
        let query = QueryStat { query: "sofa".to_owned(), count: 3, ..Default::default() };
        Ok(Response::new(ListQueryStatsResponse { queries: vec![query] }))
    }

    async fn list_synonyms(
        &self,
        request: Request<ListSynonymsRequest>,
    ) -> RpcResult<ListSynonymsResponse> {
        self.record(request);
        Ok(Response::new(ListSynonymsResponse::default()))
    }

    async fn put_synonym(&self, request: Request<PutSynonymRequest>) -> RpcResult<Synonym> {
        Ok(Response::new(self.record(request).synonym.unwrap_or_default()))
    }

    async fn put_control(&self, request: Request<PutControlRequest>) -> RpcResult<Control> {
        Ok(Response::new(self.record(request).control.unwrap_or_default()))
    }

    async fn preview_control(
        &self,
        request: Request<PreviewControlRequest>,
    ) -> RpcResult<PreviewControlResponse> {
        self.record(request);
        Ok(Response::new(PreviewControlResponse::default()))
    }
}

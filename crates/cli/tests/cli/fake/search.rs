//! SearchAdminService.

use proto::search::v1::{search_admin_service_server::SearchAdminService, *};
use tonic::{Code, Request, Response, Status};

use super::{Store, error};

type RpcResult<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl SearchAdminService for Store {
    async fn get_index_status(
        &self,
        request: Request<GetIndexStatusRequest>,
    ) -> RpcResult<GetIndexStatusResponse> {
        self.record(request);
        Ok(Response::new(GetIndexStatusResponse {
            product_count: 19_406,
            caught_up: true,
            size_bytes: 12_345_678,
            schema_version: 3,
            ..Default::default()
        }))
    }

    async fn rebuild_index(
        &self,
        request: Request<RebuildIndexRequest>,
    ) -> RpcResult<RebuildIndexResponse> {
        self.record(request);
        Ok(Response::new(RebuildIndexResponse {}))
    }

    async fn list_synonyms(
        &self,
        request: Request<ListSynonymsRequest>,
    ) -> RpcResult<ListSynonymsResponse> {
        self.record(request);
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let synonyms = vec![
            Synonym {
                id: "nb".into(),
                input: "notebook".into(),
                words: words(&["laptop"]),
                ..Default::default()
            },
            Synonym {
                id: "tv".into(),
                input: String::new(),
                words: words(&["tv", "telly"]),
                ..Default::default()
            },
        ];
        Ok(Response::new(ListSynonymsResponse { synonyms }))
    }

    async fn put_synonym(&self, request: Request<PutSynonymRequest>) -> RpcResult<Synonym> {
        Ok(Response::new(self.record(request).synonym.unwrap()))
    }

    async fn delete_synonym(
        &self,
        request: Request<DeleteSynonymRequest>,
    ) -> RpcResult<DeleteSynonymResponse> {
        let id = self.record(request).synonym_id;
        Err(error(Code::NotFound, "SYNONYM_NOT_FOUND", format!("there is no synonym {id:?}")))
    }

    async fn get_stop_words(&self, request: Request<GetStopWordsRequest>) -> RpcResult<StopWords> {
        self.record(request);
        Ok(Response::new(StopWords { words: vec!["the".into(), "a".into()], ..Default::default() }))
    }

    async fn set_stop_words(&self, request: Request<SetStopWordsRequest>) -> RpcResult<StopWords> {
        Ok(Response::new(self.record(request).stop_words.unwrap()))
    }

    async fn set_ranking(&self, request: Request<SetRankingRequest>) -> RpcResult<Ranking> {
        Ok(Response::new(self.record(request).ranking.unwrap()))
    }

    async fn put_control(&self, request: Request<PutControlRequest>) -> RpcResult<Control> {
        Ok(Response::new(self.record(request).control.unwrap()))
    }

    async fn list_query_stats(
        &self,
        request: Request<ListQueryStatsRequest>,
    ) -> RpcResult<ListQueryStatsResponse> {
        self.record(request);
        let last_time = Some(pbjson_types::Timestamp::default());
        let unicorn = QueryStat { query: "unicorn".into(), count: 7, results: 0, last_time };
        Ok(Response::new(ListQueryStatsResponse { queries: vec![unicorn] }))
    }
}

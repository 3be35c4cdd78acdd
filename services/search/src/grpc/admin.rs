//! `SearchAdminService`: index status, rebuilds, settings and query statistics.

use audit::WriteCall;
use proto::{
    search::v1::{
        Control, DeleteControlRequest, DeleteControlResponse, DeleteSynonymRequest,
        DeleteSynonymResponse, GetIndexStatusRequest, GetIndexStatusResponse, GetRankingRequest,
        GetStopWordsRequest, ListControlsRequest, ListControlsResponse, ListQueryStatsRequest,
        ListQueryStatsResponse, ListSynonymsRequest, ListSynonymsResponse, PreviewControlRequest,
        PreviewControlResponse, PutControlRequest, PutSynonymRequest, QueryStat, Ranking,
        RebuildIndexRequest, RebuildIndexResponse, SetRankingRequest, SetStopWordsRequest,
        StopWords, Synonym, search_admin_service_server::SearchAdminService,
    },
    time::timestamp,
};
use rpc::status::{error, invalid};
use std::time::{Duration, SystemTime};
use tokio::task::spawn_blocking;
use tonic::{Code, Request, Response, Status};

use super::Service;
use crate::{
    index::{self, Engine as _},
    live_index::Rebuild,
    settings::{self, Setting, SettingName},
};

/// Default number of query statistics in a response.
const DEFAULT_QUERIES: usize = 50;
const MAX_QUERIES: usize = 1_000;

type Reply<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl SearchAdminService for Service {
    async fn get_index_status(
        &self,
        _: Request<GetIndexStatusRequest>,
    ) -> Reply<GetIndexStatusResponse> {
        // Taken before the count, so that a caught-up index's count is not stale.
        let live = self.live_index.snapshot();
        let product_count = signed(live.index.product_count());
        let rebuild = self.live_index.subscribe_rebuild().borrow().clone();
        let (applied_changes, repeated_changes) = self.live_index.change_counts();
        let dir = live.dir.clone();
        let size_bytes = spawn_blocking(move || dir.size_bytes()).await.unwrap_or_default();
        Ok(Response::new(GetIndexStatusResponse {
            product_count,
            caught_up: live.caught_up,
            indexed_revision: live.token.clone(),
            caught_up_time: live.current_at.map(timestamp),
            size_bytes: signed(size_bytes),
            schema_version: index::VERSION.try_into().unwrap_or(i32::MAX),
            rebuilding: !matches!(rebuild, Rebuild::Idle),
            rebuilt_count: match rebuild {
                Rebuild::Building(index) => signed(index.product_count()),
                Rebuild::Idle | Rebuild::Requested => 0,
            },
            applied_changes: signed(applied_changes),
            repeated_changes: signed(repeated_changes),
            settings_revision: self.settings.revision().unwrap_or_default(),
        }))
    }

    async fn rebuild_index(&self, _: Request<RebuildIndexRequest>) -> Reply<RebuildIndexResponse> {
        let is_complete = self.live_index.snapshot().complete;
        if is_complete && self.live_index.request_rebuild() {
            return Ok(Response::new(RebuildIndexResponse {}));
        }
        let message = if is_complete {
            "the index is being rebuilt already; GetIndexStatus says how far it is"
        } else {
            "the index is being filled for the first time"
        };
        Err(error(Code::Aborted, "REBUILD_RUNNING", message))
    }

    async fn list_synonyms(&self, _: Request<ListSynonymsRequest>) -> Reply<ListSynonymsResponse> {
        let synonyms = self.settings.document().synonyms.values().cloned().collect();
        Ok(Response::new(ListSynonymsResponse { synonyms }))
    }

    async fn put_synonym(&self, request: Request<PutSynonymRequest>) -> Reply<Synonym> {
        let call = audited(&request);
        let (caller, _, request) = request.into_parts();
        let mut synonym = request.synonym.ok_or_else(|| missing("synonym"))?;
        let etag = std::mem::take(&mut synonym.etag);
        let synonym = self.settings.document().check_synonym(synonym)?;
        name(&call, &synonym.id);
        let setting = Setting::Synonym(synonym.clone());
        let etag = self.settings_writer.put(&caller, &setting, etag).await?;
        Ok(Response::new(Synonym { etag, ..synonym }))
    }

    async fn delete_synonym(
        &self,
        request: Request<DeleteSynonymRequest>,
    ) -> Reply<DeleteSynonymResponse> {
        let call = audited(&request);
        let (caller, _, DeleteSynonymRequest { synonym_id, etag }) = request.into_parts();
        name(&call, &synonym_id);
        let setting = SettingName::Synonym(synonym_id);
        self.settings_writer.delete(&caller, &setting, etag).await?;
        Ok(Response::new(DeleteSynonymResponse {}))
    }

    async fn get_stop_words(&self, _: Request<GetStopWordsRequest>) -> Reply<StopWords> {
        let words = self.settings.document().stop_words.clone();
        let default = || StopWords { words: index::default_stop_words(), ..StopWords::default() };
        Ok(Response::new(words.unwrap_or_else(default)))
    }

    async fn set_stop_words(&self, request: Request<SetStopWordsRequest>) -> Reply<StopWords> {
        let (caller, _, request) = request.into_parts();
        let mut words = request.stop_words.ok_or_else(|| missing("stop_words"))?;
        let etag = std::mem::take(&mut words.etag);
        let words = settings::check_stop_words(words)?;
        let setting = Setting::StopWords(words.clone());
        let etag = self.settings_writer.put(&caller, &setting, etag).await?;
        Ok(Response::new(StopWords { etag, ..words }))
    }

    async fn get_ranking(&self, _: Request<GetRankingRequest>) -> Reply<Ranking> {
        Ok(Response::new(self.settings.document().ranking.clone().unwrap_or_default()))
    }

    async fn set_ranking(&self, request: Request<SetRankingRequest>) -> Reply<Ranking> {
        let (caller, _, request) = request.into_parts();
        let mut ranking = request.ranking.ok_or_else(|| missing("ranking"))?;
        let etag = std::mem::take(&mut ranking.etag);
        settings::check_ranking(&ranking)?;
        let setting = Setting::Ranking(ranking.clone());
        let etag = self.settings_writer.put(&caller, &setting, etag).await?;
        Ok(Response::new(Ranking { etag, ..ranking }))
    }

    async fn list_controls(&self, _: Request<ListControlsRequest>) -> Reply<ListControlsResponse> {
        let controls = self.settings.document().controls.values().cloned().collect();
        Ok(Response::new(ListControlsResponse { controls }))
    }

    async fn put_control(&self, request: Request<PutControlRequest>) -> Reply<Control> {
        let call = audited(&request);
        let (caller, _, request) = request.into_parts();
        let mut control = request.control.ok_or_else(|| missing("control"))?;
        let etag = std::mem::take(&mut control.etag);
        let control = self.settings.document().check_control(control)?;
        name(&call, &control.id);
        let setting = Setting::Control(control.clone());
        let etag = self.settings_writer.put(&caller, &setting, etag).await?;
        Ok(Response::new(Control { etag, ..control }))
    }

    async fn delete_control(
        &self,
        request: Request<DeleteControlRequest>,
    ) -> Reply<DeleteControlResponse> {
        let call = audited(&request);
        let (caller, _, DeleteControlRequest { control_id, etag }) = request.into_parts();
        name(&call, &control_id);
        let setting = SettingName::Control(control_id);
        self.settings_writer.delete(&caller, &setting, etag).await?;
        Ok(Response::new(DeleteControlResponse {}))
    }

    async fn preview_control(
        &self,
        request: Request<PreviewControlRequest>,
    ) -> Reply<PreviewControlResponse> {
        let PreviewControlRequest { control, search } = request.into_inner();
        let control = control.ok_or_else(|| missing("control"))?;
        let search = search.unwrap_or_default();
        let as_if = self.settings.document().with_in_force(control)?.compile();
        let (before, _) = self.search_with(&search, &self.settings.current())?;
        let (after, _) = self.search_with(&search, &as_if)?;
        Ok(Response::new(PreviewControlResponse { before: Some(before), after: Some(after) }))
    }

    async fn list_query_stats(
        &self,
        request: Request<ListQueryStatsRequest>,
    ) -> Reply<ListQueryStatsResponse> {
        let ListQueryStatsRequest { without_results, page_size } = request.into_inner();
        let limit = match usize::try_from(page_size) {
            Ok(0) => DEFAULT_QUERIES,
            Ok(limit) => limit.min(MAX_QUERIES),
            Err(_) => {
                let what = "must not be negative; 0 is the default";
                return Err(invalid([("page_size", what)]));
            }
        };
        let stats = self.query_log.most_frequent(without_results, limit);
        let queries = stats.into_iter().map(|(query, stats)| QueryStat {
            query,
            count: signed(stats.count),
            results: signed(stats.results),
            last_time: Some(timestamp(SystemTime::UNIX_EPOCH + Duration::from_secs(stats.last))),
        });
        Ok(Response::new(ListQueryStatsResponse { queries: queries.collect() }))
    }
}

/// The request's event of the audit trail.
fn audited<T>(request: &Request<T>) -> Option<WriteCall> {
    request.extensions().get().cloned()
}

/// Sets the resource of the write, for the audit trail.
fn name(call: &Option<WriteCall>, id: &str) {
    if let Some(call) = call {
        call.set_resource(id);
    }
}

fn missing(field: &str) -> Status {
    invalid([(field, "must be given")])
}

fn signed(count: u64) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}

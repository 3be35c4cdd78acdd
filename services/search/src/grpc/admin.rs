//! What operators ask and tell.

use proto::search::v1::{
    GetIndexStatusRequest, GetIndexStatusResponse, RebuildIndexRequest, RebuildIndexResponse,
    search_admin_service_server::SearchAdminService,
};
use std::time::SystemTime;
use tokio::task::spawn_blocking;
use tonic::{Code, Request, Response, Status};

use super::Service;
use crate::{index, shelf::Rebuild};
use chassis::status::error;

#[tonic::async_trait]
impl SearchAdminService for Service {
    async fn get_index_status(
        &self,
        _: Request<GetIndexStatusRequest>,
    ) -> Result<Response<GetIndexStatusResponse>, Status> {
        // In this order: what was caught up when asked is part of the count.
        let live = self.shelf.live();
        let product_count = signed(live.index.product_count());
        let rebuild = self.shelf.rebuild().borrow().clone();
        let (applied_changes, repeated_changes) = self.shelf.counted();
        let room = live.room.clone();
        let size_bytes = spawn_blocking(move || room.size_bytes()).await.unwrap_or_default();
        Ok(Response::new(GetIndexStatusResponse {
            product_count,
            caught_up: live.caught_up,
            indexed_revision: live.token.clone(),
            caught_up_time: live.known_at.map(timestamp),
            size_bytes: signed(size_bytes),
            schema_version: index::VERSION.try_into().unwrap_or(i32::MAX),
            rebuilding: !matches!(rebuild, Rebuild::No),
            rebuilt_count: match rebuild {
                Rebuild::Building(index) => signed(index.product_count()),
                Rebuild::No | Rebuild::Asked => 0,
            },
            applied_changes: signed(applied_changes),
            repeated_changes: signed(repeated_changes),
        }))
    }

    async fn rebuild_index(
        &self,
        _: Request<RebuildIndexRequest>,
    ) -> Result<Response<RebuildIndexResponse>, Status> {
        let is_filled = self.shelf.live().complete;
        if is_filled && self.shelf.ask_rebuild() {
            return Ok(Response::new(RebuildIndexResponse {}));
        }
        let message = match is_filled {
            true => "the index is being rebuilt already; GetIndexStatus says how far it is",
            false => "the index is being filled for the first time",
        };
        Err(error(Code::Aborted, "REBUILD_RUNNING", message))
    }
}

fn signed(count: u64) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}

fn timestamp(time: SystemTime) -> pbjson_types::Timestamp {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    pbjson_types::Timestamp {
        seconds: since.as_secs().try_into().unwrap_or(i64::MAX),
        nanos: since.subsec_nanos().try_into().unwrap_or_default(),
    }
}

//! `GET /v1/imports/{id}/events`: the progress of an import, as server-sent events.
//!
//! The state is read from the catalogue, so that any gateway answers.

use std::time::Duration;

use async_stream::stream;
use axum::{
    Extension,
    extract::{Path, State},
    response::Response,
};
use bytes::Bytes;
use prost::Message as _;
use proto::catalogue::v1::{Import, import::State as ImportState};
use tokio::time::sleep;

use super::{GET, to_json};
use crate::{
    contract, encoded,
    events::{self, Event},
    problem::Problem,
    request_id::RequestId,
    state::AppState,
    upstreams::Upstreams,
};

/// Interval of looking at the import.
const INTERVAL: Duration = Duration::from_secs(1);

pub(super) async fn events(
    State(state): State<AppState>,
    Extension(id): Extension<RequestId>,
    Path(import_id): Path<String>,
    upstreams: Upstreams,
) -> Result<Response, Problem> {
    watch(state, id, import_id, upstreams).await
}

/// The events of an import.
///
/// # Errors
/// There is no such import, it may not be read, or too many streams are open.
pub(crate) async fn watch(
    state: AppState,
    id: RequestId,
    import_id: String,
    upstreams: Upstreams,
) -> Result<Response, Problem> {
    let permit = events::acquire_stream(&state.live)?;
    // An import that does not exist is a problem, and no stream.
    let mut import = read(&upstreams, &import_id).await?;
    let shutdown = state.shutdown;
    let events = stream! {
        let _permit = permit;
        loop {
            match to_json(&import) {
                Ok(json) => yield Event::new("import", &String::from_utf8_lossy(&json), ""),
                Err(problem) => {
                    yield events::problem_event(&problem, &id);
                    break;
                }
            }
            if has_ended(&import) {
                break;
            }
            let changed = shutdown.run_until_cancelled(next(&upstreams, &import_id, &import)).await;
            match changed {
                Some(Ok(changed)) => import = changed,
                Some(Err(status)) => {
                    yield events::problem_event(&Problem::from(status), &id);
                    break;
                }
                // Its client reconnects, to another instance.
                None => break,
            }
        }
    };
    Ok(events::respond(events))
}

/// Waits until the import differs from `before`.
async fn next(upstreams: &Upstreams, id: &str, before: &Bytes) -> Result<Bytes, tonic::Status> {
    loop {
        sleep(INTERVAL).await;
        let import = read(upstreams, id).await?;
        if import != *before {
            return Ok(import);
        }
    }
}

async fn read(upstreams: &Upstreams, id: &str) -> Result<Bytes, tonic::Status> {
    let method = contract::method(GET).expect("the contract has it");
    upstreams.unary(method, encoded::string_field(1, id), false).await
}

fn has_ended(import: &Bytes) -> bool {
    let state = Import::decode(&import[..]).map(|import| import.state()).unwrap_or_default();
    !matches!(state, ImportState::Queued | ImportState::Running)
}

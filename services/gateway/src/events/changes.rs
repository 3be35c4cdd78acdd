//! `GET /v1/changes`: the change feed as it is, resumable by its cursors.

use async_stream::stream;
use axum::{
    extract::State,
    response::{Response, sse::Event},
};
use futures::Stream;
use http::{HeaderMap, HeaderName, Uri};
use proto::catalogue::v1::{
    WatchChangesRequest, WatchChangesResponse, watch_changes_response::Event as Happened,
};
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;
use tonic::Streaming;

use crate::{json, problem::Problem, request_id::RequestId, state::AppState, upstreams::Upstreams};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

pub(crate) async fn changes(
    State(state): State<AppState>,
    axum::Extension(id): axum::Extension<RequestId>,
    upstreams: Upstreams,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    let request = request(&headers, &uri)?;
    let slot = super::open(&state.live)?;
    let feed = upstreams.feed().watch_changes(request).await?.into_inner();
    Ok(super::respond(events(feed, id, state.shutdown, slot)))
}

/// A browser that connects again sends the id of the last event it had, which is newer than the
/// cursor in its address.
fn request(headers: &HeaderMap, uri: &Uri) -> Result<WatchChangesRequest, Problem> {
    let names = [("productId", "productIds")];
    let mut request: WatchChangesRequest =
        json::asked("/catalogue.v1.FeedService/WatchChanges", uri, &names)?;
    let last = headers.get(LAST_EVENT_ID).and_then(|value| value.to_str().ok());
    if let Some(last) = last.filter(|last| !last.is_empty()) {
        last.clone_into(&mut request.cursor);
    }
    Ok(request)
}

fn events(
    mut feed: Streaming<WatchChangesResponse>,
    id: RequestId,
    shutdown: CancellationToken,
    slot: OwnedSemaphorePermit,
) -> impl Stream<Item = Event> + Send {
    stream! {
        let _slot = slot;
        let mut cursor = String::new();
        loop {
            let message = tokio::select! {
                message = feed.message() => message,
                () = shutdown.cancelled() => Err(rpc::status::leaving()),
            };
            match message {
                Ok(Some(message)) => {
                    cursor.clone_from(&message.cursor);
                    yield event_of(message);
                }
                Ok(None) => return,
                Err(status) => {
                    // Whoever connects again goes on behind the last they had.
                    yield at(super::problem(status, &id), cursor);
                    return;
                }
            }
        }
    }
}

fn event_of(message: WatchChangesResponse) -> Event {
    let event = match &message.event {
        Some(Happened::Change(change)) => named("change", change),
        Some(Happened::SnapshotItem(product)) => named("snapshot", product),
        Some(Happened::SnapshotComplete(_)) => {
            Event::default().event("snapshot-complete").data("{}")
        }
        Some(Happened::Heartbeat(_)) | None => Event::default().comment("heartbeat"),
    };
    at(event, message.cursor)
}

/// A cursor that would break the stream's lines cannot be one; without it, resuming repeats.
fn at(event: Event, cursor: String) -> Event {
    match cursor.contains(['\n', '\r', '\0']) || cursor.is_empty() {
        true => event,
        false => event.id(cursor),
    }
}

fn named(name: &str, data: &impl Serialize) -> Event {
    let data = serde_json::to_string(data).expect("messages of the contract are JSON");
    Event::default().event(name).data(data)
}

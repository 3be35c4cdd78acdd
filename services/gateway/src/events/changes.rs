//! `GET /v1/changes`: the change feed, resumable by its cursors.

use async_stream::stream;
use axum::{
    extract::State,
    response::{Response, sse::Event},
};
use futures::Stream;
use http::{HeaderMap, HeaderName, Uri};
use proto::catalogue::v1::{
    WatchChangesRequest, WatchChangesResponse, watch_changes_response::Event as FeedEvent,
};
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;
use tonic::Streaming;

use crate::{json, problem::Problem, request_id::RequestId, state::AppState, upstreams::Upstreams};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

pub(super) async fn changes(
    State(state): State<AppState>,
    axum::Extension(id): axum::Extension<RequestId>,
    upstreams: Upstreams,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    let request = request(&headers, &uri)?;
    let permit = super::acquire_stream(&state.live)?;
    let feed = upstreams.feed().watch_changes(request).await?.into_inner();
    Ok(super::respond(events(feed, id, state.shutdown, permit)))
}

/// The request with the cursor of `Last-Event-ID`, if present: a browser that reconnects sends it, and
/// it is newer than the cursor in the URL.
fn request(headers: &HeaderMap, uri: &Uri) -> Result<WatchChangesRequest, Problem> {
    let names = [("productId", "productIds")];
    let mut request: WatchChangesRequest =
        json::query_request("/catalogue.v1.FeedService/WatchChanges", uri, &names)?;
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
    permit: OwnedSemaphorePermit,
) -> impl Stream<Item = Event> + Send {
    stream! {
        let _permit = permit;
        let mut cursor = String::new();
        loop {
            let message = tokio::select! {
                message = feed.message() => message,
                () = shutdown.cancelled() => Err(rpc::status::leaving()),
            };
            match message {
                Ok(Some(message)) => {
                    cursor.clone_from(&message.cursor);
                    yield to_event(message);
                }
                Ok(None) => return,
                Err(status) => {
                    // The id lets the client resume after the last event that it received.
                    yield with_id(super::problem(status, &id), cursor);
                    return;
                }
            }
        }
    }
}

fn to_event(message: WatchChangesResponse) -> Event {
    let event = match &message.event {
        Some(FeedEvent::Change(change)) => named("change", change),
        Some(FeedEvent::SnapshotItem(product)) => named("snapshot", product),
        Some(FeedEvent::SnapshotComplete(_)) => {
            Event::default().event("snapshot-complete").data("{}")
        }
        Some(FeedEvent::Heartbeat(_)) | None => Event::default().comment("heartbeat"),
    };
    with_id(event, message.cursor)
}

/// Adds the cursor as the event's id, unless it has characters that an id cannot contain.
fn with_id(event: Event, cursor: String) -> Event {
    if cursor.is_empty() || cursor.contains(['\n', '\r', '\0']) {
        return event;
    }
    event.id(cursor)
}

fn named(name: &str, data: &impl Serialize) -> Event {
    let data = serde_json::to_string(data).expect("messages of the contract serialize");
    Event::default().event(name).data(data)
}

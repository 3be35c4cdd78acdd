//! `GET /v1/changes`: the change feed, resumable by its cursors.
//!
//! Streams of all products, and of some by their ids, share the gateway's one watch of the catalogue.
//! A stream with a snapshot, or with a cursor that is older than the changes kept, reads the feed by
//! itself until it has caught up. Only a stream of a category or a filter keeps its own watch.

use axum::{Extension, extract::State, response::Response};
use http::{HeaderMap, HeaderName, StatusCode, Uri};
use prost::Message as _;
use proto::catalogue::v1::{
    WatchChangesRequest, WatchChangesResponse, watch_changes_request::Start,
};
use rpc::status::reason;
use tokio::sync::OwnedSemaphorePermit;
use tonic::{Status, Streaming};

use super::{
    catch_up::CatchUpReader,
    change_events::{ChangeEvents, Resync, Source},
    product_ids,
};
use crate::{
    contract, json,
    live::{Begin, LiveStock},
    problem::Problem,
    request_id::RequestId,
    state::AppState,
    upstreams::Upstreams,
};

const WATCH: &str = "/catalogue.v1.FeedService/WatchChanges";
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Maximum number of ids, as in the contract.
const MAX_IDS: usize = 1_000;

pub(super) async fn changes(
    State(state): State<AppState>,
    Extension(id): Extension<RequestId>,
    upstreams: Upstreams,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    let (request, reconnects) = request(&headers, &uri)?;
    let permit = super::acquire_stream(&state.live)?;
    let product_ids = request.product_ids.clone();
    // Streams share the changes that anyone may see.
    let upstreams = if is_shared(&request) { upstreams.anonymous() } else { upstreams };
    let opened = match kept(&state.live, &request) {
        Some(source) => Ok((source, None)),
        None => open(&state.live, &upstreams, request).await,
    };
    let shutdown = state.shutdown;
    let live = state.live;
    let events = ChangeEvents { live, id: id.clone(), product_ids, shutdown, _permit: permit };
    match opened {
        Ok((source, resync)) => Ok(super::respond(events.stream(source, resync))),
        Err(status) => {
            let problem = Problem::from(status.clone());
            let is_outage = problem.status == StatusCode::SERVICE_UNAVAILABLE
                || problem.status == StatusCode::GATEWAY_TIMEOUT;
            // An `EventSource` gives up for good at any status but 200.
            if reconnects && is_outage {
                let last = super::problem(status, &id, "");
                return Ok(super::respond(futures::stream::iter([last])));
            }
            Err(problem)
        }
    }
}

/// The request with the cursor of `Last-Event-ID`, if present: a browser that reconnects sends it, and
/// it is newer than the cursor in the URL. Also returns whether it is present.
fn request(headers: &HeaderMap, uri: &Uri) -> Result<(WatchChangesRequest, bool), Problem> {
    let names = [("productId", "productIds")];
    let method = contract::method(WATCH).expect("the contract has it");
    let request = json::query_request(method, uri, &names)?;
    let mut request = WatchChangesRequest::decode(request)
        .map_err(|error| Problem::internal(format!("a request cannot be decoded: {error}")))?;
    product_ids::check(request.product_ids.iter().map(String::as_str))?;
    if request.product_ids.len() > MAX_IDS {
        let message = format!("may be given {MAX_IDS} times at most");
        return Err(Problem::invalid("productId", message));
    }
    let last = headers.get(LAST_EVENT_ID).and_then(|value| value.to_str().ok());
    let last = last.filter(|last| !last.is_empty());
    if let Some(last) = last {
        last.clone_into(&mut request.cursor);
    }
    Ok((request, last.is_some()))
}

/// Whether the stream shares a watch with others.
fn is_shared(request: &WatchChangesRequest) -> bool {
    request.category_id.is_empty() && request.filter.is_empty()
}

/// The changes that are kept for all streams, if the request's begin with one of them.
fn kept(live: &LiveStock, request: &WatchChangesRequest) -> Option<Source> {
    let begin = match (request.cursor.as_str(), request.start()) {
        ("", Start::Now) => Begin::Now,
        ("", _) => return None,
        (cursor, _) => Begin::After(cursor),
    };
    let changes = live.changes();
    is_shared(request).then(|| changes.follow(begin, &request.product_ids))?.map(Source::Live)
}

/// Opens a watch for this stream alone. A cursor that has expired begins with the next change.
async fn open(
    live: &LiveStock,
    upstreams: &Upstreams,
    mut request: WatchChangesRequest,
) -> Result<(Source, Option<Resync>), Status> {
    let permit = match is_shared(&request) {
        true => Some(live.catch_up_permit().await),
        false => None,
    };
    match watch(upstreams, &request).await {
        Err(status) if reason(&status).as_deref() == Some("CURSOR_EXPIRED") => {
            let resync = Some(Resync::expired(&status));
            request.cursor.clear();
            request.set_start(Start::Now);
            if let Some(source) = kept(live, &request) {
                return Ok((source, resync));
            }
            let feed = watch(upstreams, &request).await?;
            Ok((source(live, feed, request, permit), resync))
        }
        feed => Ok((source(live, feed?, request, permit), None)),
    }
}

/// Opens a watch. Streams of some products hand out cursors of all products: they share a watch.
async fn watch(
    upstreams: &Upstreams,
    request: &WatchChangesRequest,
) -> Result<Streaming<WatchChangesResponse>, Status> {
    let mut client = upstreams.feed();
    match client.watch_changes(request.clone()).await {
        Err(status)
            if is_shared(request) && reason(&status).as_deref() == Some("CURSOR_MISMATCH") =>
        {
            let product_ids = Vec::new();
            let of_all = WatchChangesRequest { product_ids, ..request.clone() };
            client.watch_changes(of_all).await.map_err(|_| status)
        }
        feed => feed,
    }
    .map(tonic::Response::into_inner)
}

fn source(
    live: &LiveStock,
    feed: Streaming<WatchChangesResponse>,
    request: WatchChangesRequest,
    permit: Option<OwnedSemaphorePermit>,
) -> Source {
    let Some(permit) = permit else { return Source::Own(Box::new(feed)) };
    let reader = CatchUpReader::new(feed, live.changes().clone(), request.product_ids, permit);
    Source::CatchUp(reader.start())
}

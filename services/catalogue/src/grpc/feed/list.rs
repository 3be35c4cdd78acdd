//! `ListChanges`: a page of changes.

use proto::catalogue::v1::{ListChangesRequest, ListChangesResponse};
use tonic::Request;

use super::{
    cursor::{Cursor, Phase},
    parse_request::{RequestScope, parse_cursor},
    wire_changes::changes_to_wire,
};
use crate::{
    domain::{Error, Result, now},
    feed::ChangeBroadcast,
    grpc::{convert::timestamp, message_budget::MessageBudget, pages::page_size},
    store::Store,
};

const DEFAULT_PAGE: usize = 100;
const MAX_PAGE: usize = 1_000;
/// Number of changes read by one query.
const BATCH: usize = 100;
/// Maximum number of changes read for one response. If the scope has none of them, the response is
/// empty and its cursor continues after them, so that the client does not wait long.
const MAX_READ: usize = 10_000;

/// Returns the changes after the request's cursor.
///
/// # Errors
/// The request is malformed, its cursor cannot be resumed, or the store cannot be read.
pub(super) async fn list(
    store: &Store,
    broadcast: &ChangeBroadcast,
    request: &Request<ListChangesRequest>,
) -> Result<ListChangesResponse> {
    let asked = request;
    let request = asked.get_ref();
    let size = page_size(request.page_size, DEFAULT_PAGE, MAX_PAGE)?;
    let fields = (&*request.category_id, &*request.product_ids, &*request.filter);
    let requested = RequestScope::of(store, asked, fields)?;
    let bounds = store.feed_bounds().await?;
    let mut place = match request.cursor.as_str() {
        "" => bounds.floor,
        cursor => {
            let cursor = parse_cursor(store, bounds, cursor, &requested)?;
            if cursor.phase != Phase::Changes {
                let rule = "is of a snapshot that has not ended; continue with WatchChanges";
                return Err(Error::CursorMismatch(rule));
            }
            cursor.place
        }
    };
    let scope = requested.scope;
    let mut response = ListChangesResponse::default();
    let (mut budget, mut read, mut full) = (MessageBudget::default(), 0, false);
    while !full && !response.caught_up && read < MAX_READ {
        let limit = BATCH.min(size - response.changes.len());
        let read_at = now();
        let page = store.changes_after(place, limit as u64).await?;
        read += page.changes.len();
        response.caught_up = page.changes.len() < limit;
        let watermark = if page.complete { Some(read_at) } else { broadcast.watermark() };
        response.watermark = watermark.map(timestamp);
        let end = page.changes.last().map_or(place, |change| change.place);
        for (at, change) in changes_to_wire(store, &scope, page.changes).await? {
            if !budget.take(&change) {
                full = true;
                break;
            }
            place = at;
            response.changes.push(change);
        }
        if !full {
            place = end;
        }
        full |= response.changes.len() == size;
    }
    if full && response.changes.len() < size {
        // A change that exceeded the size of the message follows.
        response.caught_up = false;
    }
    response.watermark = response.watermark.filter(|_| response.caught_up);
    response.next_cursor = Cursor::new(store.feed_epoch(), place, Phase::Changes, &scope).encode();
    Ok(response)
}

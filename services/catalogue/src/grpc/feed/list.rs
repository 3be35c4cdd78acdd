//! The next changes, for those who ask.

use proto::catalogue::v1::{ListChangesRequest, ListChangesResponse};

use super::{ask, told::told};
use crate::{
    domain::{Error, Result, now},
    feed::{Cursor, News, Phase},
    grpc::{answer::Room, convert::timestamp},
    store::Store,
};

const DEFAULT_PAGE: usize = 100;
const MAX_PAGE: usize = 1_000;
/// Changes read at once.
const BATCH: usize = 100;
/// Changes read for one answer at most. A scope may see none of them: the answer then says where
/// to go on, rather than keep its caller waiting.
const MAX_READ: usize = 10_000;

/// Answers with the next changes.
///
/// # Errors
/// The request is malformed, its cursor cannot be resumed, or the store cannot be read.
pub(super) async fn list(
    store: &Store,
    news: &News,
    request: &ListChangesRequest,
) -> Result<ListChangesResponse> {
    let size = usize::try_from(request.page_size)
        .map_err(|_negative| Error::field("page_size", "must not be negative"))?;
    let size = if size == 0 { DEFAULT_PAGE } else { size.min(MAX_PAGE) };
    let scope = ask::scope(store, &request.category_id, &request.product_ids, &request.filter)?;
    let kept = store.kept_changes().await?;
    let mut place = match request.cursor.as_str() {
        "" => kept.floor,
        cursor => {
            let cursor = ask::cursor(store, kept, cursor, &scope)?;
            if cursor.phase != Phase::Changes {
                let rule = "is of a snapshot that has not ended; go on with WatchChanges";
                return Err(Error::CursorMismatch(rule));
            }
            cursor.place
        }
    };
    let mut response = ListChangesResponse::default();
    let (mut room, mut read, mut full) = (Room::default(), 0, false);
    while !full && !response.caught_up && read < MAX_READ {
        let limit = BATCH.min(size - response.changes.len());
        let asked_at = now();
        let page = store.changes_after(place, limit as u64).await?;
        read += page.changes.len();
        response.caught_up = page.changes.len() < limit;
        let watermark = if page.complete { Some(asked_at) } else { news.watermark() };
        response.watermark = watermark.map(timestamp);
        let end = page.changes.last().map_or(place, |change| change.place);
        for (at, change) in told(store, &scope, page.changes).await? {
            if !room.take(&change) {
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
        // It did not fit: that is more.
        response.caught_up = false;
    }
    response.watermark = response.watermark.filter(|_| response.caught_up);
    response.next_cursor = Cursor::new(store.feed_epoch(), place, Phase::Changes, &scope).encode();
    Ok(response)
}

//! `GET /ops/events`: each snapshot as HTML, and the requests that have come since.

use async_stream::stream;
use axum::{Extension, extract::State, response::Response};
use futures::Stream;
use http::{HeaderMap, Uri};
use tokio::sync::OwnedSemaphorePermit;

use super::{super::locale::Locale, viewer::Viewer, views::Views};
use crate::{
    events::{Event, acquire_stream, respond},
    problem::Problem,
    state::AppState,
};

pub(super) async fn events(
    State(state): State<AppState>,
    Extension(views): Extension<Views>,
    viewer: Viewer,
    locale: Locale,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    let permit = acquire_stream(&state.live)?;
    let after = after(&headers, &uri);
    Ok(respond(snapshots(state, views, viewer, locale, after, permit)))
}

/// The number of the newest request that the client has: that of its last event, or as the page said.
fn after(headers: &HeaderMap, uri: &Uri) -> u64 {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let query = uri.query().unwrap_or_default().split('&');
    let said =
        || query.filter_map(|pair| pair.strip_prefix("after=")).find_map(|it| it.parse().ok());
    last.or_else(said).unwrap_or_default()
}

/// The events until the viewer loses the right to see them, or the gateway stops.
fn snapshots(
    state: AppState,
    views: Views,
    viewer: Viewer,
    locale: Locale,
    mut after: u64,
    permit: OwnedSemaphorePermit,
) -> impl Stream<Item = Event> {
    stream! {
        let _permit = permit;
        let mut ended = viewer.ended;
        let mut snapshots = state.ops.subscribe();
        loop {
            tokio::select! {
                changed = snapshots.changed() => if changed.is_err() { return },
                () = &mut ended => return,
                () = state.shutdown.cancelled() => return,
            }
            let Some(snapshot) = snapshots.borrow_and_update().clone() else { continue };
            let Ok(rendered) = views.of(&snapshot, locale) else { return };
            yield rendered.board_event();
            if after > rendered.newest() {
                // Of another gateway, or of this one before it was restarted.
                after = 0;
                yield Event::new("reset", "", "0");
            }
            if let Some(rows) = rendered.rows_event(after) {
                after = rendered.newest();
                yield rows;
            }
        }
    }
}

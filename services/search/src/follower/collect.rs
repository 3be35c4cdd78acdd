//! Event collection: reads feed events into batches.

use super::{FollowError, pace::Pace};
use crate::index::{Batch, FeedPosition};
use chassis::CancellationToken;
use proto::catalogue::v1::{
    Change, Product, WatchChangesResponse, change::Op, product::Status,
    watch_changes_response::Event,
};
use std::time::{Duration, SystemTime};
use tokio::time::{Instant, timeout_at};
use tokio_stream::{Stream, StreamExt as _};

/// Timeout of the feed. It sends at least a heartbeat every few seconds; without one for this long
/// the connection counts as dead.
pub(super) const SILENCE: Duration = Duration::from_secs(15);

/// The next step after the batch has been committed.
#[derive(Debug)]
pub(super) enum NextStep {
    More,
    /// The batch has all events that the feed had.
    CaughtUp,
    Stop,
    Failed(FollowError),
}

/// A batch to commit.
#[derive(Debug)]
pub(super) struct Collected {
    /// Includes the events before a failure.
    pub(super) batch: Batch,
    /// Time of its last change, by the catalogue's clock.
    pub(super) changed_at: Option<SystemTime>,
    pub(super) next: NextStep,
}

/// Reads events until the batch is due or full. Calls `on_change` for every event that is not yet
/// searchable.
pub(super) async fn collect(
    events: &mut (impl Stream<Item = Result<WatchChangesResponse, tonic::Status>> + Unpin),
    position: FeedPosition,
    pace: &Pace,
    stop: &CancellationToken,
    on_change: impl Fn(),
) -> Collected {
    let mut batch = Batch::new(position);
    let mut changed_at = None;
    let next = read(events, &mut batch, &mut changed_at, pace, stop, on_change).await;
    Collected { batch, changed_at, next }
}

async fn read(
    events: &mut (impl Stream<Item = Result<WatchChangesResponse, tonic::Status>> + Unpin),
    batch: &mut Batch,
    changed_at: &mut Option<SystemTime>,
    pace: &Pace,
    stop: &CancellationToken,
    on_change: impl Fn(),
) -> NextStep {
    let mut commit_by = None;
    while !batch.is_full() {
        let due = commit_by.into_iter().chain(pace.due).min();
        let deadline = due.unwrap_or_else(|| Instant::now() + SILENCE);
        let read = tokio::select! {
            () = stop.cancelled() => return NextStep::Stop,
            read = timeout_at(deadline, events.next()) => read,
        };
        let response = match read {
            Ok(Some(Ok(response))) => response,
            Ok(Some(Err(status))) => return NextStep::Failed(status.into()),
            Ok(None) => return NextStep::Failed(FollowError::Ended),
            Err(_) if due.is_some() => break,
            Err(_) => return NextStep::Failed(FollowError::Silent),
        };
        if !response.cursor.is_empty() {
            batch.position.cursor = response.cursor;
        }
        match response.event {
            Some(Event::SnapshotItem(product)) => put(batch, product),
            Some(Event::Change(change)) => {
                let time = change.change_time.as_ref().and_then(system_time);
                *changed_at = (*changed_at).max(time);
                add(batch, change);
            }
            Some(Event::SnapshotComplete(_)) => {
                batch.position.complete = true;
                break;
            }
            Some(Event::Heartbeat(_)) => return NextStep::CaughtUp,
            // An event unknown to this version.
            None => {}
        }
        on_change();
        commit_by.get_or_insert_with(|| pace.deadline(!batch.position.complete));
    }
    NextStep::More
}

fn system_time(time: &pbjson_types::Timestamp) -> Option<SystemTime> {
    let seconds = Duration::from_secs(time.seconds.try_into().ok()?);
    let nanos = Duration::from_nanos(time.nanos.try_into().ok()?);
    SystemTime::UNIX_EPOCH.checked_add(seconds + nanos)
}

fn add(batch: &mut Batch, change: Change) {
    // A change of a category. The changes of its products follow one by one.
    if change.product_id.is_empty() {
        return;
    }
    // The revisions of a product that was created again start over.
    if change.op() == Op::Deleted || change.product.is_none() {
        batch.delete(change.product_id);
    }
    if let Some(product) = change.product {
        put(batch, product);
    }
}

/// Adds an active product, and deletes others. Catalogues older than the field send no status: all
/// their products are for sale.
fn put(batch: &mut Batch, product: Product) {
    match product.status() {
        Status::Active | Status::Unspecified => batch.put(product),
        Status::Draft | Status::Archived => batch.delete(product.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::catalogue::v1::Heartbeat;
    use tokio_stream::{iter, pending};

    #[tokio::test(start_paused = true)]
    async fn a_batch_is_committed_at_its_deadline() {
        let began = Instant::now();
        let mut events = iter([snapshot_item("1"), snapshot_item("2")]).chain(pending());
        let Collected { batch, next, .. } = collected(&mut events).await;
        assert!(matches!(next, NextStep::More));
        assert_eq!(batch.position.cursor, "after 2");
        assert_eq!(began.elapsed(), Pace::default().deadline(true) - Instant::now());
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_batch_does_not_wait() {
        let began = Instant::now();
        let mut events = iter(0..).map(|number| snapshot_item(&format!("{number}")));
        let Collected { batch, next, .. } = collected(&mut events).await;
        assert!(batch.is_full() && matches!(next, NextStep::More));
        assert!(batch.position.cursor.ends_with("999"), "{}", batch.position.cursor);
        assert_eq!(began.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_feed_times_out() {
        let began = Instant::now();
        let Collected { batch, next, .. } = collected(&mut pending()).await;
        assert!(batch.is_empty() && matches!(next, NextStep::Failed(FollowError::Silent)));
        assert_eq!(began.elapsed(), SILENCE);
    }

    #[tokio::test(start_paused = true)]
    async fn an_urgent_pace_returns_soon() {
        let began = Instant::now();
        let pace = Pace::urgent(Duration::from_secs(1));
        let stop = CancellationToken::new();
        let position = FeedPosition { complete: true, ..FeedPosition::default() };
        let mut nothing = pending();
        let Collected { batch, next, .. } =
            collect(&mut nothing, position.clone(), &pace, &stop, || {}).await;
        assert!(batch.is_empty() && matches!(next, NextStep::More));
        assert_eq!(began.elapsed(), Duration::from_secs(1));
        let pace = Pace::urgent(Duration::from_secs(1));
        let mut events = iter([snapshot_item("1")]).chain(pending());
        collect(&mut events, position, &pace, &stop, || {}).await;
        assert!(began.elapsed() < Duration::from_millis(1_100));
    }

    #[tokio::test(start_paused = true)]
    async fn events_before_a_failure_are_kept() {
        let mut events = iter([snapshot_item("1"), Err(tonic::Status::unavailable("cut"))]);
        let Collected { batch, next, .. } = collected(&mut events).await;
        assert!(!batch.is_empty() && matches!(next, NextStep::Failed(FollowError::Feed(_))));
        let Collected { next, .. } = collected(&mut events).await;
        assert!(matches!(next, NextStep::Failed(FollowError::Ended)));
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_of_the_last_change_is_returned() {
        let change = |seconds| {
            let change_time = Some(pbjson_types::Timestamp { seconds, nanos: 0 });
            let product_id = seconds.to_string();
            let change = Change { product_id, change_time, ..Change::default() };
            event("later", Event::Change(change))
        };
        let mut events = iter([change(7), change(9), change(8)]).chain(pending());
        let collected = collected(&mut events).await;
        let nine = SystemTime::UNIX_EPOCH + Duration::from_secs(9);
        assert_eq!(collected.changed_at, Some(nine));
    }

    #[tokio::test(start_paused = true)]
    async fn a_heartbeat_means_caught_up() {
        let heartbeat = Event::Heartbeat(Heartbeat::default());
        let mut events = iter([snapshot_item("1"), event("now", heartbeat)]).chain(pending());
        let Collected { batch, next, .. } = collected(&mut events).await;
        assert!(matches!(next, NextStep::CaughtUp));
        assert_eq!(batch.position.cursor, "now");
    }

    async fn collected(
        events: &mut (impl Stream<Item = Result<WatchChangesResponse, tonic::Status>> + Unpin),
    ) -> Collected {
        let stop = CancellationToken::new();
        collect(events, FeedPosition::default(), &Pace::default(), &stop, || {}).await
    }

    fn snapshot_item(id: &str) -> Result<WatchChangesResponse, tonic::Status> {
        let product = Product { id: id.to_owned(), ..Product::default() };
        event(&format!("after {id}"), Event::SnapshotItem(product))
    }

    fn event(cursor: &str, event: Event) -> Result<WatchChangesResponse, tonic::Status> {
        Ok(WatchChangesResponse { cursor: cursor.to_owned(), event: Some(event) })
    }
}

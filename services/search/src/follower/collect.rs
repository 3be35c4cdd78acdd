//! Event collection: reads feed events into batches.

use super::pace::Pace;
use crate::index::{Batch, FeedPosition};
use chassis::CancellationToken;
use feed::{FeedEvent, Interruption};
use proto::catalogue::v1::{
    Change, Product, change::Op, product::Status, watch_changes_response::Event,
};
use std::{future::pending, time::SystemTime};
use tokio::time::{Instant, sleep_until};
use tokio_stream::{Stream, StreamExt as _};

/// The next step after the batch has been committed.
#[derive(Debug)]
pub(super) enum NextStep {
    More,
    /// The batch has all events that the feed had.
    CaughtUp,
    Stop,
    Interrupted(Interruption),
}

/// A batch to commit.
#[derive(Debug)]
pub(super) struct Collected {
    /// Includes the events before an interruption.
    pub(super) batch: Batch,
    /// Time of its last change, by the catalogue's clock.
    pub(super) changed_at: Option<SystemTime>,
    pub(super) next: NextStep,
}

/// Reads events until the batch is due or full. Calls `on_change` for every event that is not yet
/// searchable.
pub(super) async fn collect(
    events: &mut (impl Stream<Item = FeedEvent> + Unpin),
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
    events: &mut (impl Stream<Item = FeedEvent> + Unpin),
    batch: &mut Batch,
    changed_at: &mut Option<SystemTime>,
    pace: &Pace,
    stop: &CancellationToken,
    on_change: impl Fn(),
) -> NextStep {
    let mut commit_by = None;
    while !batch.is_full() {
        let due = commit_by.into_iter().chain(pace.due).min();
        let read = tokio::select! {
            biased;
            () = stop.cancelled() => return NextStep::Stop,
            read = events.next() => read,
            () = reached(due) => break,
        };
        let response = match read {
            Some(FeedEvent::Received(response)) => response,
            Some(FeedEvent::Connected) => continue,
            Some(FeedEvent::Interrupted(interruption)) => {
                return NextStep::Interrupted(interruption);
            }
            None => return NextStep::Stop, // a feed has no end
        };
        if !response.cursor.is_empty() {
            batch.position.cursor = response.cursor;
        }
        match response.event {
            Some(Event::SnapshotItem(product)) => put(batch, product),
            Some(Event::Change(change)) => {
                let time = change.change_time.as_ref().and_then(proto::time::system_time);
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

/// Waits for a deadline, if there is one.
async fn reached(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => pending().await,
    }
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
    use proto::catalogue::v1::{Heartbeat, WatchChangesResponse};
    use std::time::Duration;
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
    async fn events_before_an_interruption_are_kept() {
        let interrupted = FeedEvent::Interrupted(Interruption::Silent);
        let mut events = iter([FeedEvent::Connected, snapshot_item("1"), interrupted]);
        let Collected { batch, next, .. } = collected(&mut events).await;
        assert_eq!(batch.position.cursor, "after 1");
        assert!(!batch.is_empty());
        assert!(matches!(next, NextStep::Interrupted(Interruption::Silent)));
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

    async fn collected(events: &mut (impl Stream<Item = FeedEvent> + Unpin)) -> Collected {
        let stop = CancellationToken::new();
        collect(events, FeedPosition::default(), &Pace::default(), &stop, || {}).await
    }

    fn snapshot_item(id: &str) -> FeedEvent {
        let product = Product { id: id.to_owned(), ..Product::default() };
        event(&format!("after {id}"), Event::SnapshotItem(product))
    }

    fn event(cursor: &str, event: Event) -> FeedEvent {
        let cursor = cursor.to_owned();
        FeedEvent::Received(WatchChangesResponse { cursor, event: Some(event) })
    }
}

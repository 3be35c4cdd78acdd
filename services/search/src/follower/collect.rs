//! From events to batches.

use super::{Interrupted, pace::Pace};
use crate::index::{Batch, Position};
use chassis::CancellationToken;
use proto::catalogue::v1::{
    Change, Product, WatchChangesResponse, change::Op, product::Status,
    watch_changes_response::Event,
};
use std::time::{Duration, SystemTime};
use tokio::time::{Instant, timeout_at};
use tokio_stream::{Stream, StreamExt as _};

/// A feed sends something every few seconds, a heartbeat at least. One that is silent for so long
/// is dead, whatever its connection says.
pub(super) const SILENCE: Duration = Duration::from_secs(15);

/// What to do when the batch has been committed.
#[derive(Debug)]
pub(super) enum Next {
    More,
    /// Nothing was waiting behind the batch.
    CaughtUp,
    Stop,
    Failed(Interrupted),
}

/// Events that are worth a commit.
#[derive(Debug)]
pub(super) struct Collected {
    /// What came before a failure is in it.
    pub(super) batch: Batch,
    /// When the last change of it was made, by the catalogue's clock.
    pub(super) changed_at: Option<SystemTime>,
    pub(super) next: Next,
}

/// Reads events until they are worth a commit. `on_change` is called when there are changes that
/// cannot be found yet.
pub(super) async fn collect(
    events: &mut (impl Stream<Item = Result<WatchChangesResponse, tonic::Status>> + Unpin),
    position: Position,
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
) -> Next {
    let mut commit_by = None;
    while !batch.is_full() {
        let due = commit_by.into_iter().chain(pace.due).min();
        let deadline = due.unwrap_or_else(|| Instant::now() + SILENCE);
        let read = tokio::select! {
            () = stop.cancelled() => return Next::Stop,
            read = timeout_at(deadline, events.next()) => read,
        };
        let response = match read {
            Ok(Some(Ok(response))) => response,
            Ok(Some(Err(status))) => return Next::Failed(status.into()),
            Ok(None) => return Next::Failed(Interrupted::Ended),
            Err(_) if due.is_some() => break,
            Err(_) => return Next::Failed(Interrupted::Silent),
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
            Some(Event::Heartbeat(_)) => return Next::CaughtUp,
            // Of a catalogue newer than us: nothing that we index.
            None => {}
        }
        on_change();
        commit_by.get_or_insert_with(|| pace.commit_by(!batch.position.complete));
    }
    Next::More
}

fn system_time(time: &pbjson_types::Timestamp) -> Option<SystemTime> {
    let seconds = Duration::from_secs(time.seconds.try_into().ok()?);
    let nanos = Duration::from_nanos(time.nanos.try_into().ok()?);
    SystemTime::UNIX_EPOCH.checked_add(seconds + nanos)
}

fn add(batch: &mut Batch, change: Change) {
    // A change of a category: what it means for products follows, product by product.
    if change.product_id.is_empty() {
        return;
    }
    // A product that was created again counts its revisions anew.
    if change.op() == Op::Deleted || change.product.is_none() {
        batch.delete(change.product_id);
    }
    if let Some(product) = change.product {
        put(batch, product);
    }
}

/// Shoppers find what is for sale. A catalogue older than us does not say what that is: all of it.
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
    async fn a_change_waits_for_others_a_moment_only() {
        let began = Instant::now();
        let mut events = iter([snapshot_item("1"), snapshot_item("2")]).chain(pending());
        let Collected { batch, next, .. } = collected(&mut events).await;
        assert!(matches!(next, Next::More));
        assert_eq!(batch.position.cursor, "after 2");
        assert_eq!(began.elapsed(), Pace::default().commit_by(true) - Instant::now());
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_batch_does_not_wait() {
        let began = Instant::now();
        let mut events = iter(0..).map(|number| snapshot_item(&format!("{number}")));
        let Collected { batch, next, .. } = collected(&mut events).await;
        assert!(batch.is_full() && matches!(next, Next::More));
        assert!(batch.position.cursor.ends_with("999"), "{}", batch.position.cursor);
        assert_eq!(began.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_feed_is_given_up() {
        let began = Instant::now();
        let Collected { batch, next, .. } = collected(&mut pending()).await;
        assert!(batch.is_empty() && matches!(next, Next::Failed(Interrupted::Silent)));
        assert_eq!(began.elapsed(), SILENCE);
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_waited_for_is_not_long_in_coming() {
        let began = Instant::now();
        let pace = Pace::hurried(Duration::from_secs(1));
        let stop = CancellationToken::new();
        let position = Position { complete: true, ..Position::default() };
        let mut nothing = pending();
        let Collected { batch, next, .. } =
            collect(&mut nothing, position.clone(), &pace, &stop, || {}).await;
        assert!(batch.is_empty() && matches!(next, Next::More));
        assert_eq!(began.elapsed(), Duration::from_secs(1));
        let pace = Pace::hurried(Duration::from_secs(1));
        let mut events = iter([snapshot_item("1")]).chain(pending());
        collect(&mut events, position, &pace, &stop, || {}).await;
        assert!(began.elapsed() < Duration::from_millis(1_100));
    }

    #[tokio::test(start_paused = true)]
    async fn what_came_before_a_failure_is_kept() {
        let mut events = iter([snapshot_item("1"), Err(tonic::Status::unavailable("cut"))]);
        let Collected { batch, next, .. } = collected(&mut events).await;
        assert!(!batch.is_empty() && matches!(next, Next::Failed(Interrupted::Feed(_))));
        let Collected { next, .. } = collected(&mut events).await;
        assert!(matches!(next, Next::Failed(Interrupted::Ended)));
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_of_the_last_change_is_told() {
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
    async fn a_heartbeat_says_that_nothing_is_waiting() {
        let heartbeat = Event::Heartbeat(Heartbeat::default());
        let mut events = iter([snapshot_item("1"), event("now", heartbeat)]).chain(pending());
        let Collected { batch, next, .. } = collected(&mut events).await;
        assert!(matches!(next, Next::CaughtUp));
        assert_eq!(batch.position.cursor, "now");
    }

    async fn collected(
        events: &mut (impl Stream<Item = Result<WatchChangesResponse, tonic::Status>> + Unpin),
    ) -> Collected {
        let stop = CancellationToken::new();
        collect(events, Position::default(), &Pace::default(), &stop, || {}).await
    }

    fn snapshot_item(id: &str) -> Result<WatchChangesResponse, tonic::Status> {
        let product = Product { id: id.to_owned(), ..Product::default() };
        event(&format!("after {id}"), Event::SnapshotItem(product))
    }

    fn event(cursor: &str, event: Event) -> Result<WatchChangesResponse, tonic::Status> {
        Ok(WatchChangesResponse { cursor: cursor.to_owned(), event: Some(event) })
    }
}

//! From events to batches.

use super::Interrupted;
use crate::index::{Batch, Position};
use chassis::CancellationToken;
use proto::catalogue::v1::{
    Change, Product, WatchChangesResponse, change::Op, product::Status,
    watch_changes_response::Event,
};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use tokio_stream::{Stream, StreamExt as _};

/// How long a change may wait for others to be committed with. A new product is to be found within
/// a second of its write; a commit costs the same for one change as for a hundred.
const COMMIT_WITHIN: Duration = Duration::from_millis(200);

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

/// Reads events until they are worth a commit. What came before a failure is in the batch.
/// `on_change` is called when the batch has changes that cannot be found yet.
pub(super) async fn collect(
    events: &mut (impl Stream<Item = Result<WatchChangesResponse, tonic::Status>> + Unpin),
    position: Position,
    shutdown: &CancellationToken,
    on_change: impl Fn(),
) -> (Batch, Next) {
    let mut batch = Batch::new(position);
    let mut commit_by = None;
    while !batch.is_full() {
        let deadline = commit_by.unwrap_or_else(|| Instant::now() + SILENCE);
        let read = tokio::select! {
            () = shutdown.cancelled() => return (batch, Next::Stop),
            read = timeout_at(deadline, events.next()) => read,
        };
        let response = match read {
            Ok(Some(Ok(response))) => response,
            Ok(Some(Err(status))) => return (batch, Next::Failed(status.into())),
            Ok(None) => return (batch, Next::Failed(Interrupted::Ended)),
            Err(_) if commit_by.is_some() => break,
            Err(_) => return (batch, Next::Failed(Interrupted::Silent)),
        };
        if !response.cursor.is_empty() {
            batch.position.cursor = response.cursor;
        }
        match response.event {
            Some(Event::SnapshotItem(product)) => put(&mut batch, product),
            Some(Event::Change(change)) => add(&mut batch, change),
            Some(Event::SnapshotComplete(_)) => {
                batch.position.complete = true;
                batch.sweep = true;
                break;
            }
            Some(Event::Heartbeat(_)) => return (batch, Next::CaughtUp),
            // Of a catalogue newer than us: nothing that we index.
            None => {}
        }
        on_change();
        commit_by.get_or_insert_with(|| Instant::now() + COMMIT_WITHIN);
    }
    (batch, Next::More)
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
        let (batch, next) = collected(&mut events).await;
        assert!(matches!(next, Next::More));
        assert_eq!(batch.position.cursor, "after 2");
        assert_eq!(began.elapsed(), COMMIT_WITHIN);
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_batch_does_not_wait() {
        let began = Instant::now();
        let mut events = iter(0..).map(|number| snapshot_item(&format!("{number}")));
        let (batch, next) = collected(&mut events).await;
        assert!(batch.is_full() && matches!(next, Next::More));
        assert_eq!(batch.position.cursor, "after 999");
        assert_eq!(began.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_feed_is_given_up() {
        let began = Instant::now();
        let (batch, next) = collected(&mut pending()).await;
        assert!(batch.is_empty() && matches!(next, Next::Failed(Interrupted::Silent)));
        assert_eq!(began.elapsed(), SILENCE);
    }

    #[tokio::test(start_paused = true)]
    async fn what_came_before_a_failure_is_kept() {
        let mut events = iter([snapshot_item("1"), Err(tonic::Status::unavailable("cut"))]);
        let (batch, next) = collected(&mut events).await;
        assert!(!batch.is_empty() && matches!(next, Next::Failed(Interrupted::Feed(_))));
        let (_, next) = collected(&mut events).await;
        assert!(matches!(next, Next::Failed(Interrupted::Ended)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_heartbeat_says_that_nothing_is_waiting() {
        let heartbeat = Event::Heartbeat(Heartbeat::default());
        let mut events = iter([snapshot_item("1"), event("now", heartbeat)]).chain(pending());
        let (batch, next) = collected(&mut events).await;
        assert!(matches!(next, Next::CaughtUp));
        assert_eq!(batch.position.cursor, "now");
    }

    async fn collected(
        events: &mut (impl Stream<Item = Result<WatchChangesResponse, tonic::Status>> + Unpin),
    ) -> (Batch, Next) {
        let shutdown = CancellationToken::new();
        collect(events, Position::default().resumed(), &shutdown, || {}).await
    }

    fn snapshot_item(id: &str) -> Result<WatchChangesResponse, tonic::Status> {
        let product = Product { id: id.to_owned(), ..Product::default() };
        event(&format!("after {id}"), Event::SnapshotItem(product))
    }

    fn event(cursor: &str, event: Event) -> Result<WatchChangesResponse, tonic::Status> {
        Ok(WatchChangesResponse { cursor: cursor.to_owned(), event: Some(event) })
    }
}

//! Reads the feed for one stream, until it has reached the changes that are kept for all streams.
//!
//! In a separate task, so that a client that reads nothing does not keep its permit.

use std::time::Duration;

use proto::catalogue::v1::{Change, WatchChangesResponse, watch_changes_response::Event};
use rpc::status::upstream_unavailable;
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc},
    time::timeout,
};
use tonic::{Status, Streaming};

use crate::live::{Begin, ChangeStream, LiveChanges};

/// Number of events read ahead of the client.
const AHEAD: usize = 16;
/// Time after which the read ends if the client takes no event.
const STALL_TIMEOUT: Duration = Duration::from_secs(30);

/// A part of a stream that is catching up. The channel ends without [`CaughtUp`](Self::CaughtUp) or
/// [`Failed`](Self::Failed) if the client was too slow.
#[expect(clippy::large_enum_variant, reason = "most items are events")]
pub(super) enum CatchUp {
    Event(WatchChangesResponse),
    /// These changes follow.
    CaughtUp(ChangeStream),
    Failed(Status),
}

/// A read of the feed for one stream.
pub(super) struct CatchUpReader {
    feed: Streaming<WatchChangesResponse>,
    changes: LiveChanges,
    /// The products of the stream; empty: all.
    product_ids: Vec<String>,
    /// The changes that follow the event that was read last.
    reached: Option<ChangeStream>,
    /// Held until the read ends.
    _permit: OwnedSemaphorePermit,
}

impl CatchUpReader {
    pub(super) fn new(
        feed: Streaming<WatchChangesResponse>,
        changes: LiveChanges,
        product_ids: Vec<String>,
        permit: OwnedSemaphorePermit,
    ) -> Self {
        Self { feed, changes, product_ids, reached: None, _permit: permit }
    }

    /// Starts to read.
    pub(super) fn start(mut self) -> mpsc::Receiver<CatchUp> {
        let (sender, receiver) = mpsc::channel(AHEAD);
        tokio::spawn(async move {
            while let Some(item) = self.next(&sender).await {
                let is_last = !matches!(item, CatchUp::Event(_));
                let sent = timeout(STALL_TIMEOUT, sender.send(item)).await;
                if is_last || !matches!(sent, Ok(Ok(()))) {
                    return;
                }
            }
        });
        receiver
    }

    /// The next item; `None` when the client has closed the stream.
    async fn next(&mut self, sender: &mpsc::Sender<CatchUp>) -> Option<CatchUp> {
        if let Some(reached) = self.reached.take() {
            return Some(CatchUp::CaughtUp(reached));
        }
        loop {
            let read = tokio::select! {
                read = self.feed.message() => read,
                () = sender.closed() => return None,
            };
            let response = match read {
                Ok(Some(response)) => response,
                Ok(None) => return Some(CatchUp::Failed(upstream_unavailable("catalogue"))),
                Err(status) => return Some(CatchUp::Failed(status)),
            };
            match &response.event {
                // Nothing is waiting: later changes are, or will be, among the changes for all.
                Some(Event::Heartbeat(_) | Event::SnapshotComplete(_)) => {
                    let begin = Begin::Reached(&response.cursor);
                    self.reached = self.changes.follow(begin, &self.product_ids);
                }
                Some(Event::Change(change)) if !self.is_about(change) => continue,
                _ => {}
            }
            return Some(CatchUp::Event(response));
        }
    }

    fn is_about(&self, change: &Change) -> bool {
        self.product_ids.is_empty() || self.product_ids.contains(&change.product_id)
    }
}

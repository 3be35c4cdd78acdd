//! The follower: broadcasts the change feed, and publishes the feed's status.

use std::sync::Arc;

use feed::{Feed, FeedEvent};
use proto::catalogue::v1::watch_changes_response::Event;
use tokio::sync::watch;

use super::{changes::LiveChanges, shards::Shards, update::StockUpdate};

/// Status of the change feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FeedStatus {
    pub(crate) state: FeedState,
    /// Rises with each new stream: updates before it may have been missed.
    pub(crate) generation: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FeedState {
    /// The first attempt is in progress.
    Connecting,
    Up,
    Down,
}

/// Follows the change feed from now on, on behalf of all subscribers.
pub(super) struct Follower {
    feed: Feed,
    shards: Shards<StockUpdate>,
    changes: LiveChanges,
    status: watch::Sender<FeedStatus>,
}

impl Follower {
    pub(super) fn new(
        feed: Feed,
        shards: Shards<StockUpdate>,
        changes: LiveChanges,
    ) -> (Self, watch::Receiver<FeedStatus>) {
        let initial = FeedStatus { state: FeedState::Connecting, generation: 0 };
        let (status, receiver) = watch::channel(initial);
        (Self { feed, shards, changes, status }, receiver)
    }

    /// Follows until it is cancelled, and can then be run again.
    pub(super) async fn run(&mut self) {
        loop {
            match self.feed.next().await {
                // Subscribers read their products again.
                FeedEvent::Connected => self.status.send_modify(|status| {
                    status.state = FeedState::Up;
                    status.generation += 1;
                }),
                FeedEvent::Received(response) => {
                    if let Some(update) = response.event.as_ref().and_then(StockUpdate::from_event)
                    {
                        let product_id = Arc::clone(&update.product_id);
                        self.shards.send(&product_id, update);
                    }
                    let change = match response.event {
                        Some(Event::Change(change)) => Some(change),
                        _ => None,
                    };
                    self.changes.push(response.cursor, change);
                }
                FeedEvent::Interrupted(interruption) => {
                    self.status.send_modify(|status| status.state = FeedState::Down);
                    if interruption.is_cursor_expired() {
                        tracing::warn!("the feed cursor has expired; following from now on");
                        self.changes.start_over();
                        self.feed.start_over();
                    }
                }
            }
        }
    }
}

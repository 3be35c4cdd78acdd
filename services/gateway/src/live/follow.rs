//! The follower: broadcasts the change feed, and publishes the feed's status.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

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

/// When the last event of the feed arrived. Cheap to clone; clones share it.
#[derive(Clone)]
pub(crate) struct LastEvent {
    origin: Instant,
    /// Milliseconds since the origin, plus one; 0: there has been none.
    at: Arc<AtomicU64>,
}

impl LastEvent {
    /// Time since the last event; `None` before the first.
    pub(crate) fn age(&self) -> Option<Duration> {
        let at = self.at.load(Ordering::Relaxed).checked_sub(1)?;
        Some(self.origin.elapsed().saturating_sub(Duration::from_millis(at)))
    }

    fn set(&self) {
        let at = u64::try_from(self.origin.elapsed().as_millis()).unwrap_or(u64::MAX - 1);
        self.at.store(at + 1, Ordering::Relaxed);
    }
}

/// Follows the change feed from now on, on behalf of all subscribers.
pub(super) struct Follower {
    feed: Feed,
    shards: Shards<StockUpdate>,
    changes: LiveChanges,
    status: watch::Sender<FeedStatus>,
    last_event: LastEvent,
}

impl Follower {
    pub(super) fn new(
        feed: Feed,
        shards: Shards<StockUpdate>,
        changes: LiveChanges,
    ) -> (Self, watch::Receiver<FeedStatus>) {
        let initial = FeedStatus { state: FeedState::Connecting, generation: 0 };
        let (status, receiver) = watch::channel(initial);
        let last_event = LastEvent { origin: Instant::now(), at: Arc::default() };
        (Self { feed, shards, changes, status, last_event }, receiver)
    }

    pub(super) fn last_event(&self) -> LastEvent {
        self.last_event.clone()
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
                    self.last_event.set();
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

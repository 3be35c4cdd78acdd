//! Live stock and changes: one stream of the catalogue's change feed, broadcast to all event streams.
//!
//! Updates of stock are distributed over a fixed number of bounded channels by product, so that a subscriber
//! is woken for few products besides its own. A subscriber that lags loses updates, is notified of
//! that, and reads its products again.
//!
//! **Invariant:** a subscriber that subscribes before it reads its products, and reads them again at
//! each new generation of the [`FeedStatus`], ends up with the newest stock.

mod changes;
mod follow;
mod shards;
mod update;

pub(crate) use changes::{Begin, ChangeStream, LiveChange, LiveChanges};
pub(crate) use follow::{FeedState, FeedStatus};
pub(crate) use update::{MAX_VARIANTS, Prices, Stock, StockUpdate, VariantStock};

use std::{sync::Arc, time::Duration};

use chassis::{CancellationToken, supervise};
use feed::{Connection, Feed};
use follow::{Follower, LastEvent};
use proto::catalogue::v1::{
    WatchChangesRequest, feed_service_client::FeedServiceClient, watch_changes_request::Start,
};
use shards::{Shards, Updates};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, watch};

/// Interval of the feed's heartbeats, with room for a late one.
const HEARTBEAT: Duration = Duration::from_secs(6);

/// Maximum number of subscribers that read their products at the same time: after an outage all of
/// them do.
const MAX_CONCURRENT_READS: usize = 32;

/// Maximum number of streams that read the feed by themselves, until they have caught up.
const MAX_CATCH_UPS: usize = 64;

/// Stock as it changes, and the changes. Cheap to clone; clones share one stream of the change feed.
#[derive(Clone)]
pub(crate) struct LiveStock {
    shards: Shards<StockUpdate>,
    changes: LiveChanges,
    status: watch::Receiver<FeedStatus>,
    last_event: LastEvent,
    catch_ups: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    reads: Arc<Semaphore>,
}

/// The updates of some products, and the status of the feed.
pub(crate) struct Subscription {
    pub(crate) updates: Updates<StockUpdate>,
    pub(crate) status: watch::Receiver<FeedStatus>,
    reads: Arc<Semaphore>,
}

impl LiveStock {
    /// Starts to follow the change feed, on the current runtime until `shutdown`. `max_streams`: maximum open event
    /// streams.
    pub(crate) fn start<C: Connection>(
        client: FeedServiceClient<C>,
        max_streams: usize,
        shutdown: CancellationToken,
    ) -> Self {
        let request = WatchChangesRequest { start: Start::Now.into(), ..Default::default() };
        let shards = Shards::new();
        let changes = LiveChanges::new();
        let feed = Feed::new(client, request);
        let (follower, status) = Follower::new(feed, shards.clone(), changes.clone());
        let last_event = follower.last_event();
        // Shared, so that a run after a panic resumes from the same cursor.
        let follower = Arc::new(Mutex::new(follower));
        let following = supervise("live", move || {
            let follower = follower.clone();
            async move { follower.lock().await.run().await }
        });
        tokio::spawn(async move {
            shutdown.run_until_cancelled_owned(following).await;
        });
        Self {
            shards,
            changes,
            status,
            last_event,
            catch_ups: Arc::new(Semaphore::new(MAX_CATCH_UPS)),
            streams: Arc::new(Semaphore::new(max_streams.min(Semaphore::MAX_PERMITS))),
            reads: Arc::new(Semaphore::new(MAX_CONCURRENT_READS)),
        }
    }

    /// Returns the permit of one more event stream, or `None` at the limit.
    pub(crate) fn try_open_stream(&self) -> Option<OwnedSemaphorePermit> {
        self.streams.clone().try_acquire_owned().ok()
    }

    /// The changes, for all streams.
    pub(crate) fn changes(&self) -> &LiveChanges {
        &self.changes
    }

    /// The status of the feed.
    pub(crate) fn status(&self) -> watch::Receiver<FeedStatus> {
        self.status.clone()
    }

    /// For how long the live state has not been known to be current; `None` if it never has been.
    pub(crate) fn lag(&self) -> Option<Duration> {
        let age = self.last_event.age()?;
        let is_up = self.status.borrow().state == FeedState::Up;
        // Up to a heartbeat, silence is no lag.
        Some(if is_up { age.saturating_sub(HEARTBEAT) } else { age })
    }

    /// Waits for the permit to read the feed for one stream, which is to be held meanwhile.
    pub(crate) async fn catch_up_permit(&self) -> OwnedSemaphorePermit {
        self.catch_ups.clone().acquire_owned().await.expect("the semaphore is never closed")
    }

    /// Subscribes to the updates of these products. Others are received, too.
    pub(crate) fn subscribe(&self, product_ids: &[String]) -> Subscription {
        let updates = self.shards.subscribe(product_ids);
        Subscription { updates, status: self.status.clone(), reads: self.reads.clone() }
    }
}

impl Subscription {
    /// Waits for the permit to read products, which is to be held meanwhile.
    pub(crate) async fn read_permit(&self) -> OwnedSemaphorePermit {
        self.reads.clone().acquire_owned().await.expect("the semaphore is never closed")
    }
}

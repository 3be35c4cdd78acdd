//! Follows the writes of other replicas of this service to the shared PostgreSQL database.
//!
//! They concern the state in memory: the category tree, the product counts, the product cache, and
//! the readers of the feed. Each replica polls the feed; after a write it also sends a notification,
//! on which the others poll immediately. A lost notification only delays them to the next poll.

mod follower;
mod gaps;

use std::time::Duration;

use sea_orm::{DatabaseConnection, DbErr};
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};

use self::follower::Follower;
use super::{Store, cache::MAX_STALENESS, engine};
use crate::domain::{Error, Result};

/// The interval between polls without notifications.
const POLL_INTERVAL: Duration = Duration::from_millis(250);
/// The minimum interval between polls, and between notifications.
const MIN_INTERVAL: Duration = Duration::from_millis(20);
/// The delay before the first connection is opened, so that the first requests of a new process are
/// not slowed down.
const START_DELAY: Duration = Duration::from_millis(50);
/// The delay before listening is retried.
const LISTEN_RETRY_DELAY: Duration = Duration::from_secs(1);

/// Wakes the tasks that follow the feed.
#[derive(Debug, Default)]
pub(super) struct Signals {
    /// This process has committed a write.
    pub(super) written: Notify,
    /// Another process has sent a notification.
    notified: Notify,
}

impl Store {
    /// Starts the tasks that follow other replicas until the store is closed. `pool` has two
    /// connections reserved for them: one listens, and one polls however busy the other pools are.
    pub(super) fn follow_replicas(&self, pool: &DatabaseConnection) {
        let (poller, listener, notifier) = (self.clone(), self.clone(), self.clone());
        let (poll_pool, listen_pool) = (pool.clone(), pool.clone());
        self.spawn_until_closed(async move {
            sleep(START_DELAY).await;
            poller.poll_feed(&poll_pool).await;
        });
        self.spawn_until_closed(async move {
            sleep(START_DELAY).await;
            listener.listen(&listen_pool).await;
        });
        self.spawn_until_closed(async move { notifier.notify_replicas().await });
    }

    fn spawn_until_closed(&self, work: impl Future<Output = ()> + Send + 'static) {
        let closing = self.0.closing.clone();
        self.0.background.spawn(closing.run_until_cancelled_owned(work));
    }

    async fn poll_feed(&self, db: &DatabaseConnection) {
        let mut follower = Follower::default();
        let mut is_failing = false;
        loop {
            // A slower poll is useless to the cache, and may hang.
            let polled = timeout(MAX_STALENESS, follower.poll(self, db)).await;
            let polled = polled.unwrap_or_else(|elapsed| Err(Error::Store(elapsed.into())));
            follower.log_transition(self);
            log_first_failure(&polled, is_failing);
            is_failing = polled.is_err();
            sleep(MIN_INTERVAL).await;
            timeout(POLL_INTERVAL, self.0.signals.notified.notified()).await.ok(); // poll either way
        }
    }

    async fn listen(&self, db: &DatabaseConnection) {
        loop {
            if let Err(error) = self.try_listen(db).await {
                // Polling continues, and logs its own failures.
                tracing::debug!(%error, "listening for notifications of other replicas failed");
            }
            sleep(LISTEN_RETRY_DELAY).await;
        }
    }

    async fn try_listen(&self, db: &DatabaseConnection) -> Result<(), DbErr> {
        let mut listener = engine::listen(db).await?;
        // A notification may have been sent before the listener was connected.
        self.0.signals.notified.notify_one();
        while engine::receive_notification(&mut listener).await? {
            self.0.signals.notified.notify_one();
        }
        Ok(())
    }

    /// Notifies other replicas of writes. Not in the writes' own transactions: PostgreSQL serializes
    /// the commits of transactions that notify.
    async fn notify_replicas(&self) {
        loop {
            self.0.signals.written.notified().await;
            if let Err(error) = engine::notify(&self.0.writer).await {
                tracing::debug!(%error, "other replicas could not be notified of a write");
            }
            sleep(MIN_INTERVAL).await;
        }
    }
}

/// Logs the first of consecutive failures.
fn log_first_failure(polled: &Result<()>, was_failing: bool) {
    if let Err(error) = polled
        && !was_failing
    {
        let error = error as &dyn std::error::Error;
        tracing::warn!(error, "the feed cannot be polled: writes of other replicas are not seen");
    }
}

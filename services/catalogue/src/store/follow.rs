//! What other replicas of this service change in the database we share: the categories that are
//! kept in memory, the counts of products in them, and the feed, whose readers want to be woken.
//!
//! Only where several processes write one database. We look often enough by ourselves; a replica
//! that has written something says so, and then we look at once. What is said may be lost.

use std::time::Duration;

use sea_orm::{DatabaseConnection, DbErr};
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};

use super::{
    Store, engine,
    reads::{Follower, MAX_STALENESS},
};
use crate::domain::{Error, Result};

/// How often we look when nobody says anything.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// At most so often we say that we have written, and look because others have.
const AT_MOST_EVERY: Duration = Duration::from_millis(20);
/// How long opening connections to follow with waits: the first requests of a fresh process come
/// first. What is written meanwhile is seen by the first look.
const AFTER_START: Duration = Duration::from_millis(50);
/// Before trying again to hear after that has failed; looking is tried again sooner.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Wakes the tasks that follow.
#[derive(Debug, Default)]
pub(super) struct Signals {
    /// We have committed something that others will want to know.
    pub(super) written: Notify,
    /// Another one has said that it has.
    heard: Notify,
}

impl Store {
    /// Follows until the store is closed. `watcher` are two connections for nothing else: that of
    /// the listener, and one to look with however busy the others are.
    pub(super) fn follow_others(&self, watcher: &DatabaseConnection) {
        let (looker, listener, teller) = (self.clone(), self.clone(), self.clone());
        let (look_with, listen_with) = (watcher.clone(), watcher.clone());
        self.until_closed(async move {
            sleep(AFTER_START).await;
            looker.look(&look_with).await;
        });
        self.until_closed(async move {
            sleep(AFTER_START).await;
            listener.listen(&listen_with).await;
        });
        self.until_closed(async move { teller.tell().await });
    }

    fn until_closed(&self, work: impl Future<Output = ()> + Send + 'static) {
        let closing = self.0.closing.clone();
        self.0.background.spawn(closing.run_until_cancelled_owned(work));
    }

    async fn look(&self, db: &DatabaseConnection) {
        let mut follower = Follower::default();
        let mut is_failing = false;
        loop {
            // A look that takes longer is of no use to the cache, and may never end.
            let looked = timeout(MAX_STALENESS, follower.follow(self, db)).await;
            let looked = looked.unwrap_or_else(|late| Err(Error::Store(late.into())));
            follower.report(self);
            is_failing = said(looked, is_failing);
            sleep(AT_MOST_EVERY).await;
            timeout(LOOK_EVERY, self.0.signals.heard.notified()).await.ok(); // told or not, we look
        }
    }

    async fn listen(&self, db: &DatabaseConnection) {
        loop {
            if let Err(error) = self.try_listen(db).await {
                // Looking goes on without being told, and says if that fails, too.
                tracing::debug!(%error, "other replicas are not heard");
            }
            sleep(AFTER_FAILURE).await;
        }
    }

    async fn try_listen(&self, db: &DatabaseConnection) -> Result<(), DbErr> {
        let mut listener = engine::listen(db).await?;
        // Something may have been said before.
        self.0.signals.heard.notify_one();
        while engine::hear(&mut listener).await? {
            self.0.signals.heard.notify_one();
        }
        Ok(())
    }

    /// Says what we have written, but not with each write: PostgreSQL commits transactions that
    /// say something one after the other.
    async fn tell(&self) {
        loop {
            self.0.signals.written.notified().await;
            if let Err(error) = engine::tell(&self.0.writer).await {
                tracing::debug!(%error, "other replicas were not told");
            }
            sleep(AT_MOST_EVERY).await;
        }
    }
}

/// Says the first of several failures. Whether it was one.
fn said(looked: Result<()>, is_failing: bool) -> bool {
    if let Err(error) = &looked
        && !is_failing
    {
        let error = error as &dyn std::error::Error;
        tracing::warn!(error, "what other replicas write is not seen for now");
    }
    looked.is_err()
}

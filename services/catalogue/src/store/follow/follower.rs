//! Applies the changes of other replicas to the state in memory, as soon as they are committed.
//!
//! Changes are read by sequence number: all above the highest one read so far, and those in the
//! [gaps](Gaps) below it. So each change is applied once, settled or not, however long other
//! transactions stay open.

use std::time::Instant;

use sea_orm::DatabaseConnection;

use super::gaps::Gaps;
use crate::{
    domain::{Place, Result},
    store::{
        Store,
        cache::MAX_STALENESS,
        changes::decode_place,
        engine::{self, PolledChange},
    },
};

/// Changes read in one statement.
const BATCH: usize = 2_000;

/// The state of the follower. It restarts from nothing whenever it may have missed a change.
#[derive(Debug, Default)]
pub(super) struct Follower {
    cursor: Option<FeedCursor>,
    /// Effects of changes that were read, but not applied yet.
    pending: Effects,
    /// Whether the last log line said that the cache is bypassed.
    logged_bypass: bool,
    was_fresh: bool,
}

#[derive(Debug)]
struct FeedCursor {
    /// The change with the highest sequence number read so far.
    last: Place,
    gaps: Gaps,
    /// The newest settled change of the last complete poll.
    settled: Place,
    /// Transactions below this number may have begun before the follower, and have lower sequence
    /// numbers than it polls for. None once all of them have ended.
    started_before: Option<i64>,
    /// Whether the feed is the one that the store was opened with. If the database was restored, a
    /// new one begins, and nothing is cached until the process is restarted.
    is_same_feed: bool,
}

/// The effects of changes on the state in memory other than cached products.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Effects {
    any: bool,
    categories: bool,
    memberships: bool,
}

impl Effects {
    const ALL: Self = Self { any: true, categories: true, memberships: true };

    fn add(&mut self, change: &PolledChange) {
        self.any = true;
        self.categories |= change.is_category;
        self.memberships |= change.changes_memberships;
    }
}

/// The result of reading one batch.
enum Progress {
    /// More changes follow.
    Partial,
    Complete,
    /// Changes were deleted before they were read, or the feed was set back.
    Lost,
}

impl Follower {
    /// Reads new changes and applies them.
    ///
    /// # Errors
    /// The store cannot be read. The next poll continues where this one failed.
    pub(super) async fn poll(&mut self, store: &Store, db: &DatabaseConnection) -> Result<()> {
        let mut unsettled = Vec::new();
        loop {
            let Some(cursor) = &mut self.cursor else {
                self.cursor = Some(FeedCursor::start(db).await?);
                self.pending = Effects::ALL;
                if let Some(cache) = store.0.reads.cache() {
                    cache.clear();
                }
                continue;
            };
            // Taken before the statement is sent, which may not see later commits.
            let began = Instant::now();
            match cursor.read_batch(store, db, &mut self.pending, &mut unsettled).await? {
                Progress::Partial => {}
                Progress::Lost => {
                    tracing::info!(
                        "changes of other replicas were missed: clearing the product cache"
                    );
                    self.cursor = None;
                }
                Progress::Complete => {
                    // Reset only afterwards: applying may fail, and a slow poll is cancelled.
                    store.apply(self.pending).await?;
                    self.pending = Effects::default();
                    if let Some(cache) = store.0.reads.cache() {
                        match cursor.is_reliable() {
                            true => cache.record_poll(began, cursor.settled, unsettled),
                            false => cache.clear(),
                        }
                    }
                    return cursor.bound_gaps(db).await;
                }
            }
        }
    }

    /// Logs when the product cache starts or stops being bypassed.
    pub(super) fn log_transition(&mut self, store: &Store) {
        let Some(cache) = store.0.reads.cache() else { return };
        let is_bypassed = cache.is_bypassed();
        self.was_fresh |= !is_bypassed;
        if is_bypassed == self.logged_bypass || !self.was_fresh {
            return;
        }
        self.logged_bypass = is_bypassed;
        let limit_ms = MAX_STALENESS.as_millis();
        if is_bypassed {
            tracing::warn!(
                limit_ms,
                "the product cache is bypassed: the feed could not be polled in time"
            );
        } else {
            tracing::info!("the product cache is used again");
        }
    }
}

impl FeedCursor {
    /// Starts at the end of the feed.
    async fn start(db: &DatabaseConnection) -> Result<Self> {
        // In this order: a transaction that wrote before the first read has a lower number.
        let last = engine::newest_by_sequence(db).await?;
        let started_before = Some(engine::next_transaction(db).await?);
        let (gaps, settled) = (Gaps::new(last.sequence), Place::default());
        Ok(Self { last, gaps, settled, started_before, is_same_feed: true })
    }

    /// Whether no change can have been missed.
    fn is_reliable(&self) -> bool {
        self.started_before.is_none() && self.is_same_feed
    }

    /// Reads the next changes, invalidates their products in the cache, and adds their effects to
    /// `pending`.
    async fn read_batch(
        &mut self,
        store: &Store,
        db: &DatabaseConnection,
        pending: &mut Effects,
        unsettled: &mut Vec<Place>,
    ) -> Result<Progress> {
        let poll = engine::poll_feed(db, self.last, self.gaps.ranges(), BATCH).await?;
        store.record_setting_revision(poll.setting_revision.unwrap_or_default());
        let floor = poll.floor.as_deref().map(decode_place).transpose()?;
        self.is_same_feed = poll.epoch.as_deref() == Some(store.feed_epoch().as_bytes());
        let has_polled = self.settled != Place::default();
        let is_deleted = has_polled && floor.is_some_and(|floor| floor > self.settled);
        if !poll.is_continuous || is_deleted || self.gaps.is_full() {
            return Ok(Progress::Lost);
        }
        let now = Instant::now();
        for change in &poll.changes {
            self.gaps.mark_read(change.place.sequence, now);
            if change.place.sequence > self.last.sequence {
                self.last = change.place;
            }
            pending.add(change);
            unsettled.push(change.place);
        }
        if let Some(cache) = store.0.reads.cache() {
            let products = poll.changes.iter().filter(|change| !change.is_category);
            cache.invalidate(products.map(|change| change.product_id.as_str()));
        }
        if poll.changes.len() == BATCH {
            return Ok(Progress::Partial);
        }
        self.gaps.close_below(poll.horizon);
        // Readers of the feed also wait for changes to be settled.
        pending.any |= poll.settled != self.settled;
        self.settled = poll.settled;
        if self.started_before.is_some_and(|before| poll.horizon > before) {
            self.started_before = None;
            *pending = Effects::ALL;
        }
        Ok(Progress::Complete)
    }

    /// Bounds the transactions that could fill the gaps, if some gaps are probably rollbacks.
    async fn bound_gaps(&mut self, db: &DatabaseConnection) -> Result<()> {
        if self.gaps.need_bound(Instant::now()) {
            self.gaps.set_bound(engine::next_transaction(db).await?);
        }
        Ok(())
    }
}

impl Store {
    /// Applies changes to the state in memory other than cached products.
    async fn apply(&self, effects: Effects) -> Result<()> {
        if effects.categories {
            self.reload_tree().await?;
        }
        if effects.memberships {
            self.0.membership_version.fetch_add(1, std::sync::atomic::Ordering::Release);
        }
        if effects.any {
            self.0.committed.send_replace(());
        }
        Ok(())
    }
}

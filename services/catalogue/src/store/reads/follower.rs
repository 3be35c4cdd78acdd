//! Takes in what other replicas of this service write, as soon as it can be seen.
//!
//! The feed is read by the numbers of its changes: all above the highest one read so far, and those
//! in the [gaps](Gaps) below. So each change is handled once, whether or not it is settled, and
//! however long some transaction stays open.

use std::time::Instant;

use sea_orm::DatabaseConnection;

use super::{MAX_STALENESS, gaps::Gaps};
use crate::{
    domain::{Place, Result},
    store::{
        Store, changes,
        engine::{self, SeenChange},
    },
};

/// Changes read at once.
const PAGE: usize = 2_000;

/// Where the follower stands. It begins again from nothing whenever it may have missed a change.
#[derive(Debug, Default)]
pub(in crate::store) struct Follower {
    reading: Option<Reading>,
    /// Read, but not taken in yet.
    news: News,
    /// Whether it has been said that the cache is bypassed.
    said: bool,
    was_fresh: bool,
}

#[derive(Debug)]
struct Reading {
    last: Place,
    gaps: Gaps,
    /// As of the last complete look.
    settled: Place,
    /// Transactions below it had begun before the follower did, and may have lower numbers than it
    /// looks for. None once all of them have ended.
    starting: Option<i64>,
    /// Whether the feed is the one that this process was started with. Another one begins when the
    /// database is restored: then nothing is cached until the process is restarted.
    is_ours: bool,
}

/// What changes mean for what is kept in memory beside products.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct News {
    pub(in crate::store) any: bool,
    pub(in crate::store) categories: bool,
    pub(in crate::store) memberships: bool,
}

impl News {
    const ALL: Self = Self { any: true, categories: true, memberships: true };

    fn add(&mut self, change: &SeenChange) {
        self.any = true;
        self.categories |= change.is_category;
        self.memberships |= change.moved;
    }
}

/// How a look ended.
enum Looked {
    /// There is more.
    Partly,
    Completely,
    /// Changes were forgotten before they were read, or the feed was set back.
    Lost,
}

impl Follower {
    /// Reads what is new, and takes it in.
    ///
    /// # Errors
    /// The store cannot be read. Nothing is lost by that.
    pub(in crate::store) async fn follow(
        &mut self,
        store: &Store,
        db: &DatabaseConnection,
    ) -> Result<()> {
        let mut unsettled = Vec::new();
        loop {
            let Some(reading) = &mut self.reading else {
                self.reading = Some(begin(db).await?);
                self.news = News::ALL;
                if let Some(cache) = store.0.reads.cache() {
                    cache.clear();
                }
                continue;
            };
            // Before the statement is sent: what is committed later may not be in it.
            let began = Instant::now();
            match reading.look(store, db, &mut self.news, &mut unsettled).await? {
                Looked::Partly => {}
                Looked::Lost => {
                    tracing::info!("changes were missed: the product cache begins again");
                    self.reading = None;
                }
                Looked::Completely => {
                    // Forgotten only afterwards: it may fail, and a look that takes long is cancelled.
                    store.take_in(self.news).await?;
                    self.news = News::default();
                    if let Some(cache) = store.0.reads.cache() {
                        match reading.is_reliable() {
                            true => cache.looked(began, reading.settled, unsettled),
                            false => cache.clear(),
                        }
                    }
                    return reading.bound(db).await;
                }
            }
        }
    }

    /// Says when the product cache is no longer, or again, answered from.
    pub(in crate::store) fn report(&mut self, store: &Store) {
        let Some(cache) = store.0.reads.cache() else { return };
        let is_bypassed = cache.is_bypassed();
        self.was_fresh |= !is_bypassed;
        if is_bypassed == self.said || !self.was_fresh {
            return;
        }
        self.said = is_bypassed;
        let limit_ms = MAX_STALENESS.as_millis();
        if is_bypassed {
            tracing::warn!(limit_ms, "the product cache is bypassed: the feed is not followed");
        } else {
            tracing::info!("the product cache is used again");
        }
    }
}

async fn begin(db: &DatabaseConnection) -> Result<Reading> {
    // In this order: whoever began to write before the newest number was read has a lower id.
    let last = engine::newest_number(db).await?;
    let starting = Some(engine::next_transaction(db).await?);
    let (gaps, settled) = (Gaps::new(last.sequence), Place::default());
    Ok(Reading { last, gaps, settled, starting, is_ours: true })
}

impl Reading {
    /// Whether no change can have been missed.
    fn is_reliable(&self) -> bool {
        self.starting.is_none() && self.is_ours
    }

    async fn look(
        &mut self,
        store: &Store,
        db: &DatabaseConnection,
        news: &mut News,
        unsettled: &mut Vec<Place>,
    ) -> Result<Looked> {
        let look = engine::look(db, self.last, self.gaps.ranges(), PAGE).await?;
        let floor = look.floor.as_deref().map(changes::unpack).transpose()?;
        self.is_ours = look.epoch.as_deref() == Some(store.feed_epoch().as_bytes());
        let has_begun = self.settled != Place::default();
        let is_forgotten = has_begun && floor.is_some_and(|floor| floor > self.settled);
        if !look.is_continuous || is_forgotten || self.gaps.is_full() {
            return Ok(Looked::Lost);
        }
        let now = Instant::now();
        for change in &look.changes {
            self.gaps.read(change.place.sequence, now);
            if change.place.sequence > self.last.sequence {
                self.last = change.place;
            }
            news.add(change);
            unsettled.push(change.place);
        }
        if let Some(cache) = store.0.reads.cache() {
            let products = look.changes.iter().filter(|change| !change.is_category);
            cache.written(products.map(|change| change.product_id.as_str()));
        }
        if look.changes.len() == PAGE {
            return Ok(Looked::Partly);
        }
        self.gaps.settle(look.horizon);
        // Readers of the feed wait for what is settled, too.
        news.any |= look.settled != self.settled;
        self.settled = look.settled;
        if self.starting.is_some_and(|before| look.horizon > before) {
            self.starting = None;
            *news = News::ALL;
        }
        Ok(Looked::Completely)
    }

    /// Asks who could fill the gaps, if some may never be.
    async fn bound(&mut self, db: &DatabaseConnection) -> Result<()> {
        if self.gaps.want_bound(Instant::now()) {
            self.gaps.bound(engine::next_transaction(db).await?);
        }
        Ok(())
    }
}

impl Store {
    /// Takes in what is not about single products.
    async fn take_in(&self, news: News) -> Result<()> {
        if news.categories {
            self.reload_tree().await?;
        }
        if news.memberships {
            self.0.memberships.fetch_add(1, std::sync::atomic::Ordering::Release);
        }
        if news.any {
            self.0.committed.send_replace(());
        }
        Ok(())
    }
}

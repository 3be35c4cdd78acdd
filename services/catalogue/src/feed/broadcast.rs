//! Broadcast of changes within the process: one reader of the feed serves all subscriptions.
//!
//! `WatchAvailability` subscribes to the changes alone; `WatchChanges` follows [`LiveChanges`], where
//! they have their products.

use std::{sync::Arc, time::Duration};

use chassis::{CancellationToken, supervise};
use tokio::{
    sync::{broadcast, watch},
    time::{sleep, timeout},
};

use super::{
    LoadedChanges,
    live_changes::{LiveChanges, LiveWatch},
};
use crate::{
    domain::{Change, Error, Micros, Place, Result, now},
    store::Store,
};

/// Number of changes read by one query.
const PAGE: u64 = 500;
/// Number of pages buffered for slow subscriptions. A subscription that is further behind gets
/// [`Lagged`].
const BUFFERED_PAGES: usize = 64;
/// Pause after the store has failed.
const RETRY: Duration = Duration::from_secs(1);
/// Delay of the first read, unless there is a commit before.
const AFTER_START: Duration = Duration::from_millis(50);
/// Interval of reads without a notification of a commit.
const POLL: Duration = Duration::from_secs(1);
/// The same while committed changes are not readable yet, of which there is no notification.
const POLL_UNSETTLED: Duration = Duration::from_millis(25);

/// Source of subscriptions. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct ChangeBroadcast {
    pages: broadcast::Sender<Page>,
    live: LiveChanges,
    watermark: watch::Receiver<Option<Micros>>,
}

/// Receives the changes since it was opened.
#[derive(Debug)]
pub(crate) struct Subscription {
    pages: broadcast::Receiver<Page>,
    watermark: watch::Receiver<Option<Micros>>,
}

/// Changes are missing: the subscription was too slow, or they were deleted before they were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lagged;

/// `None` marks missing changes.
type Page = Option<Arc<[Change]>>;

impl ChangeBroadcast {
    /// Starts to read the feed, until `shutdown`.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn start(store: Store, shutdown: CancellationToken) -> Result<Self> {
        let place = match store.settled_at_open() {
            Some(place) => place,
            None => store.feed_bounds().await?.settled,
        };
        let (pages, _) = broadcast::channel(BUFFERED_PAGES);
        let (reached, watermark) = watch::channel(None);
        let live = LiveChanges::new();
        let (store_read, sent, kept) = (store.clone(), pages.clone(), live.clone());
        let reader = Reader { store: store_read, pages: sent, live: kept, reached, place };
        // Shared, so that a restart after a panic continues at the same place.
        let reader = Arc::new(tokio::sync::Mutex::new(reader));
        let reading = supervise("change broadcast", move || {
            let reader = reader.clone();
            async move { reader.lock().await.run().await }
        });
        store.background().spawn(async move {
            tokio::select! {
                () = reading => {}
                () = shutdown.cancelled() => {}
            }
        });
        Ok(Self { pages, live, watermark })
    }

    /// Subscribes to all changes from now on.
    pub(crate) fn subscribe(&self) -> Subscription {
        Subscription { pages: self.pages.subscribe(), watermark: self.watermark.clone() }
    }

    /// Starts a watch of the newest changes with their products.
    pub(crate) fn watch(&self) -> LiveWatch {
        self.live.watch()
    }

    /// Time up to which the feed has been read without a gap, if known.
    pub(crate) fn watermark(&self) -> Option<Micros> {
        *self.watermark.borrow()
    }
}

impl Subscription {
    /// Waits for the next changes.
    ///
    /// # Errors
    /// Changes are missing.
    pub(crate) async fn next(&mut self) -> Result<Arc<[Change]>, Lagged> {
        self.pages.recv().await.ok().flatten().ok_or(Lagged)
    }

    /// Returns the next changes, if there are any yet.
    ///
    /// # Errors
    /// As [`Subscription::next`].
    pub(crate) fn try_next(&mut self) -> Result<Option<Arc<[Change]>>, Lagged> {
        match self.pages.try_recv() {
            Ok(page) => page.map(Some).ok_or(Lagged),
            Err(broadcast::error::TryRecvError::Empty) => Ok(None),
            Err(_) => Err(Lagged),
        }
    }

    /// Time up to which the subscription is complete, once all changes available now are received.
    pub(crate) fn watermark(&self) -> Option<Micros> {
        *self.watermark.borrow()
    }
}

struct Reader {
    store: Store,
    pages: broadcast::Sender<Page>,
    live: LiveChanges,
    reached: watch::Sender<Option<Micros>>,
    place: Place,
}

impl Reader {
    async fn run(&mut self) {
        let mut commits = self.store.commits();
        let mut failing = false;
        // Leaves the store's connections to the first requests of a new process.
        timeout(AFTER_START, commits.changed()).await.ok();
        loop {
            commits.mark_unchanged();
            let read_at = now();
            match self.read(read_at).await {
                Ok(pause) => {
                    if std::mem::take(&mut failing) {
                        tracing::info!("change feed is readable again");
                    }
                    timeout(pause, commits.changed()).await.ok();
                }
                Err(error) => {
                    self.live.interrupt();
                    if !std::mem::replace(&mut failing, true) {
                        let error = &error as &dyn std::error::Error;
                        tracing::warn!(error, "change feed cannot be read; retrying");
                    }
                    sleep(RETRY).await;
                }
            }
        }
    }

    /// Reads a page; returns the pause before the next read.
    async fn read(&mut self, read_at: Micros) -> Result<Duration> {
        if !self.is_followed()
            && let Some(pause) = self.skip(read_at).await?
        {
            return Ok(pause);
        }
        let page = match self.store.changes_after(self.place, PAGE).await {
            Err(Error::CursorExpired) => return self.skip_to_newest().await,
            page => page?,
        };
        let more = page.changes.len() as u64 == PAGE;
        if page.changes.is_empty() {
            self.live.begin_at(self.place);
        }
        if let Some(last) = page.changes.last() {
            let (after, end) = (self.place, last.place);
            let changes: Arc<[Change]> = page.changes.into();
            match self.live.has_watches() {
                true => {
                    let all = |_: &_| true;
                    let loaded =
                        LoadedChanges::load(&self.store, Arc::clone(&changes), all).await?;
                    self.live.push(after, loaded);
                }
                false => self.live.skip_to(end),
            }
            self.place = end;
            // Fails if the last subscription has been dropped.
            self.pages.send(Some(changes)).ok();
        }
        // After the changes, so that a subscription receives them first.
        if page.complete {
            self.reached.send_replace(Some(read_at));
        }
        Ok(match page.complete {
            true => POLL,
            false if more => Duration::ZERO,
            false => POLL_UNSETTLED,
        })
    }

    fn is_followed(&self) -> bool {
        self.pages.receiver_count() > 0 || self.live.has_watches()
    }

    /// Skips the changes while there are no subscriptions; returns the pause before the next read.
    /// `None` if there is a new subscription, which must not miss later changes.
    async fn skip(&mut self, read_at: Micros) -> Result<Option<Duration>> {
        let bounds = self.store.feed_bounds().await?;
        if self.is_followed() {
            return Ok(None);
        }
        self.place = bounds.settled;
        self.live.skip_to(self.place);
        if bounds.is_settled() {
            self.reached.send_replace(Some(read_at));
            return Ok(Some(POLL));
        }
        Ok(Some(POLL_UNSETTLED))
    }

    /// Continues at the newest change after others were deleted before they were read.
    async fn skip_to_newest(&mut self) -> Result<Duration> {
        tracing::warn!("changes were deleted before they were read; --keep-changes is too low");
        self.place = self.store.feed_bounds().await?.settled;
        self.live.skip_to(self.place);
        self.pages.send(None).ok();
        Ok(Duration::ZERO)
    }
}

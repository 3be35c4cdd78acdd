//! One follower of the feed for the whole process: it reads each change once and hands it to all
//! who wait for something, however many they are.

use std::{sync::Arc, time::Duration};

use chassis::{CancellationToken, supervise};
use tokio::{
    sync::{broadcast, watch},
    time::{sleep, timeout},
};

use crate::{
    domain::{Change, Error, Micros, Place, Result, now},
    store::Store,
};

/// Changes read at once.
const PAGE: u64 = 500;
/// Pages that a slow subscriber may be behind. One that is further behind is told so.
const KEPT: usize = 64;
/// How long we wait after the store has failed.
const RETRY: Duration = Duration::from_secs(1);
/// How long the first look waits, unless something is written.
const AFTER_START: Duration = Duration::from_millis(50);
/// How often we look although nobody has woken us.
const POLL: Duration = Duration::from_secs(1);
/// The same while something has been written that cannot be read yet: nobody says when it can.
const POLL_UNSETTLED: Duration = Duration::from_millis(25);

/// Where to hear of changes. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct News {
    pages: broadcast::Sender<Page>,
    watermark: watch::Receiver<Option<Micros>>,
}

/// Changes from now on.
#[derive(Debug)]
pub(crate) struct Subscription {
    pages: broadcast::Receiver<Page>,
    watermark: watch::Receiver<Option<Micros>>,
}

/// Changes were missed: too many came at once, or they were forgotten before they were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Missed;

/// None where changes are missing.
type Page = Option<Arc<[Change]>>;

impl News {
    /// Begins to follow the feed, until `shutdown`.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn follow(store: Store, shutdown: CancellationToken) -> Result<Self> {
        let place = match store.settled_at_start() {
            Some(place) => place,
            None => store.kept_changes().await?.newest,
        };
        let (pages, _) = broadcast::channel(KEPT);
        let (reached, watermark) = watch::channel(None);
        let follower = Follower { store: store.clone(), pages: pages.clone(), reached, place };
        // Begun anew it goes on where it was.
        let follower = Arc::new(tokio::sync::Mutex::new(follower));
        let following = supervise("news", move || {
            let follower = follower.clone();
            async move { follower.lock().await.run().await }
        });
        store.background().spawn(async move {
            tokio::select! {
                () = following => {}
                () = shutdown.cancelled() => {}
            }
        });
        Ok(Self { pages, watermark })
    }

    /// All changes from now on.
    pub(crate) fn subscribe(&self) -> Subscription {
        Subscription { pages: self.pages.subscribe(), watermark: self.watermark.clone() }
    }

    /// Up to when the feed has been read without a gap, if that is known.
    pub(crate) fn watermark(&self) -> Option<Micros> {
        *self.watermark.borrow()
    }
}

impl Subscription {
    /// The next changes.
    ///
    /// # Errors
    /// Some of them are missing.
    pub(crate) async fn next(&mut self) -> Result<Arc<[Change]>, Missed> {
        self.pages.recv().await.ok().flatten().ok_or(Missed)
    }

    /// The next changes, if there are any yet.
    ///
    /// # Errors
    /// As [`Subscription::next`].
    pub(crate) fn try_next(&mut self) -> Result<Option<Arc<[Change]>>, Missed> {
        match self.pages.try_recv() {
            Ok(page) => page.map(Some).ok_or(Missed),
            Err(broadcast::error::TryRecvError::Empty) => Ok(None),
            Err(_) => Err(Missed),
        }
    }

    /// Up to when nothing has been missed, once everything is taken that there is to take now.
    pub(crate) fn watermark(&self) -> Option<Micros> {
        *self.watermark.borrow()
    }
}

struct Follower {
    store: Store,
    pages: broadcast::Sender<Page>,
    reached: watch::Sender<Option<Micros>>,
    place: Place,
}

impl Follower {
    async fn run(&mut self) {
        let mut commits = self.store.commits();
        let mut failing = false;
        // The first requests of a fresh process need its connections more than we do.
        timeout(AFTER_START, commits.changed()).await.ok();
        loop {
            commits.mark_unchanged();
            let asked_at = now();
            match self.read(asked_at).await {
                Ok(pause) => {
                    if std::mem::take(&mut failing) {
                        tracing::info!("the feed is followed again");
                    }
                    // Woken or not, we look again.
                    timeout(pause, commits.changed()).await.ok();
                }
                Err(error) => {
                    if !std::mem::replace(&mut failing, true) {
                        let error = &error as &dyn std::error::Error;
                        tracing::warn!(error, "the feed cannot be followed for now");
                    }
                    sleep(RETRY).await;
                }
            }
        }
    }

    /// How long to wait before we look again, unless woken.
    async fn read(&mut self, asked_at: Micros) -> Result<Duration> {
        if self.pages.receiver_count() == 0
            && let Some(pause) = self.skip(asked_at).await?
        {
            return Ok(pause);
        }
        let page = match self.store.changes_after(self.place, PAGE).await {
            Err(Error::CursorExpired) => return self.begin_again().await,
            page => page?,
        };
        let more = page.changes.len() as u64 == PAGE;
        if let Some(last) = page.changes.last() {
            self.place = last.place;
            // The last listener may have gone.
            self.pages.send(Some(page.changes.into())).ok();
        }
        // Behind the changes, so that whoever sees it has them before it.
        if page.complete {
            self.reached.send_replace(Some(asked_at));
        }
        Ok(match page.complete {
            true => POLL,
            false if more => Duration::ZERO,
            false => POLL_UNSETTLED,
        })
    }

    /// Passes over what nobody listens to without reading it. Nothing if somebody has begun to
    /// listen meanwhile, who must not miss what came behind that.
    async fn skip(&mut self, asked_at: Micros) -> Result<Option<Duration>> {
        let kept = self.store.kept_changes().await?;
        if self.pages.receiver_count() > 0 {
            return Ok(None);
        }
        self.place = kept.newest;
        if kept.is_settled() {
            self.reached.send_replace(Some(asked_at));
            return Ok(Some(POLL));
        }
        Ok(Some(POLL_UNSETTLED))
    }

    /// What we have missed is forgotten already.
    async fn begin_again(&mut self) -> Result<Duration> {
        tracing::warn!("changes were forgotten before they were read; --keep-changes is too low");
        self.place = self.store.kept_changes().await?.newest;
        self.pages.send(None).ok();
        Ok(Duration::ZERO)
    }
}

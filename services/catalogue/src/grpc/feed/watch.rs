//! A watch: the snapshot, then the changes.
//!
//! A watch holds no transaction: it walks the products by id and reads the changes a page at a
//! time. Where the feed stands is noted before the walk begins, so a product that changes behind
//! the walk's back comes again as a change.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use proto::catalogue::v1::{
    Heartbeat, SnapshotComplete, WatchChangesRequest, WatchChangesResponse,
    watch_changes_request::Start, watch_changes_response::Event,
};
use rpc::status::RESUME_CURSOR;
use tokio::time::{Instant, timeout};
use tonic::Status;

use super::{ask, snapshot::Snapshot, told::told};
use crate::{
    domain::{Error, Micros, Place, ProductId, Result, now},
    feed::{Cursor, News, Phase, Scope},
    grpc::{answer::messages, convert::timestamp, outlet::Outlet},
    store::Store,
};

/// Changes read at once.
const PAGE: u64 = 100;
/// How often an idle watcher hears that it is up to date.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// How soon after a change a watcher hears that there is nothing behind it.
const SETTLED: Duration = Duration::from_millis(200);
/// How often we look for changes even if nobody woke us.
const POLL: Duration = Duration::from_secs(1);
/// The same while something has been written that cannot be read yet: nobody says when it can.
const POLL_UNSETTLED: Duration = Duration::from_millis(25);

/// Where a watch begins.
#[derive(Debug)]
pub(super) struct Begin {
    scope: Scope,
    place: Place,
    /// What of the snapshot is still to come, if anything: all behind this product.
    snapshot: Option<Option<ProductId>>,
}

/// Checks a request in all its parts.
///
/// # Errors
/// It is malformed, its cursor cannot be resumed, or the store cannot be read.
pub(super) async fn begin(store: &Store, request: &WatchChangesRequest) -> Result<Begin> {
    let scope = ask::scope(store, &request.category_id, &request.product_ids, &request.filter)?;
    let kept = store.kept_changes().await?;
    let (place, snapshot) = match (request.cursor.as_str(), Start::try_from(request.start)) {
        ("", Ok(Start::Unspecified | Start::Snapshot)) => (kept.newest, Some(None)),
        ("", Ok(Start::Now)) => (kept.newest, None),
        ("", Err(_)) => {
            return Err(Error::field("start", "must be START_SNAPSHOT or START_NOW"));
        }
        (cursor, _) => {
            let Cursor { place, phase, .. } = ask::cursor(store, kept, cursor, &scope)?;
            match phase {
                Phase::Snapshot(last) => (place, Some(Some(last))),
                Phase::Changes => (place, None),
            }
        }
    };
    Ok(Begin { scope, place, snapshot })
}

/// Goes on until it cannot, and says why.
pub(super) async fn run(
    store: &Store,
    news: &News,
    outlet: &Outlet<WatchChangesResponse>,
    begin: Begin,
    resume: &Resume,
) -> Error {
    let Begin { scope, place, snapshot } = begin;
    let watch = Watch { store, outlet, scope: &scope, resume };
    let went = async {
        if let Some(after) = snapshot {
            watch.snapshot(place, after).await?;
        }
        watch.follow(place, news.watermark()).await
    };
    went.await.unwrap_or_else(|error| error)
}

/// The cursor a reader can go on with: that of the last event there was for it.
#[derive(Debug)]
pub(super) struct Resume(Mutex<String>);

impl Resume {
    /// Before anything is sent it is the one the reader came with, if any.
    pub(super) fn new(cursor: &str) -> Self {
        Self(Mutex::new(cursor.to_owned()))
    }

    fn set(&self, cursor: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = cursor;
    }

    /// How the watch ends: with where to go on, for those who read no event's cursor.
    pub(super) fn status(&self, error: Error) -> Status {
        let mut status = Status::from(error);
        let cursor = self.0.lock().unwrap_or_else(PoisonError::into_inner).parse();
        if let Ok(cursor) = cursor {
            status.metadata_mut().insert(RESUME_CURSOR, cursor);
        }
        status
    }
}

struct Watch<'a> {
    store: &'a Store,
    outlet: &'a Outlet<WatchChangesResponse>,
    scope: &'a Scope,
    resume: &'a Resume,
}

impl Watch<'_> {
    async fn snapshot(&self, place: Place, after: Option<ProductId>) -> Result<()> {
        let mut snapshot = Snapshot::new(self.store, self.scope, after);
        loop {
            let products = messages(self.store, snapshot.next().await?).await?;
            if products.is_empty() {
                break;
            }
            for product in products {
                let phase = Phase::Snapshot(ProductId::known(product.id.clone()));
                self.send(place, phase, Event::SnapshotItem(product)).await?;
            }
        }
        self.send(place, Phase::Changes, Event::SnapshotComplete(SnapshotComplete {})).await
    }

    /// Sends the changes behind `place`, and waits for more. Returns only when it cannot go on.
    async fn follow(&self, mut place: Place, mut watermark: Option<Micros>) -> Result<Error> {
        let mut commits = self.store.commits();
        let mut next_heartbeat = Instant::now();
        loop {
            // Before reading: a commit from here on wakes us again.
            commits.mark_unchanged();
            let asked_at = now();
            let page = self.store.changes_after(place, PAGE).await?;
            if page.complete {
                watermark = Some(asked_at);
            }
            if let Some(last) = page.changes.last() {
                place = last.place;
                for (place, change) in told(self.store, self.scope, page.changes).await? {
                    self.send(place, Phase::Changes, Event::Change(change)).await?;
                }
                next_heartbeat = next_heartbeat.min(Instant::now() + SETTLED);
                continue;
            }
            if Instant::now() >= next_heartbeat {
                let heartbeat = Heartbeat { watermark: watermark.map(timestamp) };
                self.send(place, Phase::Changes, Event::Heartbeat(heartbeat)).await?;
                next_heartbeat = Instant::now() + HEARTBEAT;
            }
            let poll = if page.complete { POLL } else { POLL_UNSETTLED };
            let pause = poll.min(next_heartbeat.saturating_duration_since(Instant::now()));
            if let Ok(Err(_closed)) = timeout(pause, commits.changed()).await {
                return Ok(Error::ShuttingDown);
            }
        }
    }

    async fn send(&self, place: Place, phase: Phase, event: Event) -> Result<()> {
        let cursor = Cursor::new(self.store.feed_epoch(), place, phase, self.scope).encode();
        let event = WatchChangesResponse { cursor: cursor.clone(), event: Some(event) };
        self.outlet.send(event).await?;
        self.resume.set(cursor);
        Ok(())
    }
}

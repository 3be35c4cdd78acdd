//! `WatchChanges`: streams a snapshot, then every change.
//!
//! A watch holds no transaction: it scans the products by id and reads the changes in pages. The
//! feed's position is read before the scan starts, so a product that changes during the scan is sent
//! again as a change. Once it has caught up, it takes the changes that one reader reads for all watches.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use proto::catalogue::v1::{
    Heartbeat, SnapshotComplete, WatchChangesRequest, WatchChangesResponse,
    watch_changes_request::Start, watch_changes_response::Event,
};
use rpc::status::RESUME_CURSOR;
use tokio::time::{Instant, timeout_at};
use tonic::{Request, Status};

use super::{
    cursor::{Cursor, Phase},
    parse_request::{RequestScope, parse_cursor},
    snapshot::Snapshot,
    wire_changes::{changes_to_wire, messages as change_messages},
};
use crate::{
    domain::{Error, Micros, Place, ProductId, Result, now},
    feed::{ChangeBroadcast, Following, LiveWatch, Scope},
    grpc::{convert::timestamp, product_messages::messages, stream_sender::StreamSender},
    store::Store,
};

/// Number of changes read by one query.
const PAGE: u64 = 100;
/// Interval of heartbeats while there are no changes.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// Time after the last change until a heartbeat reports the watermark.
const HEARTBEAT_AFTER_CHANGE: Duration = Duration::from_millis(200);

/// Pause of a watch that has read all, while its next changes are not kept.
const PAUSE: Duration = Duration::from_millis(25);

/// Start of a watch.
#[derive(Debug)]
pub(super) struct WatchStart {
    scope: Scope,
    place: Place,
    /// The rest of the snapshot, if it has not ended: the products after this id.
    snapshot: Option<Option<ProductId>>,
}

/// Parses a request.
///
/// # Errors
/// The request is malformed, its cursor cannot be resumed, or the store cannot be read.
pub(super) async fn parse(
    store: &Store,
    asked: &Request<WatchChangesRequest>,
) -> Result<WatchStart> {
    let request = asked.get_ref();
    let fields = (&*request.category_id, &*request.product_ids, &*request.filter);
    let requested = RequestScope::of(store, asked, fields)?;
    let bounds = store.feed_bounds().await?;
    let (place, snapshot) = match (request.cursor.as_str(), Start::try_from(request.start)) {
        ("", Ok(Start::Unspecified | Start::Snapshot)) => (bounds.settled, Some(None)),
        ("", Ok(Start::Now)) => (bounds.settled, None),
        ("", Err(_)) => {
            return Err(Error::field("start", "must be START_SNAPSHOT or START_NOW"));
        }
        (cursor, _) => {
            let Cursor { place, phase, .. } = parse_cursor(store, bounds, cursor, &requested)?;
            match phase {
                Phase::Snapshot(last) => (place, Some(Some(last))),
                Phase::Changes => (place, None),
            }
        }
    };
    Ok(WatchStart { scope: requested.scope, place, snapshot })
}

/// Streams events until an error ends the watch, and returns it.
pub(super) async fn run(
    store: &Store,
    broadcast: &ChangeBroadcast,
    sender: &StreamSender<WatchChangesResponse>,
    start: WatchStart,
    resume: &ResumeCursor,
) -> Error {
    let WatchStart { scope, place, snapshot } = start;
    let watch = Watch { store, broadcast, sender, scope: &scope, resume };
    let outcome = async {
        if let Some(after) = snapshot {
            watch.snapshot(place, after).await?;
        }
        watch.follow(place).await
    };
    outcome.await.unwrap_or_else(|error| error)
}

/// Cursor of the last event sent, which resumes the watch.
#[derive(Debug)]
pub(super) struct ResumeCursor(Mutex<String>);

impl ResumeCursor {
    /// Starts with the cursor of the request, which may be empty.
    pub(super) fn new(cursor: &str) -> Self {
        Self(Mutex::new(cursor.to_owned()))
    }

    fn set(&self, cursor: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = cursor;
    }

    /// Converts the error that ended the watch, with the cursor in the metadata for clients that do
    /// not keep the cursors of events.
    pub(super) fn status(&self, error: Error) -> Status {
        let mut status = Status::from(error);
        let cursor = self.0.lock().unwrap_or_else(PoisonError::into_inner).parse();
        if let Ok(cursor) = cursor {
            status.metadata_mut().insert(RESUME_CURSOR, cursor);
        }
        status
    }
}

/// When the next heartbeat is due, and its watermark.
struct HeartbeatTimer {
    next: Instant,
    /// Time up to which nothing has been missed.
    watermark: Option<Micros>,
}

impl HeartbeatTimer {
    /// The first heartbeat is due immediately.
    fn new(watermark: Option<Micros>) -> Self {
        Self { next: Instant::now(), watermark }
    }

    fn on_change(&mut self) {
        self.next = self.next.min(Instant::now() + HEARTBEAT_AFTER_CHANGE);
    }

    fn take_due(&mut self) -> Option<Heartbeat> {
        let now = Instant::now();
        if now < self.next {
            return None;
        }
        self.next = now + HEARTBEAT;
        Some(Heartbeat { watermark: self.watermark.map(timestamp) })
    }
}

struct Watch<'a> {
    store: &'a Store,
    broadcast: &'a ChangeBroadcast,
    sender: &'a StreamSender<WatchChangesResponse>,
    scope: &'a Scope,
    resume: &'a ResumeCursor,
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

    /// Sends the changes after `place` and waits for more. Returns only when the store has closed.
    async fn follow(&self, mut place: Place) -> Result<Error> {
        // Before the reads, so that the changes after them are kept.
        let mut live = self.broadcast.watch();
        let mut heartbeat = HeartbeatTimer::new(self.broadcast.watermark());
        loop {
            if let Some(closed) = self.catch_up(&mut place, &mut heartbeat).await? {
                return Ok(closed);
            }
            self.follow_live(&mut live, &mut place, &mut heartbeat).await?;
        }
    }

    /// Sends changes from the database until there are no more. `Some`: the store has closed.
    async fn catch_up(
        &self,
        place: &mut Place,
        heartbeat: &mut HeartbeatTimer,
    ) -> Result<Option<Error>> {
        let mut commits = self.store.commits();
        loop {
            let read_at = now();
            let page = self.store.changes_after(*place, PAGE).await?;
            if page.complete {
                heartbeat.watermark = Some(read_at);
            }
            let Some(last) = page.changes.last() else { break };
            *place = last.place;
            for (place, change) in changes_to_wire(self.store, self.scope, page.changes).await? {
                self.send(place, Phase::Changes, Event::Change(change)).await?;
            }
            heartbeat.on_change();
        }
        // Without waiting: only whether the store is closed.
        let closed = futures::FutureExt::now_or_never(commits.changed());
        Ok(matches!(closed, Some(Err(_))).then_some(Error::ShuttingDown))
    }

    /// Sends the changes that are kept for all watches, until some after `place` are not. Returns after
    /// a pause if none are at first: the reader for all watches is elsewhere.
    async fn follow_live(
        &self,
        live: &mut LiveWatch,
        place: &mut Place,
        heartbeat: &mut HeartbeatTimer,
    ) -> Result<()> {
        let mut is_first = true;
        loop {
            // Before the look, so that it does not cover later changes.
            let watermark = self.broadcast.watermark();
            let mut wake = heartbeat.next + HEARTBEAT;
            match live.following(*place) {
                Following::NotKept if !is_first => return Ok(()),
                Following::NotKept => wake = Instant::now() + PAUSE,
                Following::Changes(page) => {
                    for (at, change) in change_messages(self.scope, &page, *place) {
                        self.send(at, Phase::Changes, Event::Change(change)).await?;
                    }
                    *place = page.changes.last().map_or(*place, |change| change.place);
                    heartbeat.on_change();
                    is_first = false;
                    continue;
                }
                Following::Nothing => heartbeat.watermark = watermark.max(heartbeat.watermark),
            }
            if let Some(event) = heartbeat.take_due() {
                self.send(*place, Phase::Changes, Event::Heartbeat(event)).await?;
            }
            timeout_at(wake.min(heartbeat.next), live.changed()).await.ok();
            is_first = false;
        }
    }

    async fn send(&self, place: Place, phase: Phase, event: Event) -> Result<()> {
        let cursor = Cursor::new(self.store.feed_epoch(), place, phase, self.scope).encode();
        let event = WatchChangesResponse { cursor: cursor.clone(), event: Some(event) };
        self.sender.send(event).await?;
        self.resume.set(cursor);
        Ok(())
    }
}

//! `WatchChanges`: streams a snapshot, then every change.
//!
//! A watch holds no transaction: it scans the products by id and reads the changes in pages. The
//! feed's position is read before the scan starts, so a product that changes during the scan is sent
//! again as a change.

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

use super::{
    cursor::{Cursor, Phase},
    parse_request::{parse_cursor, parse_scope},
    snapshot::Snapshot,
    wire_changes::changes_to_wire,
};
use crate::{
    domain::{Error, Micros, Place, ProductId, Result, now},
    feed::{ChangeBroadcast, Scope},
    grpc::{convert::timestamp, product_messages::messages, stream_sender::StreamSender},
    store::Store,
};

/// Number of changes read by one query.
const PAGE: u64 = 100;
/// Interval of heartbeats while there are no changes.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// Time after the last change until a heartbeat reports the watermark.
const HEARTBEAT_AFTER_CHANGE: Duration = Duration::from_millis(200);
/// Interval of reads without a notification of a commit.
const POLL: Duration = Duration::from_secs(1);
/// The same while committed changes are not readable yet, of which there is no notification.
const POLL_UNSETTLED: Duration = Duration::from_millis(25);

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
pub(super) async fn parse(store: &Store, request: &WatchChangesRequest) -> Result<WatchStart> {
    let scope = parse_scope(store, &request.category_id, &request.product_ids, &request.filter)?;
    let bounds = store.feed_bounds().await?;
    let (place, snapshot) = match (request.cursor.as_str(), Start::try_from(request.start)) {
        ("", Ok(Start::Unspecified | Start::Snapshot)) => (bounds.settled, Some(None)),
        ("", Ok(Start::Now)) => (bounds.settled, None),
        ("", Err(_)) => {
            return Err(Error::field("start", "must be START_SNAPSHOT or START_NOW"));
        }
        (cursor, _) => {
            let Cursor { place, phase, .. } = parse_cursor(store, bounds, cursor, &scope)?;
            match phase {
                Phase::Snapshot(last) => (place, Some(Some(last))),
                Phase::Changes => (place, None),
            }
        }
    };
    Ok(WatchStart { scope, place, snapshot })
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
    let watch = Watch { store, sender, scope: &scope, resume };
    let outcome = async {
        if let Some(after) = snapshot {
            watch.snapshot(place, after).await?;
        }
        watch.follow(place, broadcast.watermark()).await
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

struct Watch<'a> {
    store: &'a Store,
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
    async fn follow(&self, mut place: Place, mut watermark: Option<Micros>) -> Result<Error> {
        let mut commits = self.store.commits();
        let mut next_heartbeat = Instant::now();
        loop {
            // Before the read, so that a commit during the read is not missed.
            commits.mark_unchanged();
            let read_at = now();
            let page = self.store.changes_after(place, PAGE).await?;
            if page.complete {
                watermark = Some(read_at);
            }
            if let Some(last) = page.changes.last() {
                place = last.place;
                for (place, change) in changes_to_wire(self.store, self.scope, page.changes).await?
                {
                    self.send(place, Phase::Changes, Event::Change(change)).await?;
                }
                next_heartbeat = next_heartbeat.min(Instant::now() + HEARTBEAT_AFTER_CHANGE);
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
        self.sender.send(event).await?;
        self.resume.set(cursor);
        Ok(())
    }
}

//! `FeedService`: everything there is, then every change as it happens.
//!
//! A watch holds no transaction: it walks the products by id and reads the changes a page at a
//! time. The number of the newest change is noted before the walk begins, so a product that
//! changes behind the walk's back comes again as a change.

use std::{collections::HashMap, time::Duration};

use chassis::CancellationToken;
use proto::catalogue::v1::{
    self as wire, Heartbeat, SnapshotComplete, WatchChangesRequest, WatchChangesResponse, change,
    watch_changes_request::Start, watch_changes_response::Event,
};
use tokio::time::{Instant, timeout};
use tonic::{Request, Response, Status, codegen::BoxStream};

use super::{answer::messages, convert::timestamp, outlet, outlet::Outlet, walk::Walk};
use crate::{
    domain::{Change, Error, Op, Place, ProductId, Result, Selection, Subject, now},
    feed::{Cursor, Phase},
    store::Store,
};

/// Changes read at once.
const PAGE: u64 = 100;
/// Events waiting for their reader at most.
const CAPACITY: usize = 100;
/// How often an idle watcher hears that it is up to date.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// How soon after a change a watcher hears that there is nothing behind it.
const SETTLED: Duration = Duration::from_millis(200);
/// How often we look for changes even if nobody woke us.
const POLL: Duration = Duration::from_secs(1);

pub(super) struct Service {
    pub(super) store: Store,
    pub(super) shutdown: CancellationToken,
}

#[tonic::async_trait]
impl wire::feed_service_server::FeedService for Service {
    async fn watch_changes(
        &self,
        request: Request<WatchChangesRequest>,
    ) -> Result<Response<BoxStream<WatchChangesResponse>>, Status> {
        let begin = begin(&self.store, request.get_ref()).await?;
        let (store, shutdown) = (self.store.clone(), self.shutdown.clone());
        let background = self.store.background();
        let events = outlet::stream(background, CAPACITY, async move |outlet| {
            let gone = async { outlet.gone().await };
            let watch = Watch { store: &store, outlet: &outlet, epoch: store.feed_epoch() };
            let error = tokio::select! {
                error = watch.run(begin) => error,
                () = shutdown.cancelled() => Error::ShuttingDown,
                () = gone => Error::ReaderGone,
            };
            Err(error.into())
        });
        Ok(Response::new(events))
    }
}

/// Where a watch begins.
#[derive(Debug)]
struct Begin {
    place: Place,
    /// What of the snapshot is still to come, if anything: all behind this product.
    snapshot: Option<Option<ProductId>>,
}

async fn begin(store: &Store, request: &WatchChangesRequest) -> Result<Begin> {
    let kept = store.kept_changes().await?;
    if !request.cursor.is_empty() {
        let cursor = Cursor::decode(&request.cursor)
            .filter(|cursor| cursor.epoch == store.feed_epoch() && kept.can_resume(cursor.place));
        let Cursor { place, phase, .. } = cursor.ok_or(Error::CursorExpired)?;
        let snapshot = match phase {
            Phase::Snapshot(last) => Some(Some(last)),
            Phase::Changes => None,
        };
        return Ok(Begin { place, snapshot });
    }
    match Start::try_from(request.start) {
        Ok(Start::Unspecified | Start::Snapshot) => {
            Ok(Begin { place: kept.newest, snapshot: Some(None) })
        }
        Ok(Start::Now) => Ok(Begin { place: kept.newest, snapshot: None }),
        Err(_) => Err(Error::field("start", "must be START_SNAPSHOT or START_NOW")),
    }
}

struct Watch<'a> {
    store: &'a Store,
    outlet: &'a Outlet<WatchChangesResponse>,
    epoch: uuid::Uuid,
}

impl Watch<'_> {
    /// Goes on until it cannot.
    async fn run(&self, begin: Begin) -> Error {
        let snapshot = async {
            match begin.snapshot {
                Some(after) => self.snapshot(begin.place, after).await,
                None => Ok(()),
            }
        };
        match snapshot.await {
            Ok(()) => self.follow(begin.place).await.unwrap_or_else(|error| error),
            Err(error) => error,
        }
    }

    async fn snapshot(&self, place: Place, after: Option<ProductId>) -> Result<()> {
        let everything = Selection::default();
        let mut walk = Walk::new(self.store, &everything, after);
        loop {
            let products = messages(self.store, walk.next(usize::MAX).await?).await?;
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
    async fn follow(&self, mut place: Place) -> Result<Error> {
        let mut commits = self.store.commits();
        let mut next_heartbeat = Instant::now();
        let mut watermark = None;
        loop {
            // Before reading: a commit from here on wakes us again.
            commits.mark_unchanged();
            let asked_at = now();
            let page = self.store.changes_after(place, PAGE).await?;
            if page.complete {
                watermark = Some(asked_at);
            }
            if let Some(last) = page.changes.last() {
                let last = last.place;
                self.changes(page.changes).await?;
                place = last;
                next_heartbeat = next_heartbeat.min(Instant::now() + SETTLED);
                continue;
            }
            if Instant::now() >= next_heartbeat {
                let heartbeat = Heartbeat { watermark: watermark.map(timestamp) };
                self.send(place, Phase::Changes, Event::Heartbeat(heartbeat)).await?;
                next_heartbeat = Instant::now() + HEARTBEAT;
            }
            let pause = POLL.min(next_heartbeat.saturating_duration_since(Instant::now()));
            if let Ok(Err(_closed)) = timeout(pause, commits.changed()).await {
                return Ok(Error::ShuttingDown);
            }
        }
    }

    /// Sends changes with their products as they are now.
    async fn changes(&self, changes: Vec<Change>) -> Result<()> {
        let mut ids: Vec<ProductId> =
            changes.iter().filter_map(|change| change.product_id().cloned()).collect();
        ids.sort_unstable();
        ids.dedup();
        let products = messages(self.store, self.store.products(&ids).await?).await?;
        let products: HashMap<&str, &wire::Product> =
            products.iter().map(|product| (product.id.as_str(), product)).collect();
        for change in changes {
            let product = change.product_id().and_then(|id| products.get(id.as_str())).copied();
            let place = change.place;
            self.send(place, Phase::Changes, Event::Change(message(change, product))).await?;
        }
        Ok(())
    }

    async fn send(&self, place: Place, phase: Phase, event: Event) -> Result<()> {
        let cursor = Cursor { epoch: self.epoch, place, phase, scope: None }.encode();
        self.outlet.send(WatchChangesResponse { cursor, event: Some(event) }).await
    }
}

/// A deletion comes without the product, even if one of that id has been created since: that
/// creation follows.
fn message(change: Change, product: Option<&wire::Product>) -> wire::Change {
    let op = match change.op {
        Op::Created => change::Op::Created,
        Op::Updated => change::Op::Updated,
        Op::Deleted => change::Op::Deleted,
        Op::Stock => change::Op::Stock,
    };
    let (product_id, category_id) = match change.subject {
        Subject::Product(id) => (id.into(), String::new()),
        Subject::Category(id) => (String::new(), id.into()),
    };
    wire::Change {
        op: op.into(),
        product_id,
        category_id,
        product: product.filter(|_| change.op != Op::Deleted).cloned(),
        changed_fields: change.changed_fields,
        change_time: Some(timestamp(change.at)),
        actor: change.actor,
        request_id: change.request_id,
        ..Default::default()
    }
}

//! `WatchAvailability`: how many there are of some products, as it changes.
//!
//! A watcher notes which of its products have changed and reads how many there are when its reader
//! is ready for more: a slow one gets fewer answers, each with the newest state, and nothing queues.

use std::{
    collections::{BTreeMap, BTreeSet},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use chassis::CancellationToken;
use proto::catalogue::v1::{WatchAvailabilityRequest, WatchAvailabilityResponse};
use tokio::{
    sync::mpsc::Permit,
    time::{Instant, sleep_until},
};
use tonic::{Request, codegen::BoxStream};

use super::{
    convert::{product_ids, timestamp},
    outlet::{self, Outlet},
    stock,
};
use crate::{
    domain::{Change, Error, Op, ProductId, Result},
    feed::{Missed, News, Subscription},
    store::Store,
};

const MAX_IDS: usize = 200;
/// How often a watcher without news hears up to when it has missed nothing.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// The least time between two answers: what changes meanwhile comes in one.
const PAUSE: Duration = Duration::from_millis(50);
/// Fields whose change may be one of the stock.
const STOCK: [&str; 3] = ["stock_qty", "variants", "delete_time"];

/// Begins a watch.
///
/// # Errors
/// The request is malformed.
pub(super) fn watch(
    store: Store,
    news: &News,
    shutdown: CancellationToken,
    request: &Request<WatchAvailabilityRequest>,
) -> Result<BoxStream<WatchAvailabilityResponse>> {
    let deadline = outlet::deadline(request);
    let request = request.get_ref();
    if request.product_ids.is_empty() {
        return Err(Error::field("product_ids", "is required"));
    }
    let ids: BTreeSet<_> = product_ids(&request.product_ids, MAX_IDS)?.into_iter().collect();
    // Before anything is read, so that no change falls in between.
    let news = news.subscribe();
    let background = store.background().clone();
    Ok(outlet::stream(&background, 1, deadline, async move |outlet| {
        let gone = async { outlet.gone().await };
        let (dirty, told) = (ids.clone(), BTreeMap::new());
        let mut watch = Watch { store: &store, ids, news, dirty, told, resync: true };
        let error = tokio::select! {
            error = watch.run(&outlet) => error,
            () = shutdown.cancelled() => Error::ShuttingDown,
            () = gone => Error::ReaderGone,
        };
        Err(error.into())
    }))
}

struct Watch<'a> {
    store: &'a Store,
    ids: BTreeSet<ProductId>,
    news: Subscription,
    /// Those whose stock may be another than was told.
    dirty: BTreeSet<ProductId>,
    /// How many the reader believes there are.
    told: BTreeMap<ProductId, i32>,
    /// All of them are dirty, and the reader is to know.
    resync: bool,
}

impl Watch<'_> {
    /// Goes on until it cannot, and says why.
    async fn run(&mut self, outlet: &Outlet<WatchAvailabilityResponse>) -> Error {
        let (mut earliest, mut heartbeat) = (Instant::now(), Instant::now());
        loop {
            self.wait(earliest, heartbeat).await;
            let answered = async {
                let room = self.room(outlet).await?;
                if let Some(answer) = self.answer(heartbeat).await? {
                    room.send(answer);
                    heartbeat = Instant::now() + HEARTBEAT;
                }
                Ok(())
            };
            if let Err(error) = answered.await {
                return error;
            }
            earliest = Instant::now() + PAUSE;
        }
    }

    /// Until there is something to say: news no sooner than `earliest`, or a heartbeat.
    async fn wait(&mut self, earliest: Instant, heartbeat: Instant) {
        loop {
            let due = if self.dirty.is_empty() { heartbeat } else { earliest };
            tokio::select! {
                () = sleep_until(due) => return,
                changes = self.news.next() => self.note(changes),
            }
        }
    }

    /// Until the reader is ready for more.
    async fn room<'outlet>(
        &mut self,
        outlet: &'outlet Outlet<WatchAvailabilityResponse>,
    ) -> Result<Permit<'outlet, WatchAvailabilityResponse>> {
        let mut room = pin!(outlet.room());
        loop {
            tokio::select! {
                room = &mut room => return room,
                changes = self.news.next() => self.note(changes),
            }
        }
    }

    fn note(&mut self, changes: Result<Arc<[Change]>, Missed>) {
        let Ok(changes) = changes else {
            self.dirty.clone_from(&self.ids);
            self.resync = true;
            return;
        };
        let concerned = changes.iter().filter(|change| is_of_stock(change));
        let ids = concerned.filter_map(Change::product_id).filter(|id| self.ids.contains(*id));
        self.dirty.extend(ids.cloned());
    }

    /// What has changed since the last answer, as it is now. None if the last answer had it
    /// already, and no heartbeat is due.
    async fn answer(&mut self, heartbeat: Instant) -> Result<Option<WatchAvailabilityResponse>> {
        // Before the rest of the news: what was seen until then is taken below.
        let watermark = self.news.watermark().map(timestamp);
        while let Some(changes) = self.news.try_next().transpose() {
            self.note(changes);
        }
        let ids: Vec<ProductId> = std::mem::take(&mut self.dirty).into_iter().collect();
        let mut levels = self.store.levels(&ids).await?;
        levels.sort_unstable_by(|a, b| a.item.product_id.cmp(&b.item.product_id));
        let is_gone = |id: &ProductId| {
            levels.binary_search_by(|level| level.item.product_id.cmp(id)).is_err()
        };
        let gone: Vec<_> = ids.into_iter().filter(is_gone).collect();
        let resync = std::mem::take(&mut self.resync);
        if resync {
            self.told.clear();
        }
        levels.retain(|level| {
            let told = self.told.insert(level.item.product_id.clone(), level.stock_qty);
            told != Some(level.stock_qty)
        });
        for id in &gone {
            self.told.remove(id);
        }
        let is_news = resync || !levels.is_empty() || !gone.is_empty();
        if !is_news && Instant::now() < heartbeat {
            return Ok(None);
        }
        let gone_ids = gone.into_iter().map(String::from).collect();
        let levels = levels.into_iter().map(stock::level).collect();
        Ok(Some(WatchAvailabilityResponse { levels, gone_ids, resync, watermark }))
    }
}

fn is_of_stock(change: &Change) -> bool {
    let named = || change.changed_fields.iter().any(|field| STOCK.contains(&field.as_str()));
    change.op != Op::Updated || named()
}

//! `WatchAvailability`: streams the stock of some products.
//!
//! A watch collects the ids of changed products and reads their stock when the client is ready for
//! the next response: a slow client gets fewer responses, each with the latest state, and no queue
//! builds up.

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
    convert::{product_ids, stock_level, timestamp},
    stream_sender::{self, StreamSender},
    visible::{Visible, visible},
};
use crate::{
    domain::{Change, Error, Op, ProductId, Result, Status},
    feed::{ChangeBroadcast, Lagged, Subscription},
    store::Store,
};

const MAX_IDS: usize = 200;
/// Interval of responses without changes, which report the watermark.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// Minimum time between two responses; changes in between are combined.
const MIN_INTERVAL: Duration = Duration::from_millis(50);
/// Fields that the stock, or its visibility, depends on.
const STOCK_FIELDS: [&str; 4] = ["stock_qty", "variants", "delete_time", "status"];

/// Starts a watch.
///
/// # Errors
/// The request is malformed.
pub(super) fn watch(
    store: Store,
    broadcast: &ChangeBroadcast,
    shutdown: CancellationToken,
    request: &Request<WatchAvailabilityRequest>,
) -> Result<BoxStream<WatchAvailabilityResponse>> {
    let (deadline, visible) = (stream_sender::deadline(request), visible(request));
    let request = request.get_ref();
    if request.product_ids.is_empty() {
        return Err(Error::field("product_ids", "is required"));
    }
    let ids: BTreeSet<_> = product_ids(&request.product_ids, MAX_IDS)?.into_iter().collect();
    // Before the first read, so that no change is missed.
    let subscription = broadcast.subscribe();
    let background = store.background().clone();
    Ok(stream_sender::stream(&background, 1, deadline, async move |sender| {
        let closed = async { sender.closed().await };
        let (dirty, sent) = (ids.clone(), BTreeMap::new());
        let mut watch =
            Watch { store: &store, visible, ids, subscription, dirty, sent, resync: true };
        let error = tokio::select! {
            error = watch.run(&sender) => error,
            () = shutdown.cancelled() => Error::ShuttingDown,
            () = closed => Error::ClientGone,
        };
        Err(error.into())
    }))
}

struct Watch<'a> {
    store: &'a Store,
    /// Of the products; others count as gone.
    visible: Visible,
    ids: BTreeSet<ProductId>,
    subscription: Subscription,
    /// Products with a stock that may differ from the last response.
    dirty: BTreeSet<ProductId>,
    /// Stock by product, as last sent.
    sent: BTreeMap<ProductId, i32>,
    /// Whether the next response is a resync, with the stock of all products.
    resync: bool,
}

impl Watch<'_> {
    /// Streams responses until an error ends the watch, and returns it.
    async fn run(&mut self, sender: &StreamSender<WatchAvailabilityResponse>) -> Error {
        let (mut earliest, mut heartbeat) = (Instant::now(), Instant::now());
        loop {
            self.wait(earliest, heartbeat).await;
            let responded = async {
                let permit = self.reserve(sender).await?;
                if let Some(response) = self.response(heartbeat).await? {
                    permit.send(response);
                    heartbeat = Instant::now() + HEARTBEAT;
                }
                Ok(())
            };
            if let Err(error) = responded.await {
                return error;
            }
            earliest = Instant::now() + MIN_INTERVAL;
        }
    }

    /// Waits for a change, at least until `earliest`, or for the heartbeat.
    async fn wait(&mut self, earliest: Instant, heartbeat: Instant) {
        loop {
            let due = if self.dirty.is_empty() { heartbeat } else { earliest };
            tokio::select! {
                () = sleep_until(due) => return,
                changes = self.subscription.next() => self.note(changes),
            }
        }
    }

    /// Waits until the client is ready for a response.
    async fn reserve<'sender>(
        &mut self,
        sender: &'sender StreamSender<WatchAvailabilityResponse>,
    ) -> Result<Permit<'sender, WatchAvailabilityResponse>> {
        let mut permit = pin!(sender.reserve());
        loop {
            tokio::select! {
                permit = &mut permit => return permit,
                changes = self.subscription.next() => self.note(changes),
            }
        }
    }

    fn note(&mut self, changes: Result<Arc<[Change]>, Lagged>) {
        let Ok(changes) = changes else {
            self.dirty.clone_from(&self.ids);
            self.resync = true;
            return;
        };
        let of_stock = changes.iter().filter(|change| is_of_stock(change));
        let ids = of_stock.filter_map(Change::product_id).filter(|id| self.ids.contains(*id));
        self.dirty.extend(ids.cloned());
    }

    /// Returns the stock that has changed since the last response. `None` if nothing has changed
    /// and no heartbeat is due.
    async fn response(&mut self, heartbeat: Instant) -> Result<Option<WatchAvailabilityResponse>> {
        // Before the remaining changes are received, so that it does not cover later ones.
        let watermark = self.subscription.watermark().map(timestamp);
        while let Some(changes) = self.subscription.try_next().transpose() {
            self.note(changes);
        }
        let ids: Vec<ProductId> = std::mem::take(&mut self.dirty).into_iter().collect();
        let mut levels = self.store.stock_levels(&ids).await?;
        if self.visible == Visible::Active {
            let products = self.store.products(&ids).await?;
            let active = products.iter().filter(|it| it.details.status == Status::Active);
            let active: BTreeSet<_> = active.map(|product| &product.id).collect();
            levels.retain(|level| active.contains(&level.item.product_id));
        }
        levels.sort_unstable_by(|a, b| a.item.product_id.cmp(&b.item.product_id));
        let is_gone = |id: &ProductId| {
            levels.binary_search_by(|level| level.item.product_id.cmp(id)).is_err()
        };
        let gone: Vec<_> = ids.into_iter().filter(is_gone).collect();
        let resync = std::mem::take(&mut self.resync);
        if resync {
            self.sent.clear();
        }
        levels.retain(|level| {
            let sent = self.sent.insert(level.item.product_id.clone(), level.stock_qty);
            sent != Some(level.stock_qty)
        });
        for id in &gone {
            self.sent.remove(id);
        }
        let has_changes = resync || !levels.is_empty() || !gone.is_empty();
        if !has_changes && Instant::now() < heartbeat {
            return Ok(None);
        }
        let gone_ids = gone.into_iter().map(String::from).collect();
        let levels = levels.into_iter().map(stock_level).collect();
        Ok(Some(WatchAvailabilityResponse { levels, gone_ids, resync, watermark }))
    }
}

fn is_of_stock(change: &Change) -> bool {
    let named = || change.changed_fields.iter().any(|field| STOCK_FIELDS.contains(&field.as_str()));
    change.op != Op::Updated || named()
}

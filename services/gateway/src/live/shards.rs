//! Broadcast channels, one for each shard of the products.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
};

use futures::stream::{SelectAll, select_all};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

use super::update::StockUpdate;

/// Number of channels that products are distributed over.
const SHARDS: usize = 64;
/// Maximum number of updates that a subscriber may lag behind, per channel.
const SHARD_CAPACITY: usize = 128;

/// Updates of subscribed shards. A subscriber that lags too far behind receives an error instead of
/// the updates it has lost.
pub(crate) type Updates = SelectAll<BroadcastStream<StockUpdate>>;

/// Distributes updates by product. Cheap to clone; clones share the channels.
#[derive(Clone)]
pub(super) struct Shards(Arc<[broadcast::Sender<StockUpdate>]>);

impl Shards {
    pub(super) fn new() -> Self {
        Self((0..SHARDS).map(|_| broadcast::Sender::new(SHARD_CAPACITY)).collect())
    }

    /// Sends an update to the subscribers of its shard.
    pub(super) fn send(&self, update: StockUpdate) {
        // Fails only without subscribers.
        self.0[shard_of(&update.product_id)].send(update).ok();
    }

    /// Subscribes to the shards of these products, which other products share.
    pub(super) fn subscribe(&self, product_ids: &[String]) -> Updates {
        let shards: BTreeSet<usize> = product_ids.iter().map(|id| shard_of(id)).collect();
        select_all(shards.into_iter().map(|at| BroadcastStream::new(self.0[at].subscribe())))
    }
}

fn shard_of(product_id: &str) -> usize {
    let mut hasher = DefaultHasher::new();
    product_id.hash(&mut hasher);
    let shards = u64::try_from(SHARDS).expect("a small number");
    usize::try_from(hasher.finish() % shards).expect("below SHARDS")
}

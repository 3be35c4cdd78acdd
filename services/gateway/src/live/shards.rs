//! Broadcast channels, one for each shard of the products.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
};

use futures::stream::{SelectAll, select_all};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

/// Number of channels that products are distributed over.
const SHARDS: usize = 64;
/// Maximum number of items that a subscriber may lag behind, per channel.
const SHARD_CAPACITY: usize = 128;

/// Items of subscribed shards. A subscriber that lags too far behind receives an error instead of
/// the items it has lost.
pub(crate) type Updates<T> = SelectAll<BroadcastStream<T>>;

/// Distributes items by product. Cheap to clone; clones share the channels.
#[derive(Clone)]
pub(super) struct Shards<T>(Arc<[broadcast::Sender<T>]>);

impl<T: Clone + Send + 'static> Shards<T> {
    pub(super) fn new() -> Self {
        Self((0..SHARDS).map(|_| broadcast::Sender::new(SHARD_CAPACITY)).collect())
    }

    /// Sends an item to the subscribers of a product's shard.
    pub(super) fn send(&self, product_id: &str, item: T) {
        // Fails only without subscribers.
        self.0[shard_of(product_id)].send(item).ok();
    }

    /// Sends an item to all subscribers.
    pub(super) fn send_to_all(&self, item: &T) {
        for shard in self.0.iter() {
            shard.send(item.clone()).ok();
        }
    }

    /// Subscribes to the shards of these products, which other products share.
    pub(super) fn subscribe(&self, product_ids: &[String]) -> Updates<T> {
        let shards: BTreeSet<usize> = product_ids.iter().map(|id| shard_of(id)).collect();
        select_all(shards.into_iter().map(|at| BroadcastStream::new(self.0[at].subscribe())))
    }

    /// The channel of all these products, if they share one.
    pub(super) fn of_all(&self, product_ids: &BTreeSet<String>) -> Option<&broadcast::Sender<T>> {
        let shard = shard_of(product_ids.first()?);
        product_ids.iter().all(|id| shard_of(id) == shard).then(|| &self.0[shard])
    }
}

fn shard_of(product_id: &str) -> usize {
    let mut hasher = DefaultHasher::new();
    product_id.hash(&mut hasher);
    let shards = u64::try_from(SHARDS).expect("a small number");
    usize::try_from(hasher.finish() % shards).expect("below SHARDS")
}

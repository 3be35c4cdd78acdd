//! Stock as it changes: one watch of the catalogue's change feed, shared by every reader.
//!
//! Frames go out over a fixed number of bounded channels, by product, so that a reader is woken by
//! few products besides its own. A reader that falls behind loses frames and is told so; it reads
//! its products again. **Invariant:** a reader that subscribes before it reads the state of its
//! products, and reads it again whenever the [`Link`] has a new generation, ends up with the newest
//! stock.

mod follow;

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
    time::Duration,
};

use chassis::{CancellationToken, supervise};
use futures::stream::{SelectAll, select_all};
use proto::catalogue::v1::Product;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, watch};
use tokio_stream::wrappers::BroadcastStream;

use crate::upstreams::Upstreams;

/// Channels that products are spread over.
const SHARDS: usize = 64;
/// Frames that a reader may be behind, for each channel.
const SHARD_CAPACITY: usize = 128;
/// Readers that may read their products again at the same time: after an outage all of them want
/// to.
const READS_AT_ONCE: usize = 32;

/// Variants of a product whose stock is told. A product may have more; pages show no more either.
pub(crate) const MAX_VARIANTS: usize = 200;

/// Cheap to clone; clones share the one watch.
#[derive(Clone)]
pub(crate) struct Live {
    shards: Arc<[broadcast::Sender<Frame>]>,
    link: watch::Receiver<Link>,
    slots: Arc<Semaphore>,
    reads: Arc<Semaphore>,
}

/// A product's stock changed, or the product is gone.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) product_id: Arc<str>,
    /// `None`: it was deleted.
    pub(crate) stock: Option<Stock>,
    /// How many of each variant, [`MAX_VARIANTS`] at most.
    pub(crate) variants: Arc<[VariantStock]>,
}

/// How many there were at a revision of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stock {
    pub(crate) quantity: i32,
    pub(crate) revision: i64,
}

/// How many there are of a variant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VariantStock {
    pub(crate) sku: String,
    pub(crate) stock_qty: i32,
}

impl Frame {
    /// The stock of a product as it is.
    pub(crate) fn of(product: Product) -> Self {
        let stock = Stock { quantity: product.stock_qty, revision: product.revision };
        let variants = product.variants.into_iter().take(MAX_VARIANTS);
        let variants =
            variants.map(|variant| VariantStock { sku: variant.sku, stock_qty: variant.stock_qty });
        Self { product_id: product.id.into(), stock: Some(stock), variants: variants.collect() }
    }

    /// There is no such product, or no longer.
    pub(crate) fn gone(product_id: String) -> Self {
        Self { product_id: product_id.into(), stock: None, variants: Arc::default() }
    }
}

/// How the watch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) state: LinkState,
    /// Rises whenever frames may have been missed.
    pub(crate) generation: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkState {
    /// The first attempt is under way.
    Connecting,
    Up,
    Down,
}

/// What one reader follows.
pub(crate) struct Watcher {
    pub(crate) frames: SelectAll<BroadcastStream<Frame>>,
    pub(crate) link: watch::Receiver<Link>,
    reads: Arc<Semaphore>,
}

impl Live {
    /// Starts the watch, which lasts until `shutdown`. At most `max_streams` event streams may be
    /// open at once. Call it inside the background runtime.
    pub(crate) fn start(
        upstreams: Upstreams,
        max_streams: usize,
        shutdown: CancellationToken,
    ) -> Self {
        let shards: Arc<[_]> =
            (0..SHARDS).map(|_| broadcast::Sender::new(SHARD_CAPACITY)).collect();
        let start = Link { state: LinkState::Connecting, generation: 0 };
        let (link, on_link) = watch::channel(start);
        let follower = follow::Follower::new(upstreams, shards.clone(), link);
        // Begun anew it goes on where it was.
        let follower = Arc::new(tokio::sync::Mutex::new(follower));
        let following = supervise("live", move || {
            let follower = follower.clone();
            async move { follower.lock().await.run().await }
        });
        tokio::spawn(async move {
            shutdown.run_until_cancelled_owned(following).await;
        });
        Self {
            shards,
            link: on_link,
            slots: Arc::new(Semaphore::new(max_streams.min(Semaphore::MAX_PERMITS))),
            reads: Arc::new(Semaphore::new(READS_AT_ONCE)),
        }
    }

    /// Room for one more event stream, for as long as the permit is held; `None` if there is none.
    pub(crate) fn open(&self) -> Option<OwnedSemaphorePermit> {
        self.slots.clone().try_acquire_owned().ok()
    }

    /// Subscribes to the frames of these products (and of some others).
    pub(crate) fn watch(&self, product_ids: &[String]) -> Watcher {
        let shards: BTreeSet<usize> = product_ids.iter().map(|id| shard(id)).collect();
        let frames = shards.into_iter().map(|at| BroadcastStream::new(self.shards[at].subscribe()));
        Watcher { frames: select_all(frames), link: self.link.clone(), reads: self.reads.clone() }
    }
}

impl Watcher {
    /// Waits for its turn to read products; over when the permit is dropped.
    pub(crate) async fn turn(&self) -> OwnedSemaphorePermit {
        self.reads.clone().acquire_owned().await.expect("is never closed")
    }
}

fn shard(product_id: &str) -> usize {
    let mut hasher = DefaultHasher::new();
    product_id.hash(&mut hasher);
    let shards = u64::try_from(SHARDS).expect("is a small number");
    usize::try_from(hasher.finish() % shards).expect("is below SHARDS")
}

/// `around`, more or less by up to half, so that many who wait do not come back together.
pub(crate) fn jittered(around: Duration) -> Duration {
    let random = u8::try_from(uuid::Uuid::new_v4().as_u128() & 0xff).expect("is masked to a byte");
    around.mul_f64(0.5 + f64::from(random) / 255.0)
}

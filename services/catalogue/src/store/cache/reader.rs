//! The product reader of one serving thread.

use std::{cell::RefCell, sync::Arc};

use super::{framed::FramedProduct, hit_counts::HitCount, queue::Queue, worker::Worker};
use crate::{
    domain::{Error, ProductId, Result},
    store::{Store, changes::FeedPosition},
};

/// Concurrent statements of one thread.
const WORKERS: usize = 1;

/// Reads single products for one serving thread.
///
/// Lookups that arrive while a statement is running share the next one. A lookup never joins a
/// statement that has been sent, so it sees every write that was acknowledged before it.
pub(crate) struct ProductReader {
    store: Store,
    queue: Arc<Queue>,
    hits: Arc<HitCount>,
}

thread_local! {
    /// The readers of this thread, one a store.
    static READERS: RefCell<Vec<ProductReader>> = const { RefCell::new(Vec::new()) };
}

impl ProductReader {
    /// Creates a reader whose worker runs on the current runtime until the reader is dropped or the
    /// store closes.
    ///
    /// # Panics
    /// If called outside of a runtime.
    pub(crate) fn new(store: &Store) -> Self {
        let queue = Arc::<Queue>::default();
        for _ in 0..WORKERS {
            let worker = Worker {
                store: store.clone(),
                queue: Arc::clone(&queue),
                connection: store.0.reads.connection(&store.0.reader),
            };
            tokio::spawn(store.0.closing.clone().run_until_cancelled_owned(worker.run()));
        }
        Self { store: store.clone(), queue, hits: store.0.reads.hit_counts.add() }
    }

    /// Calls `f` with this thread's reader, which is created on first use.
    ///
    /// # Panics
    /// If called outside of a runtime, or from within `f`.
    pub(crate) fn with<T>(store: &Store, f: impl FnOnce(&Self) -> T) -> T {
        READERS.with_borrow_mut(|readers| {
            let is_ours = |reader: &Self| Arc::ptr_eq(&reader.store.0, &store.0);
            let at = readers.iter().position(|reader| is_ours(reader) && !reader.queue.is_closed());
            let at = at.unwrap_or_else(|| {
                // Drop the readers whose runtime or store has ended.
                readers.retain(|reader| !reader.queue.is_closed());
                readers.push(Self::new(store));
                readers.len() - 1
            });
            f(&readers[at])
        })
    }

    /// The cached product, without waiting. It reflects every acknowledged write of this process,
    /// the change at `min_revision`, and other processes' writes that are older than
    /// [`MAX_STALENESS`](super::MAX_STALENESS). None if no such product is cached.
    pub(crate) fn cached(
        &self,
        id: &str,
        min_revision: Option<&FeedPosition>,
    ) -> Option<FramedProduct> {
        let cache = self.store.0.reads.cache()?;
        // Checked before the entry is read: a later invalidation is of a later write.
        let includes = |wanted: &FeedPosition| {
            wanted.epoch == self.store.feed_epoch() && self.store.cache_includes(wanted.place)
        };
        let found = match min_revision.is_none_or(includes) {
            true => cache.get(id),
            false => None,
        };
        self.hits.count(found.is_some());
        found
    }

    /// Reads the product from the database, deleted or not. None if it does not exist.
    ///
    /// The worker of this thread makes progress, not the future, which may be dropped at any time.
    pub(crate) fn load(
        &self,
        id: ProductId,
    ) -> impl Future<Output = Result<Option<FramedProduct>>> + Send + 'static + use<> {
        let queued = self.queue.push(id);
        async move {
            // A closed channel means that the worker has ended, with its runtime or its store.
            queued?.await.unwrap_or(Err(Error::StoreBusy(None)))
        }
    }
}

impl Drop for ProductReader {
    fn drop(&mut self) {
        self.queue.close();
    }
}

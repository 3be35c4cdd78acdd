//! The reader of one serving thread.

use std::{cell::RefCell, sync::Arc};

use proto::position::Position;

use super::{product::FramedProduct, queue::Queue, tally::Tally, worker::Worker};
use crate::{
    domain::{Error, Place, ProductId, Result},
    store::Store,
};

/// Statements that a thread has under way at most.
const WORKERS: usize = 1;

/// Reads single products, for one serving thread.
///
/// Lookups that come while a statement is under way share the next one. A lookup never joins a
/// statement that has been sent, so it sees every write that was acknowledged before it.
pub(crate) struct ProductReader {
    store: Store,
    queue: Arc<Queue>,
    tally: Arc<Tally>,
}

thread_local! {
    /// The readers of this thread: one a store, and a thread serves one.
    static READERS: RefCell<Vec<ProductReader>> = const { RefCell::new(Vec::new()) };
}

impl ProductReader {
    /// A reader whose statements run on the current runtime until the reader is dropped or the store
    /// closes.
    ///
    /// # Panics
    /// Outside of a runtime.
    pub(crate) fn new(store: &Store) -> Self {
        let queue = Arc::<Queue>::default();
        for _ in 0..WORKERS {
            let worker = Worker {
                store: store.clone(),
                queue: Arc::clone(&queue),
                source: store.0.reads.source(&store.0.reader),
            };
            tokio::spawn(store.0.closing.clone().run_until_cancelled_owned(worker.run()));
        }
        Self { store: store.clone(), queue, tally: store.0.reads.tallies.add() }
    }

    /// Asks this thread's reader, which is made when it is first asked.
    ///
    /// # Panics
    /// Outside of a runtime, or from within `ask`.
    pub(crate) fn with<T>(store: &Store, ask: impl FnOnce(&Self) -> T) -> T {
        READERS.with_borrow_mut(|readers| {
            let is_ours = |reader: &Self| Arc::ptr_eq(&reader.store.0, &store.0);
            let at = readers.iter().position(|it| is_ours(it) && !it.queue.is_closed());
            let at = at.unwrap_or_else(|| {
                // Its runtime or its store has ended.
                readers.retain(|reader| !reader.queue.is_closed());
                readers.push(Self::new(store));
                readers.len() - 1
            });
            ask(&readers[at])
        })
    }

    /// The product, if the cache may answer: it is there, is what every acknowledged write of this
    /// process left, is less than a second behind those of others, and includes the write at
    /// `min_revision`. Nothing is waited for.
    pub(crate) fn cached(
        &self,
        id: &str,
        min_revision: Option<&Position>,
    ) -> Option<FramedProduct> {
        let cache = self.store.0.reads.cache()?;
        // First: an invalidation that comes later is of a later write.
        let includes = |wanted: &Position| {
            let place = Place { transaction: wanted.transaction, sequence: wanted.sequence };
            wanted.epoch == self.store.feed_epoch().into_bytes() && self.store.is_taken_in(place)
        };
        let found = match min_revision.is_none_or(includes) {
            true => cache.get(id),
            false => None,
        };
        self.tally.count(found.is_some());
        found
    }

    /// Reads the product from the database, deleted or not. None: there is no such product.
    ///
    /// The future does nothing until the worker of this thread runs, and may be dropped at any time.
    pub(crate) fn load(
        &self,
        id: ProductId,
    ) -> impl Future<Output = Result<Option<FramedProduct>>> + Send + 'static + use<> {
        let queued = self.queue.push(id);
        async move {
            // Without an answer the worker ended, with its runtime or its store.
            queued?.await.unwrap_or(Err(Error::StoreBusy(None)))
        }
    }
}

impl Drop for ProductReader {
    fn drop(&mut self) {
        self.queue.close();
    }
}

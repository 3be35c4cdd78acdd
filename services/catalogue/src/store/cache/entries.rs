//! A bounded in-process cache of encoded products.
//!
//! **Invariant:** a cached product is returned only if the statement that read it was sent after
//! every write of it that this process knows of, and writes that this process does not know of yet
//! are less than [`MAX_STALENESS`](super::MAX_STALENESS) old. [`Stamps`] ensure the first half,
//! [`Coverage`] the second. Deleted products are not cached: a purge leaves no change in the feed for
//! other replicas to follow.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use quick_cache::{
    DefaultHashBuilder, Lifecycle, OptionsBuilder, Weighter,
    sync::{Cache, DefaultLifecycle},
};

use super::{
    coverage::Coverage,
    framed::FramedProduct,
    stamps::{Stamp, Stamps, WriteGuard},
};
use crate::domain::{Place, ProductId};

/// The memory of an entry without its key and message, in bytes: the entry, its share of the hash
/// tables, and the allocator's overhead. Measured as resident memory; see `docs/database.md`.
const ENTRY_OVERHEAD: u64 = 240;
/// The assumed size of an entry, to estimate the number of entries.
const TYPICAL_ENTRY: u64 = 1_024;
/// Bytes of cache for each slot of [`Stamps`].
const BYTES_PER_STAMP: u64 = 2_048;

/// Encoded products by id.
pub(in crate::store) struct ProductCache {
    entries: Cache<Box<str>, Entry, EntryWeight, DefaultHashBuilder, CountEvictions>,
    stamps: Stamps,
    coverage: Coverage,
    evictions: Arc<AtomicU64>,
}

/// A product, and the versions when it was read.
#[derive(Debug, Clone)]
struct Entry {
    product: FramedProduct,
    stamp: Stamp,
    has_categories: bool,
}

impl ProductCache {
    /// None if `bytes` is 0.
    pub(super) fn new(bytes: u64, coverage: Coverage) -> Option<Self> {
        if bytes == 0 {
            return None;
        }
        let estimated = usize::try_from(bytes / TYPICAL_ENTRY).unwrap_or(usize::MAX).max(1);
        let options = OptionsBuilder::new()
            .weight_capacity(bytes)
            .estimated_items_capacity(estimated)
            .build()
            .expect("both of the required options are set");
        let evictions = Arc::<AtomicU64>::default();
        let lifecycle =
            CountEvictions { count: Arc::clone(&evictions), inner: DefaultLifecycle::default() };
        let slots = usize::try_from(bytes / BYTES_PER_STAMP).unwrap_or(usize::MAX).max(1_024);
        Some(Self {
            entries: Cache::with_options(
                options,
                EntryWeight,
                DefaultHashBuilder::default(),
                lifecycle,
            ),
            stamps: Stamps::new(slots),
            coverage,
            evictions,
        })
    }

    /// Whether the cache must not be used now, since writes of other processes are not seen.
    pub(in crate::store) fn is_bypassed(&self) -> bool {
        !self.coverage.is_fresh()
    }

    /// The product, if it is cached and current.
    pub(super) fn get(&self, id: &str) -> Option<FramedProduct> {
        // Checked before the stamp: an invalidation after this line is of a write after this call.
        if self.is_bypassed() {
            return None;
        }
        let entry = self.entries.get(id)?;
        self.stamps.is_current(&entry.stamp, entry.has_categories).then_some(entry.product)
    }

    /// Whether the cache reflects the change at `place` of another process.
    pub(super) fn includes(&self, place: Place) -> bool {
        self.coverage.includes(place)
    }

    /// The versions of a product, to be taken before the statement that reads it is sent.
    pub(super) fn stamp(&self, id: &str) -> Stamp {
        self.stamps.stamp(id)
    }

    /// Whether lists may fill the cache: up to half of its capacity, so that they do not displace products that are
    /// read singly.
    pub(super) fn has_room(&self) -> bool {
        self.entries.weight() < self.entries.capacity() / 2
    }

    /// Caches a product, unless it was written since `stamp` was taken or a later revision is cached.
    pub(super) fn insert(
        &self,
        id: &ProductId,
        product: &FramedProduct,
        stamp: Stamp,
        has_categories: bool,
    ) {
        if product.is_deleted || !self.stamps.is_current(&stamp, has_categories) {
            return;
        }
        let is_later =
            |cached: Entry| cached.stamp == stamp && cached.product.revision > product.revision;
        if self.entries.peek(id.as_str()).is_some_and(is_later) {
            return;
        }
        let entry = Entry { product: product.clone(), stamp, has_categories };
        self.entries.insert(id.as_str().into(), entry);
    }

    /// See [`Stamps::begin_write`].
    pub(super) fn begin_write(&self, ids: &[ProductId], categories: bool) -> WriteGuard<'_> {
        self.stamps.begin_write(ids.iter().map(ProductId::as_str), categories)
    }

    /// Invalidates products that another process has written.
    pub(in crate::store) fn invalidate<'a>(&self, ids: impl IntoIterator<Item = &'a str>) {
        ids.into_iter().for_each(|id| self.stamps.invalidate(id));
    }

    /// Invalidates the products with categories, after the category tree was replaced.
    pub(super) fn invalidate_categories(&self) {
        self.stamps.invalidate_categories();
    }

    /// See [`Coverage::record_poll`].
    pub(in crate::store) fn record_poll(
        &self,
        began: Instant,
        settled: Place,
        unsettled: impl IntoIterator<Item = Place>,
    ) {
        self.coverage.record_poll(began, settled, unsettled);
    }

    /// Clears the cache, after changes of other processes may have been missed.
    pub(in crate::store) fn clear(&self) {
        self.coverage.reset();
        self.stamps.invalidate_all();
        self.entries.clear();
    }

    /// The memory in use, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.entries.weight()
    }

    pub(super) fn len(&self) -> u64 {
        self.entries.len() as u64
    }

    pub(super) fn evictions(&self) -> u64 {
        self.evictions.load(Ordering::Relaxed)
    }
}

/// Computes the memory of an entry, in bytes.
#[derive(Debug, Clone)]
struct EntryWeight;

impl Weighter<Box<str>, Entry> for EntryWeight {
    fn weight(&self, id: &Box<str>, entry: &Entry) -> u64 {
        ENTRY_OVERHEAD + (id.len() + entry.product.frame.len()) as u64
    }
}

/// Counts evictions.
#[derive(Clone)]
struct CountEvictions {
    count: Arc<AtomicU64>,
    inner: DefaultLifecycle<Box<str>, Entry>,
}

impl Lifecycle<Box<str>, Entry> for CountEvictions {
    type RequestState =
        <DefaultLifecycle<Box<str>, Entry> as Lifecycle<Box<str>, Entry>>::RequestState;

    fn begin_request(&self) -> Self::RequestState {
        self.inner.begin_request()
    }

    fn on_evict(&self, state: &mut Self::RequestState, id: Box<str>, entry: Entry) {
        self.count.fetch_add(1, Ordering::Relaxed);
        self.inner.on_evict(state, id, entry);
    }
}

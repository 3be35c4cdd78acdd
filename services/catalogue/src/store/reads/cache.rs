//! A bounded cache of encoded products, in this process.
//!
//! **Invariant:** a product is answered from here only if it was read by a statement that was sent
//! after every write this process knows of, and what it does not know of is less than
//! [`MAX_STALENESS`](super::MAX_STALENESS) old. [`Stamps`] hold the first half, [`Coverage`] the
//! second. Deleted products are not kept: a purge leaves no change in the feed that others could
//! follow.

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
    product::FramedProduct,
    stamps::{Stamp, Stamps, Write},
};
use crate::domain::{Place, ProductId};

/// What an entry takes beside its key and its message, in bytes: the entry itself, its share of the
/// tables, and what the allocator adds. Measured as resident memory; see `docs/database.md`.
const ENTRY_OVERHEAD: u64 = 240;
/// For the estimate of how many entries there will be.
const USUAL_ENTRY: u64 = 1_024;
/// Bytes of cache for each version of [`Stamps`].
const BYTES_PER_STAMP: u64 = 2_048;

/// Encoded products by id.
pub(super) struct ProductCache {
    entries: Cache<Box<str>, Entry, EntryWeight, DefaultHashBuilder, CountEvictions>,
    stamps: Stamps,
    coverage: Coverage,
    evictions: Arc<AtomicU64>,
}

/// What was read of a product, and when.
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
        let estimated = usize::try_from(bytes / USUAL_ENTRY).unwrap_or(usize::MAX).max(1);
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

    /// Whether it must not answer now, since what other processes write is not seen.
    pub(super) fn is_bypassed(&self) -> bool {
        !self.coverage.is_fresh()
    }

    /// The product, if it may be answered from here.
    pub(super) fn get(&self, id: &str) -> Option<FramedProduct> {
        // Before the stamp is compared: what a look takes in from here on is newer than this call.
        if self.is_bypassed() {
            return None;
        }
        let entry = self.entries.get(id)?;
        self.stamps.is_current(&entry.stamp, entry.has_categories).then_some(entry.product)
    }

    /// Whether a write of another process has been taken in.
    pub(super) fn includes(&self, place: Place) -> bool {
        self.coverage.includes(place)
    }

    /// To be taken before a statement is sent that reads the product.
    pub(super) fn stamp(&self, id: &ProductId) -> Stamp {
        self.stamps.stamp(id.as_str())
    }

    /// Keeps what a statement has read, unless the product was written since, or what is kept is
    /// of a later revision.
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
            |kept: Entry| kept.stamp == stamp && kept.product.revision > product.revision;
        if self.entries.peek(id.as_str()).is_some_and(is_later) {
            return;
        }
        let entry = Entry { product: product.clone(), stamp, has_categories };
        self.entries.insert(id.as_str().into(), entry);
    }

    /// See [`Stamps::write`].
    pub(super) fn write(&self, ids: &[ProductId], categories: bool) -> Write<'_> {
        self.stamps.write(ids.iter().map(ProductId::as_str), categories)
    }

    /// Another process has written these products.
    pub(super) fn written<'a>(&self, ids: impl IntoIterator<Item = &'a str>) {
        ids.into_iter().for_each(|id| self.stamps.written(id));
    }

    /// The categories in memory are others now.
    pub(super) fn categories_written(&self) {
        self.stamps.categories_written();
    }

    /// See [`Coverage::looked`].
    pub(super) fn looked(
        &self,
        began: Instant,
        settled: Place,
        unsettled: impl IntoIterator<Item = Place>,
    ) {
        self.coverage.looked(began, settled, unsettled);
    }

    /// What others have written was missed, or is of another feed.
    pub(super) fn clear(&self) {
        self.coverage.lost();
        self.stamps.everything_written();
        self.entries.clear();
    }

    /// Memory in use, in bytes.
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

/// What an entry takes, in bytes.
#[derive(Debug, Clone)]
struct EntryWeight;

impl Weighter<Box<str>, Entry> for EntryWeight {
    fn weight(&self, id: &Box<str>, entry: &Entry) -> u64 {
        ENTRY_OVERHEAD + (id.len() + entry.product.frame.len()) as u64
    }
}

/// Counts the entries that make room for others.
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

//! Versions that decide whether a cached product is current.
//!
//! A reader takes a [`Stamp`] *before* its statement is sent. The result may be served while the stamp
//! is [current](Stamps::is_current). A writer holds a [`WriteGuard`] from before its commit until
//! after it: meanwhile no stamp of its products is current, and no stamp taken before the guard is
//! dropped is ever current again. So the result of a statement that overlaps a commit is never served
//! after it, and no client that saw a write in the database gets its predecessor from the cache.
//!
//! Products share a fixed number of slots by hash: a collision costs a cache miss, and memory is
//! bounded.

use std::hash::{BuildHasher as _, RandomState};

use super::sync::{AtomicU64, Ordering};

/// The lower half of a version counts the active writes, the upper half the finished ones.
const BEGIN: u64 = 1;
const ACTIVE_MASK: u64 = u32::MAX as u64;
const FINISHED: u64 = 1 << 32;

/// The versions of all products, of the category tree, and of the whole cache.
#[derive(Debug)]
pub(super) struct Stamps {
    slots: Box<[AtomicU64]>,
    /// Of the category tree, whose names are part of encoded products.
    categories: AtomicU64,
    all: AtomicU64,
    hasher: RandomState,
}

/// The versions of a product at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    slot: u32,
    product: u64,
    categories: u64,
    all: u64,
}

/// An active write. It finishes when dropped, also by a panic or a lost connection, after which the
/// commit may have happened.
#[derive(Debug)]
#[must_use]
pub(crate) struct WriteGuard<'a> {
    stamps: &'a Stamps,
    slots: Vec<u32>,
    categories: bool,
}

impl Stamps {
    /// Creates `slots` slots, rounded up to a power of two.
    pub(super) fn new(slots: usize) -> Self {
        let slots = slots.clamp(1, 1 << 24).next_power_of_two();
        Self {
            slots: std::iter::repeat_with(|| AtomicU64::new(0)).take(slots).collect(),
            categories: AtomicU64::new(0),
            all: AtomicU64::new(0),
            hasher: RandomState::new(),
        }
    }

    /// The current versions of this product.
    pub(super) fn stamp(&self, id: &str) -> Stamp {
        let slot = self.slot(id);
        Stamp {
            slot,
            product: self.slots[slot as usize].load(Ordering::SeqCst),
            categories: self.categories.load(Ordering::SeqCst),
            all: self.all.load(Ordering::SeqCst),
        }
    }

    /// Whether the product has not been written since the stamp was taken, and no write is active.
    /// `has_categories`: whether the encoded product depends on the category tree.
    pub(super) fn is_current(&self, stamp: &Stamp, has_categories: bool) -> bool {
        let is_unchanged = |version: &AtomicU64, stamped: u64| {
            stamped & ACTIVE_MASK == 0 && version.load(Ordering::Acquire) == stamped
        };
        is_unchanged(&self.slots[stamp.slot as usize], stamp.product)
            && is_unchanged(&self.all, stamp.all)
            && (!has_categories || is_unchanged(&self.categories, stamp.categories))
    }

    /// Begins a write of these products, and of the category tree if `categories`. Call it before the
    /// commit.
    pub(super) fn begin_write<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a str>,
        categories: bool,
    ) -> WriteGuard<'_> {
        let mut slots: Vec<u32> = ids.into_iter().map(|id| self.slot(id)).collect();
        slots.sort_unstable();
        slots.dedup();
        for slot in &slots {
            self.slots[*slot as usize].fetch_add(BEGIN, Ordering::SeqCst);
        }
        if categories {
            self.categories.fetch_add(BEGIN, Ordering::SeqCst);
        }
        WriteGuard { stamps: self, slots, categories }
    }

    /// Invalidates a product that another process has written.
    pub(super) fn invalidate(&self, id: &str) {
        self.slots[self.slot(id) as usize].fetch_add(FINISHED, Ordering::SeqCst);
    }

    /// Invalidates all products with categories.
    pub(super) fn invalidate_categories(&self) {
        self.categories.fetch_add(FINISHED, Ordering::SeqCst);
    }

    /// Invalidates all products.
    pub(super) fn invalidate_all(&self) {
        self.all.fetch_add(FINISHED, Ordering::SeqCst);
    }

    fn slot(&self, id: &str) -> u32 {
        let hash = self.hasher.hash_one(id);
        // There are at most 2^24 slots.
        (hash & (self.slots.len() as u64 - 1)) as u32
    }
}

impl Drop for WriteGuard<'_> {
    fn drop(&mut self) {
        for slot in &self.slots {
            self.stamps.slots[*slot as usize].fetch_add(FINISHED - BEGIN, Ordering::SeqCst);
        }
        if self.categories {
            self.stamps.categories.fetch_add(FINISHED - BEGIN, Ordering::SeqCst);
        }
    }
}

//! Versions that decide whether what was read from the database may still be served.
//!
//! A reader takes a [`Stamp`] *before* its statement is sent. What it read may be served for as long
//! as the stamp is [current](Stamps::is_current). A writer holds a [`Write`] from before its commit
//! until after it: meanwhile no stamp of what it writes is current, and none taken before it ends
//! ever is again. So a statement that overlaps a commit is never served after it, whatever it saw,
//! and no reader sees a write in the database and its predecessor in the cache afterwards.
//!
//! Products share a fixed number of slots by hash: a collision costs a miss, and the memory is
//! bounded whatever is written.

use std::hash::{BuildHasher as _, RandomState};

use super::sync::{AtomicU64, Ordering};

/// The lower half of a version counts the writes under way, the upper half those that have ended.
const BEGIN: u64 = 1;
const UNDER_WAY: u64 = u32::MAX as u64;
const ENDED: u64 = 1 << 32;

/// The versions of all products, of the categories, and of everything at once.
#[derive(Debug)]
pub(super) struct Stamps {
    slots: Box<[AtomicU64]>,
    /// The names and the order of the categories, which products repeat in their paths.
    categories: AtomicU64,
    everything: AtomicU64,
    hasher: RandomState,
}

/// The versions that a product had when a statement was about to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    slot: u32,
    product: u64,
    categories: u64,
    everything: u64,
}

/// A write under way. Ends when it is dropped, so that a panic or a lost connection, whose commit
/// may have happened, counts as a write.
#[derive(Debug)]
#[must_use]
pub(crate) struct Write<'a> {
    stamps: &'a Stamps,
    slots: Vec<u32>,
    categories: bool,
}

impl Stamps {
    /// `slots` of them, rounded up to a power of two.
    pub(super) fn new(slots: usize) -> Self {
        let slots = slots.clamp(1, 1 << 24).next_power_of_two();
        Self {
            slots: std::iter::repeat_with(|| AtomicU64::new(0)).take(slots).collect(),
            categories: AtomicU64::new(0),
            everything: AtomicU64::new(0),
            hasher: RandomState::new(),
        }
    }

    /// The versions of this product now.
    pub(super) fn stamp(&self, id: &str) -> Stamp {
        let slot = self.slot(id);
        Stamp {
            slot,
            product: self.slots[slot as usize].load(Ordering::SeqCst),
            categories: self.categories.load(Ordering::SeqCst),
            everything: self.everything.load(Ordering::SeqCst),
        }
    }

    /// Whether nothing of it has been written since, and is not being written.
    pub(super) fn is_current(&self, stamp: &Stamp, has_categories: bool) -> bool {
        let is = |version: &AtomicU64, then: u64| {
            then & UNDER_WAY == 0 && version.load(Ordering::Acquire) == then
        };
        is(&self.slots[stamp.slot as usize], stamp.product)
            && is(&self.everything, stamp.everything)
            && (!has_categories || is(&self.categories, stamp.categories))
    }

    /// Begins a write of these products, and of the categories if it changes them. To be called
    /// before the commit.
    pub(super) fn write<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a str>,
        categories: bool,
    ) -> Write<'_> {
        let mut slots: Vec<u32> = ids.into_iter().map(|id| self.slot(id)).collect();
        slots.sort_unstable();
        slots.dedup();
        for slot in &slots {
            self.slots[*slot as usize].fetch_add(BEGIN, Ordering::SeqCst);
        }
        if categories {
            self.categories.fetch_add(BEGIN, Ordering::SeqCst);
        }
        Write { stamps: self, slots, categories }
    }

    /// Another process has written this product.
    pub(super) fn written(&self, id: &str) {
        self.slots[self.slot(id) as usize].fetch_add(ENDED, Ordering::SeqCst);
    }

    /// The categories in memory are others now.
    pub(super) fn categories_written(&self) {
        self.categories.fetch_add(ENDED, Ordering::SeqCst);
    }

    /// Anything may have been written.
    pub(super) fn everything_written(&self) {
        self.everything.fetch_add(ENDED, Ordering::SeqCst);
    }

    fn slot(&self, id: &str) -> u32 {
        let hash = self.hasher.hash_one(id);
        // There are at most 2^24 slots.
        (hash & (self.slots.len() as u64 - 1)) as u32
    }
}

impl Drop for Write<'_> {
    fn drop(&mut self) {
        for slot in &self.slots {
            self.stamps.slots[*slot as usize].fetch_add(ENDED - BEGIN, Ordering::SeqCst);
        }
        if self.categories {
            self.stamps.categories.fetch_add(ENDED - BEGIN, Ordering::SeqCst);
        }
    }
}

//! Hits and misses of the cache, counted without contention between threads.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

/// The counts of one reader, on a cache line of its own.
#[derive(Debug, Default)]
#[repr(align(64))]
pub(super) struct HitCount {
    hits: AtomicU64,
    misses: AtomicU64,
}

impl HitCount {
    pub(super) fn count(&self, hit: bool) {
        let counter = if hit { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// The counts of all readers, including finished ones.
#[derive(Debug, Default)]
pub(super) struct HitCounts {
    readers: Mutex<Vec<Arc<HitCount>>>,
}

impl HitCounts {
    /// The counts for a new reader.
    pub(super) fn add(&self) -> Arc<HitCount> {
        let count = Arc::<HitCount>::default();
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&count));
        count
    }

    pub(super) fn hits(&self) -> u64 {
        self.sum(|count| &count.hits)
    }

    pub(super) fn misses(&self) -> u64 {
        self.sum(|count| &count.misses)
    }

    fn sum(&self, counter: fn(&HitCount) -> &AtomicU64) -> u64 {
        let readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        readers.iter().map(|count| counter(count).load(Ordering::Relaxed)).sum()
    }
}

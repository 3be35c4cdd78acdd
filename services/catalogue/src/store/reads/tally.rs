//! How often the cache could answer, counted so that a hit costs nearly nothing.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

/// The answers of one reader. No two threads write the same one.
#[derive(Debug, Default)]
#[repr(align(64))]
pub(super) struct Tally {
    hits: AtomicU64,
    misses: AtomicU64,
}

impl Tally {
    pub(super) fn count(&self, hit: bool) {
        let counter = if hit { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// Those of all readers there have been.
#[derive(Debug, Default)]
pub(super) struct Tallies {
    readers: Mutex<Vec<Arc<Tally>>>,
}

impl Tallies {
    /// One more, for a reader to count in.
    pub(super) fn add(&self) -> Arc<Tally> {
        let tally = Arc::<Tally>::default();
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&tally));
        tally
    }

    pub(super) fn hits(&self) -> u64 {
        self.sum(|tally| &tally.hits)
    }

    pub(super) fn misses(&self) -> u64 {
        self.sum(|tally| &tally.misses)
    }

    fn sum(&self, counter: fn(&Tally) -> &AtomicU64) -> u64 {
        let readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        readers.iter().map(|tally| counter(tally).load(Ordering::Relaxed)).sum()
    }
}

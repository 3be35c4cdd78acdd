//! A count with a limit.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Units of which at most `limit` are taken at once.
#[derive(Debug)]
pub(crate) struct Quota {
    taken: AtomicUsize,
    limit: usize,
}

impl Quota {
    pub(crate) fn new(limit: usize) -> Self {
        Self { taken: AtomicUsize::new(0), limit }
    }

    /// Takes `count` units, or none. Returns whether they were there.
    pub(crate) fn take(&self, count: usize) -> bool {
        let before = self.taken.fetch_add(count, Relaxed);
        let is_within = before.saturating_add(count) <= self.limit;
        if !is_within {
            self.put_back(count);
        }
        is_within
    }

    pub(crate) fn put_back(&self, count: usize) {
        self.taken.fetch_sub(count, Relaxed);
    }

    pub(crate) fn taken(&self) -> usize {
        self.taken.load(Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_the_limit_is_taken() {
        let quota = Quota::new(3);
        assert!(quota.take(2) && !quota.take(2) && quota.take(1) && !quota.take(1));
        quota.put_back(2);
        assert!(quota.take(2));
        assert_eq!(quota.taken(), 3);
    }
}

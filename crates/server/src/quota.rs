//! A count with a limit.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

/// Units with at most `limit` taken.
#[derive(Debug)]
pub(crate) struct Quota {
    taken: AtomicUsize,
    limit: usize,
}

/// Units taken from a quota, returned to it when dropped.
#[derive(Debug)]
pub(crate) struct Taken {
    quota: Arc<Quota>,
    count: usize,
}

impl Quota {
    pub(crate) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self { taken: AtomicUsize::new(0), limit })
    }

    /// Takes no unit yet.
    pub(crate) fn hold(self: &Arc<Self>) -> Taken {
        Taken { quota: Arc::clone(self), count: 0 }
    }

    /// Takes `count` units, or none.
    pub(crate) fn take(self: &Arc<Self>, count: usize) -> Option<Taken> {
        let mut taken = self.hold();
        taken.grow(count).then_some(taken)
    }

    pub(crate) fn taken(&self) -> usize {
        self.taken.load(Relaxed)
    }
}

impl Taken {
    /// Takes `count` units more, or none. Returns whether they were there.
    pub(crate) fn grow(&mut self, count: usize) -> bool {
        let before = self.quota.taken.fetch_add(count, Relaxed);
        let is_within = before.saturating_add(count) <= self.quota.limit;
        if is_within {
            self.count += count;
        } else {
            self.quota.taken.fetch_sub(count, Relaxed);
        }
        is_within
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Returns all but `count` units.
    pub(crate) fn shrink_to(&mut self, count: usize) {
        self.quota.taken.fetch_sub(self.count - count, Relaxed);
        self.count = count;
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.shrink_to(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_the_limit_is_taken() {
        let quota = Quota::new(3);
        let mut two = quota.take(2).expect("two of three");
        assert!(quota.take(2).is_none());
        let one = quota.take(1).expect("the third");
        assert!(!two.grow(1));
        drop(one);
        assert!(two.grow(1));
        assert_eq!((quota.taken(), two.count()), (3, 3));
        two.shrink_to(1);
        assert_eq!(quota.taken(), 1);
        drop(two);
        assert_eq!(quota.taken(), 0);
    }
}

//! A model of acknowledged writes, which checks whether reads are as new as guaranteed.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Maximum staleness of a read without `min_revision`, for writes of other replicas (docs/database.md).
const MAX_STALENESS: Duration = Duration::from_secs(1);

/// Acknowledged writes by product number.
pub(super) struct Model {
    products: Vec<Product>,
    pub(super) counts: Counts,
}

/// Counts of calls and of stale reads.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) reads: AtomicU64,
    pub(super) named: AtomicU64,
    pub(super) writes: AtomicU64,
    pub(super) failed: AtomicU64,
    /// Older than a write acknowledged by the same process.
    pub(super) own_stale: AtomicU64,
    /// Older than `min_revision`.
    pub(super) named_stale: AtomicU64,
    /// Older than a write of another process, by more than [`MAX_STALENESS`].
    pub(super) stale: AtomicU64,
}

struct Product {
    /// The newest revision acknowledged by each replica.
    acknowledged: [AtomicI64; 2],
    writes: Mutex<VecDeque<Write>>,
}

#[derive(Clone)]
struct Write {
    at: Instant,
    revision: i64,
    token: String,
}

/// Minimum revisions of a read, determined before it starts.
pub(super) struct Expected {
    own: i64,
    anywhere: i64,
    named: i64,
    /// The `min_revision` of the request; may be empty.
    pub(super) token: String,
}

impl Model {
    pub(super) fn new(products: usize) -> Self {
        let product = || Product {
            acknowledged: [AtomicI64::new(0), AtomicI64::new(0)],
            writes: Mutex::default(),
        };
        let products = std::iter::repeat_with(product).take(products).collect();
        Self { products, counts: Counts::default() }
    }

    /// Records that a replica has just acknowledged a write.
    pub(super) fn acknowledge(&self, replica: usize, product: usize, revision: i64, token: String) {
        let product = &self.products[product];
        let at = Instant::now();
        let mut writes = product.writes.lock().unwrap_or_else(PoisonError::into_inner);
        writes.push_back(Write { at, revision, token });
        // Keeps the newest write that all reads must include, and those after it.
        while writes.get(1).is_some_and(|second| second.at.elapsed() > MAX_STALENESS) {
            let first = writes.pop_front().map_or(0, |first| first.revision);
            if let Some(second) = writes.front_mut() {
                second.revision = second.revision.max(first);
            }
        }
        drop(writes);
        product.acknowledged[replica].fetch_max(revision, Ordering::SeqCst);
        self.counts.writes.fetch_add(1, Ordering::Relaxed);
    }

    /// Minimum revisions of a read that starts now. With `names`, `min_revision` is the newest write.
    pub(super) fn expect(&self, replica: usize, product: usize, names: bool) -> Expected {
        let product = &self.products[product];
        let own = product.acknowledged[replica].load(Ordering::SeqCst);
        let writes = product.writes.lock().unwrap_or_else(PoisonError::into_inner);
        let old = writes.iter().filter(|write| write.at.elapsed() > MAX_STALENESS);
        let anywhere = old.map(|write| write.revision).max().unwrap_or(0);
        let last = writes.back().filter(|_| names).cloned();
        let (named, token) = last.map_or((0, String::new()), |it| (it.revision, it.token));
        Expected { own, anywhere, named, token }
    }

    /// Counts a read, and compares its revision with the minimum.
    pub(super) fn check(&self, expected: &Expected, revision: i64) {
        let Counts { reads, named, own_stale, named_stale, stale, .. } = &self.counts;
        reads.fetch_add(1, Ordering::Relaxed);
        named.fetch_add(u64::from(expected.named > 0), Ordering::Relaxed);
        for (minimum, count) in
            [(expected.own, own_stale), (expected.named, named_stale), (expected.anywhere, stale)]
        {
            count.fetch_add(u64::from(revision < minimum), Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stale_reads_are_counted() {
        let model = Model::new(1);
        model.acknowledge(0, 0, 7, "token".to_owned());
        let own = model.expect(0, 0, false);
        let other = model.expect(1, 0, false);
        let named = model.expect(1, 0, true);
        assert_eq!((other.token.as_str(), named.token.as_str()), ("", "token"));
        model.check(&other, 1);
        model.check(&own, 7);
        model.check(&named, 7);
        let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let Counts { own_stale, named_stale, stale, .. } = &model.counts;
        assert_eq!((count(own_stale), count(named_stale), count(stale)), (0, 0, 0));
        model.check(&own, 6);
        model.check(&named, 6);
        assert_eq!((count(own_stale), count(named_stale), count(stale)), (1, 1, 0));
        let before = Instant::now().checked_sub(2 * MAX_STALENESS);
        let Some(before) = before else { return };
        model.products[0].writes.lock().unwrap()[0].at = before;
        model.check(&model.expect(1, 0, false), 6);
        assert_eq!(count(stale), 1);
    }
}

//! What was acknowledged when, and whether an answer is as new as was promised.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// How much a read that names no write may be behind another replica's. `docs/database.md` says so.
const MAX_STALENESS: Duration = Duration::from_secs(1);

/// All that is known of the products, by number.
pub(super) struct Truth {
    products: Vec<Product>,
    pub(super) counts: Counts,
}

/// What came of the reads.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) reads: AtomicU64,
    pub(super) named: AtomicU64,
    pub(super) writes: AtomicU64,
    pub(super) failed: AtomicU64,
    /// Older than what the same process had acknowledged.
    pub(super) unseen: AtomicU64,
    /// Older than the write that was named.
    pub(super) unreached: AtomicU64,
    /// Further behind another process than may be.
    pub(super) stale: AtomicU64,
}

struct Product {
    /// The newest revision that each replica has acknowledged.
    acknowledged: [AtomicI64; 2],
    writes: Mutex<VecDeque<Write>>,
}

#[derive(Clone)]
struct Write {
    at: Instant,
    revision: i64,
    token: String,
}

/// The least that a read must show. Taken before it begins.
pub(super) struct Promise {
    own: i64,
    anywhere: i64,
    named: i64,
    /// The `min_revision` to ask for; empty if none is.
    pub(super) token: String,
}

impl Truth {
    pub(super) fn new(products: usize) -> Self {
        let product = || Product {
            acknowledged: [AtomicI64::new(0), AtomicI64::new(0)],
            writes: Mutex::default(),
        };
        let products = std::iter::repeat_with(product).take(products).collect();
        Self { products, counts: Counts::default() }
    }

    /// A write has just been acknowledged by a replica.
    pub(super) fn acknowledge(&self, replica: usize, product: usize, revision: i64, token: String) {
        let product = &self.products[product];
        let at = Instant::now();
        let mut writes = product.writes.lock().unwrap_or_else(PoisonError::into_inner);
        writes.push_back(Write { at, revision, token });
        // The newest of those that every read must show, and all behind it.
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

    /// What a read of a replica that begins now must show; of the newest write anywhere, if it is to
    /// name one.
    pub(super) fn promise(&self, replica: usize, product: usize, names: bool) -> Promise {
        let product = &self.products[product];
        let own = product.acknowledged[replica].load(Ordering::SeqCst);
        let writes = product.writes.lock().unwrap_or_else(PoisonError::into_inner);
        let old = writes.iter().filter(|write| write.at.elapsed() > MAX_STALENESS);
        let anywhere = old.map(|write| write.revision).max().unwrap_or(0);
        let last = writes.back().filter(|_| names).cloned();
        let (named, token) = last.map_or((0, String::new()), |it| (it.revision, it.token));
        Promise { own, anywhere, named, token }
    }

    /// An answer has come.
    pub(super) fn check(&self, promise: &Promise, revision: i64) {
        let Counts { reads, named, unseen, unreached, stale, .. } = &self.counts;
        reads.fetch_add(1, Ordering::Relaxed);
        named.fetch_add(u64::from(promise.named > 0), Ordering::Relaxed);
        for (least, count) in
            [(promise.own, unseen), (promise.named, unreached), (promise.anywhere, stale)]
        {
            count.fetch_add(u64::from(revision < least), Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_is_too_old_is_noticed() {
        let truth = Truth::new(1);
        truth.acknowledge(0, 0, 7, "token".to_owned());
        let own = truth.promise(0, 0, false);
        let other = truth.promise(1, 0, false);
        let named = truth.promise(1, 0, true);
        assert_eq!((other.token.as_str(), named.token.as_str()), ("", "token"));
        truth.check(&other, 1);
        truth.check(&own, 7);
        truth.check(&named, 7);
        let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let Counts { unseen, unreached, stale, .. } = &truth.counts;
        assert_eq!((count(unseen), count(unreached), count(stale)), (0, 0, 0));
        truth.check(&own, 6);
        truth.check(&named, 6);
        assert_eq!((count(unseen), count(unreached), count(stale)), (1, 1, 0));
        let before = Instant::now().checked_sub(2 * MAX_STALENESS);
        let Some(before) = before else { return };
        truth.products[0].writes.lock().unwrap()[0].at = before;
        truth.check(&truth.promise(1, 0, false), 6);
        assert_eq!(count(stale), 1);
    }
}

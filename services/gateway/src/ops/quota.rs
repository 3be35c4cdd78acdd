//! A limit on how many requests are kept in a second.

use std::sync::atomic::{AtomicU64, Ordering};

/// The bits that hold the number of requests kept in a second.
const COUNT_BITS: u32 = 8;

/// A number of requests that may be kept in each second. Once it is reached, a request costs one relaxed load.
#[derive(Debug)]
pub(super) struct Quota {
    limit: u64,
    /// The second, and in the lower bits the number of requests kept in it.
    state: AtomicU64,
}

impl Quota {
    pub(super) const fn new(limit: u8) -> Self {
        Self { limit: limit as u64, state: AtomicU64::new(0) }
    }

    /// Counts a request to keep in this second, from any origin. False if the limit is reached.
    pub(super) fn take(&self, second: u64) -> bool {
        let next = |state: u64| {
            let (of, taken) = (state >> COUNT_BITS, state & ((1 << COUNT_BITS) - 1));
            match of == second {
                true if taken >= self.limit => None,
                true => Some(state + 1),
                false => Some(second << COUNT_BITS | 1),
            }
        };
        let taken = self.state.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        taken.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_second_has_its_quota() {
        let quota = Quota::new(3);
        for second in [0, 1, 2, 900] {
            let taken = (0..10).filter(|_| quota.take(second)).count();
            assert_eq!(taken, 3, "second {second}");
        }
    }
}

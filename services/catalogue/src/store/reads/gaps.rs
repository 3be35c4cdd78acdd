//! Which numbers of the feed have been read, and which may still appear.
//!
//! A change has its number when it is written and is seen when its transaction is committed, so
//! numbers appear out of order. What is below the highest one and has not been seen is a gap: a
//! transaction under way, or one that was rolled back. A gap is read again with each look until it
//! is filled, or until every transaction that could fill it has ended.

use std::{
    ops::RangeInclusive,
    time::{Duration, Instant},
};

/// A gap that is older is probably a rollback: then it is worth asking which transactions could
/// fill it.
const PROBABLY_ROLLED_BACK: Duration = Duration::from_millis(250);
/// More gaps than this are not followed.
const MAX_GAPS: usize = 4_096;

/// What has been read of the feed, by number.
#[derive(Debug)]
pub(in crate::store) struct Gaps {
    /// Of the numbers from the beginning on, the highest that has been read.
    highest: i64,
    gaps: Vec<Gap>,
}

#[derive(Debug)]
struct Gap {
    numbers: RangeInclusive<i64>,
    noted: Instant,
    /// Transactions that could fill it have lower ids.
    below: Option<i64>,
}

impl Gaps {
    /// Everything up to `highest` has been read, or is of no interest.
    pub(in crate::store) fn new(highest: i64) -> Self {
        Self { highest, gaps: Vec::new() }
    }

    /// The first and last numbers of the gaps.
    pub(in crate::store) fn ranges(&self) -> impl Iterator<Item = (i64, i64)> {
        self.gaps.iter().map(|gap| (*gap.numbers.start(), *gap.numbers.end()))
    }

    /// Whether there are too many to follow.
    pub(in crate::store) fn is_full(&self) -> bool {
        self.gaps.len() > MAX_GAPS
    }

    /// The change of this number has been read.
    pub(in crate::store) fn read(&mut self, number: i64, now: Instant) {
        if number > self.highest {
            if number > self.highest + 1 {
                let numbers = self.highest + 1..=number - 1;
                self.gaps.push(Gap { numbers, noted: now, below: None });
            }
            self.highest = number;
            return;
        }
        let Some(at) = self.gaps.iter().position(|gap| gap.numbers.contains(&number)) else {
            return;
        };
        let Gap { numbers, noted, below } = self.gaps.swap_remove(at);
        let parts = [*numbers.start()..=number - 1, number + 1..=*numbers.end()];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        self.gaps.extend(parts.map(|numbers| Gap { numbers, noted, below }));
    }

    /// Whether it is worth asking for a transaction id that those of all gaps are below.
    pub(in crate::store) fn want_bound(&self, now: Instant) -> bool {
        let is_old = |gap: &Gap| now.duration_since(gap.noted) >= PROBABLY_ROLLED_BACK;
        self.gaps.iter().any(|gap| gap.below.is_none() && is_old(gap))
    }

    /// A transaction that began after all gaps had been noted has this id.
    pub(in crate::store) fn bound(&mut self, transaction: i64) {
        for gap in &mut self.gaps {
            gap.below.get_or_insert(transaction);
        }
    }

    /// All transactions below `horizon` had ended when the gaps were last read.
    pub(in crate::store) fn settle(&mut self, horizon: i64) {
        self.gaps.retain(|gap| gap.below.is_none_or(|below| below > horizon));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn ranges(gaps: &Gaps) -> Vec<(i64, i64)> {
        let mut ranges: Vec<_> = gaps.ranges().collect();
        ranges.sort_unstable();
        ranges
    }

    #[test]
    fn a_gap_is_open_until_it_is_filled_or_nobody_can_fill_it() {
        let (mut gaps, now) = (Gaps::new(10), Instant::now());
        gaps.read(11, now);
        gaps.read(15, now);
        assert_eq!((gaps.highest, ranges(&gaps)), (15, vec![(12, 14)]));
        gaps.read(13, now);
        assert_eq!(ranges(&gaps), [(12, 12), (14, 14)]);
        gaps.read(12, now);
        assert!(!gaps.want_bound(now) && gaps.want_bound(now + PROBABLY_ROLLED_BACK));
        gaps.settle(i64::MAX);
        assert_eq!(ranges(&gaps), [(14, 14)], "nobody knows yet who could fill it");
        gaps.bound(100);
        gaps.read(17, now);
        gaps.settle(99);
        assert_eq!(ranges(&gaps), [(14, 14), (16, 16)]);
        gaps.settle(100);
        assert_eq!(ranges(&gaps), [(16, 16)]);
    }

    #[test]
    fn too_many_gaps_are_noticed() {
        let mut gaps = Gaps::new(0);
        for number in 1..=MAX_GAPS as i64 + 1 {
            assert!(!gaps.is_full());
            gaps.read(2 * number, Instant::now());
        }
        assert!(gaps.is_full());
    }

    proptest! {
        /// In whatever order numbers appear, what is asked for is exactly what has not been read.
        #[test]
        fn exactly_what_was_not_read_is_asked_for(numbers in vec(1_i64..60, 0..60)) {
            let mut gaps = Gaps::new(0);
            let mut read = BTreeSet::new();
            for number in numbers {
                gaps.read(number, Instant::now());
                read.insert(number);
                let highest = *read.last().unwrap();
                let asked: BTreeSet<i64> = gaps.ranges().flat_map(|(a, b)| a..=b).collect();
                let missing = (1..=highest).filter(|it| !read.contains(it)).collect();
                prop_assert_eq!((gaps.highest, asked), (highest, missing));
            }
        }
    }
}

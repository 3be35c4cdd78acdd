//! The sequence numbers of the feed that have not been read yet, but may still appear.
//!
//! A change gets its number at INSERT and becomes visible at COMMIT, so numbers appear out of order.
//! An unread number below the highest one read is a gap: its transaction is running, or was rolled
//! back. Each poll reads the gaps again, until they are filled or every transaction that could fill
//! them has ended.

use std::{
    ops::RangeInclusive,
    time::{Duration, Instant},
};

/// An older gap is probably a rollback: then it is worth a query to bound the transactions that could
/// fill it.
const PROBABLY_ROLLED_BACK: Duration = Duration::from_millis(250);
/// The number of gaps above which the follower restarts.
const MAX_GAPS: usize = 4_096;

/// The read sequence numbers: all up to the highest one, without the gaps.
#[derive(Debug)]
pub(super) struct Gaps {
    /// The highest number that has been read.
    highest: i64,
    gaps: Vec<Gap>,
}

#[derive(Debug)]
struct Gap {
    numbers: RangeInclusive<i64>,
    since: Instant,
    /// The transactions that could fill the gap have lower numbers; None if not known yet.
    below: Option<i64>,
}

impl Gaps {
    /// Starts after `highest`, without gaps.
    pub(super) fn new(highest: i64) -> Self {
        Self { highest, gaps: Vec::new() }
    }

    /// The first and last number of each gap.
    pub(super) fn ranges(&self) -> impl Iterator<Item = (i64, i64)> {
        self.gaps.iter().map(|gap| (*gap.numbers.start(), *gap.numbers.end()))
    }

    /// Whether there are too many gaps.
    pub(super) fn is_full(&self) -> bool {
        self.gaps.len() > MAX_GAPS
    }

    /// Marks a number as read.
    pub(super) fn mark_read(&mut self, number: i64, now: Instant) {
        if number > self.highest {
            if number > self.highest + 1 {
                let numbers = self.highest + 1..=number - 1;
                self.gaps.push(Gap { numbers, since: now, below: None });
            }
            self.highest = number;
            return;
        }
        let Some(at) = self.gaps.iter().position(|gap| gap.numbers.contains(&number)) else {
            return;
        };
        let Gap { numbers, since, below } = self.gaps.swap_remove(at);
        let parts = [*numbers.start()..=number - 1, number + 1..=*numbers.end()];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        self.gaps.extend(parts.map(|numbers| Gap { numbers, since, below }));
    }

    /// Whether [`set_bound`](Self::set_bound) is needed to close a gap.
    pub(super) fn need_bound(&self, now: Instant) -> bool {
        let is_old = |gap: &Gap| now.duration_since(gap.since) >= PROBABLY_ROLLED_BACK;
        self.gaps.iter().any(|gap| gap.below.is_none() && is_old(gap))
    }

    /// Bounds all gaps by the number of a transaction that began after they were found.
    pub(super) fn set_bound(&mut self, transaction: i64) {
        for gap in &mut self.gaps {
            gap.below.get_or_insert(transaction);
        }
    }

    /// Closes the gaps that no transaction can fill: all below `horizon` had ended when the gaps were
    /// last read.
    pub(super) fn close_below(&mut self, horizon: i64) {
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
    fn a_gap_is_open_until_it_is_filled_or_cannot_be_filled() {
        let (mut gaps, now) = (Gaps::new(10), Instant::now());
        gaps.mark_read(11, now);
        gaps.mark_read(15, now);
        assert_eq!((gaps.highest, ranges(&gaps)), (15, vec![(12, 14)]));
        gaps.mark_read(13, now);
        assert_eq!(ranges(&gaps), [(12, 12), (14, 14)]);
        gaps.mark_read(12, now);
        assert!(!gaps.need_bound(now) && gaps.need_bound(now + PROBABLY_ROLLED_BACK));
        gaps.close_below(i64::MAX);
        assert_eq!(ranges(&gaps), [(14, 14)], "the gap has no bound yet");
        gaps.set_bound(100);
        gaps.mark_read(17, now);
        gaps.close_below(99);
        assert_eq!(ranges(&gaps), [(14, 14), (16, 16)]);
        gaps.close_below(100);
        assert_eq!(ranges(&gaps), [(16, 16)]);
    }

    #[test]
    fn too_many_gaps_are_reported() {
        let mut gaps = Gaps::new(0);
        for number in 1..=MAX_GAPS as i64 + 1 {
            assert!(!gaps.is_full());
            gaps.mark_read(2 * number, Instant::now());
        }
        assert!(gaps.is_full());
    }

    proptest! {
        /// In every order of numbers, the gaps are exactly the unread numbers.
        #[test]
        fn the_gaps_are_the_unread_numbers(numbers in vec(1_i64..60, 0..60)) {
            let mut gaps = Gaps::new(0);
            let mut read = BTreeSet::new();
            for number in numbers {
                gaps.mark_read(number, Instant::now());
                read.insert(number);
                let highest = *read.last().unwrap();
                let asked: BTreeSet<i64> = gaps.ranges().flat_map(|(a, b)| a..=b).collect();
                let missing = (1..=highest).filter(|it| !read.contains(it)).collect();
                prop_assert_eq!((gaps.highest, asked), (highest, missing));
            }
        }
    }
}

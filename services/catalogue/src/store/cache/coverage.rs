//! Which writes of other processes the cache reflects.
//!
//! On SQLite there are none. On PostgreSQL the feed follower polls for changes of other processes,
//! invalidates the products they touch, and [records](Coverage::record_poll) the poll. The cache may
//! be used while the last complete poll is recent, and for a read with a `min_revision` only if a
//! poll has seen that change.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::domain::Place;

/// The maximum age of the last complete poll, and so the maximum staleness of a read without a
/// `min_revision`.
pub(in crate::store) const MAX_STALENESS: Duration = Duration::from_secs(1);

/// Unsettled changes that are remembered, at most. A read that names an older one bypasses the cache.
const MAX_UNSETTLED: usize = 1_024;

/// The known writes of other processes.
#[derive(Debug)]
pub(super) enum Coverage {
    /// No other process writes.
    SingleWriter,
    Followed(Followed),
}

#[derive(Debug)]
pub(super) struct Followed {
    created: Instant,
    /// When the last complete poll began, in nanoseconds after `created`; 0 before the first.
    polled_at: AtomicU64,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    /// All changes up to here have been seen, and none can appear before it.
    settled: Place,
    /// Changes after it that have been seen. A poll that saw one of them also saw every write that
    /// was acknowledged before that change was committed.
    unsettled: VecDeque<Place>,
}

impl Coverage {
    /// Starts without any known poll.
    pub(super) fn followed() -> Self {
        let (polled_at, seen) = (AtomicU64::new(0), Mutex::default());
        Self::Followed(Followed { created: Instant::now(), polled_at, seen })
    }

    /// Whether the last complete poll is recent enough to use the cache.
    pub(super) fn is_fresh(&self) -> bool {
        let Self::Followed(followed) = self else { return true };
        let polled_at = followed.polled_at.load(Ordering::Acquire);
        let since = Duration::from_nanos(followed.elapsed().saturating_sub(polled_at));
        polled_at > 0 && since < MAX_STALENESS
    }

    /// Whether the change at `place` of another process has been seen.
    pub(super) fn includes(&self, place: Place) -> bool {
        let Self::Followed(followed) = self else { return false };
        let seen = followed.seen.lock().unwrap_or_else(PoisonError::into_inner);
        place <= seen.settled || seen.unsettled.contains(&place)
    }

    /// Records a complete poll that began at `began`: it saw every change up to `settled` and the
    /// `unsettled` ones after it, and the products they touch have been invalidated.
    pub(super) fn record_poll(
        &self,
        began: Instant,
        settled: Place,
        unsettled: impl IntoIterator<Item = Place>,
    ) {
        let Self::Followed(followed) = self else { return };
        let mut seen = followed.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.settled = settled;
        seen.unsettled.retain(|place| *place > settled);
        seen.unsettled.extend(unsettled.into_iter().filter(|place| *place > settled));
        let excess = seen.unsettled.len().saturating_sub(MAX_UNSETTLED);
        seen.unsettled.drain(..excess);
        drop(seen);
        let at = began.saturating_duration_since(followed.created).as_nanos();
        followed.polled_at.store(u64::try_from(at).unwrap_or(u64::MAX).max(1), Ordering::Release);
    }

    /// Forgets all polls, which may have missed changes. The cache is unusable until the next complete
    /// poll.
    pub(super) fn reset(&self) {
        let Self::Followed(followed) = self else { return };
        followed.polled_at.store(0, Ordering::Release);
        *followed.seen.lock().unwrap_or_else(PoisonError::into_inner) = Seen::default();
    }
}

impl Followed {
    fn elapsed(&self) -> u64 {
        u64::try_from(self.created.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(transaction: i64, sequence: i64) -> Place {
        Place { transaction, sequence }
    }

    #[test]
    fn only_changes_that_a_poll_saw_are_included() {
        let coverage = Coverage::followed();
        assert!(!coverage.is_fresh() && !coverage.includes(at(1, 1)));
        coverage.record_poll(Instant::now(), at(5, 50), [at(7, 40), at(9, 60)]);
        assert!(coverage.is_fresh());
        for (place, included) in [
            (at(5, 50), true),
            (at(4, 90), true),
            (at(7, 40), true),
            (at(9, 60), true),
            (at(6, 10), false),
            (at(8, 55), false),
            (at(9, 61), false),
        ] {
            assert_eq!(coverage.includes(place), included, "{place:?}");
        }
        coverage.record_poll(Instant::now(), at(8, 70), []);
        assert!(coverage.includes(at(8, 55)) && coverage.includes(at(9, 60)));
        coverage.reset();
        assert!(!coverage.is_fresh() && !coverage.includes(at(5, 50)));
    }

    #[test]
    fn an_old_poll_is_not_fresh() {
        let mut coverage = Coverage::followed();
        let Coverage::Followed(followed) = &mut coverage else { unreachable!() };
        let Some(earlier) = Instant::now().checked_sub(2 * MAX_STALENESS) else { return };
        followed.created = earlier - Duration::from_millis(1);
        coverage.record_poll(earlier, at(1, 1), []);
        assert!(!coverage.is_fresh());
        coverage.record_poll(Instant::now(), at(1, 1), []);
        assert!(coverage.is_fresh());
    }

    #[test]
    fn unsettled_changes_are_bounded() {
        let coverage = Coverage::followed();
        for number in 0..3 * MAX_UNSETTLED as i64 {
            coverage.record_poll(Instant::now(), at(0, 0), [at(1, number)]);
        }
        let Coverage::Followed(followed) = &coverage else { unreachable!() };
        assert_eq!(followed.seen.lock().unwrap().unsettled.len(), MAX_UNSETTLED);
    }
}

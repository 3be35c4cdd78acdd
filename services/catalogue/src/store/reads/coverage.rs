//! Which writes of other processes the cache has taken in.
//!
//! Where this process is the only writer, all of them: there are none. On PostgreSQL the follower
//! of the feed [looks](Coverage::looked) for what others have written and invalidates it. The cache
//! may answer if the last complete look is recent, and a caller who names a write only if that look
//! saw it.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::domain::Place;

/// How old the last complete look may be: the most that a read which names no write can be behind
/// another replica's.
pub(crate) const MAX_STALENESS: Duration = Duration::from_secs(1);

/// How many unsettled changes are remembered; a caller who names a forgotten one reads through.
const REMEMBERED: usize = 1_024;

/// What is known of other processes' writes.
#[derive(Debug)]
pub(super) enum Coverage {
    /// There are no others.
    Alone,
    Followed(Followed),
}

#[derive(Debug)]
pub(super) struct Followed {
    began: Instant,
    /// When the last complete look began, in nanoseconds after `began`; 0 before the first.
    looked_at: AtomicU64,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    /// All changes up to here have been taken in, and none will come before it.
    settled: Place,
    /// Changes behind it that have been taken in. Whoever saw one of them committed after
    /// everything that was acknowledged before it, so the look that saw it saw those, too.
    unsettled: VecDeque<Place>,
}

impl Coverage {
    pub(super) fn followed() -> Self {
        let (looked_at, seen) = (AtomicU64::new(0), Mutex::default());
        Self::Followed(Followed { began: Instant::now(), looked_at, seen })
    }

    /// Whether writes of others are taken in soon enough to answer from the cache.
    pub(super) fn is_fresh(&self) -> bool {
        let Self::Followed(followed) = self else { return true };
        let looked_at = followed.looked_at.load(Ordering::Acquire);
        let since = Duration::from_nanos(followed.elapsed().saturating_sub(looked_at));
        looked_at > 0 && since < MAX_STALENESS
    }

    /// Whether this write of another process has been taken in.
    pub(super) fn includes(&self, place: Place) -> bool {
        let Self::Followed(followed) = self else { return false };
        let seen = followed.seen.lock().unwrap_or_else(PoisonError::into_inner);
        place <= seen.settled || seen.unsettled.contains(&place)
    }

    /// A look that began at `began` saw everything up to `settled`, and these changes behind it.
    /// All of it has been invalidated.
    pub(super) fn looked(
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
        let excess = seen.unsettled.len().saturating_sub(REMEMBERED);
        seen.unsettled.drain(..excess);
        drop(seen);
        let at = began.saturating_duration_since(followed.began).as_nanos();
        followed.looked_at.store(u64::try_from(at).unwrap_or(u64::MAX).max(1), Ordering::Release);
    }

    /// What was taken in before may be of another feed, or have gaps: until the next complete look
    /// nothing is known.
    pub(super) fn lost(&self) {
        let Self::Followed(followed) = self else { return };
        followed.looked_at.store(0, Ordering::Release);
        *followed.seen.lock().unwrap_or_else(PoisonError::into_inner) = Seen::default();
    }
}

impl Followed {
    fn elapsed(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(transaction: i64, sequence: i64) -> Place {
        Place { transaction, sequence }
    }

    #[test]
    fn only_writes_that_a_look_saw_are_included() {
        let coverage = Coverage::followed();
        assert!(!coverage.is_fresh() && !coverage.includes(at(1, 1)));
        coverage.looked(Instant::now(), at(5, 50), [at(7, 40), at(9, 60)]);
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
        coverage.looked(Instant::now(), at(8, 70), []);
        assert!(coverage.includes(at(8, 55)) && coverage.includes(at(9, 60)));
        coverage.lost();
        assert!(!coverage.is_fresh() && !coverage.includes(at(5, 50)));
    }

    #[test]
    fn an_old_look_is_not_fresh() {
        let mut coverage = Coverage::followed();
        let Coverage::Followed(followed) = &mut coverage else { unreachable!() };
        let Some(earlier) = Instant::now().checked_sub(2 * MAX_STALENESS) else { return };
        followed.began = earlier - Duration::from_millis(1);
        coverage.looked(earlier, at(1, 1), []);
        assert!(!coverage.is_fresh());
        coverage.looked(Instant::now(), at(1, 1), []);
        assert!(coverage.is_fresh());
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let coverage = Coverage::followed();
        for number in 0..3 * REMEMBERED as i64 {
            coverage.looked(Instant::now(), at(0, 0), [at(1, number)]);
        }
        let Coverage::Followed(followed) = &coverage else { unreachable!() };
        assert_eq!(followed.seen.lock().unwrap().unsettled.len(), REMEMBERED);
    }
}

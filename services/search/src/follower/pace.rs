//! Commit pacing: when a batch is committed.

use std::time::Duration;

use tokio::time::Instant;

/// Delay before a commit after a pause, so that changes made together are committed together.
const LINGER: Duration = Duration::from_millis(10);

/// Minimum interval between commits under continuous changes: a commit costs the same for one
/// change as for a hundred.
const MIN_INTERVAL: Duration = Duration::from_millis(200);

/// Maximum interval between commits, so that changes are searchable within half a second. Below it,
/// the interval is at least the duration of the last commit, to leave resources for queries.
const MAX_INTERVAL: Duration = Duration::from_millis(400);

/// Interval during the initial snapshot, which is not searchable before its end. After a crash the
/// uncommitted part is requested again.
const SNAPSHOT_INTERVAL: Duration = Duration::from_secs(5);

/// Paces commits by the duration of the last one.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// End and duration of the last commit.
    last: Option<(Instant, Duration)>,
    /// Deadline of the next batch even if it is empty.
    pub(super) due: Option<Instant>,
}

impl Pace {
    /// A pace without delay for the next change, with an empty batch due after `time`. Used while
    /// the live index is blocked.
    pub(super) fn urgent(time: Duration) -> Self {
        Self { last: None, due: Some(Instant::now() + time) }
    }

    /// Records that a commit has just ended.
    pub(super) fn record_commit(&mut self, took: Duration) {
        *self = Self { last: Some((Instant::now(), took)), due: None };
    }

    /// Returns the commit deadline of a batch that begins now, with its first change.
    pub(super) fn deadline(&self, is_snapshot: bool) -> Instant {
        let now = Instant::now();
        if is_snapshot {
            return now + SNAPSHOT_INTERVAL;
        }
        let soon = now + LINGER;
        match self.last {
            Some((ended, took)) => soon.max(ended + took.clamp(MIN_INTERVAL, MAX_INTERVAL)),
            None => soon,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::advance;

    #[tokio::test(start_paused = true)]
    async fn changes_are_committed_soon_after_a_pause_and_then_at_intervals() {
        let mut pace = Pace::default();
        let wait = |pace: &Pace| pace.deadline(false) - Instant::now();
        assert_eq!(wait(&pace), LINGER);
        pace.record_commit(Duration::from_millis(20));
        assert_eq!(wait(&pace), MIN_INTERVAL);
        advance(Duration::from_secs(1)).await;
        assert_eq!(wait(&pace), LINGER);
        pace.record_commit(Duration::from_millis(300));
        assert_eq!(wait(&pace), Duration::from_millis(300));
        pace.record_commit(Duration::from_secs(9));
        assert_eq!(wait(&pace), MAX_INTERVAL);
        assert_eq!(pace.deadline(true) - Instant::now(), SNAPSHOT_INTERVAL);
    }
}

//! When a batch is committed.

use std::time::Duration;

use tokio::time::Instant;

/// How long a lone change waits for others of the same moment.
const LINGER: Duration = Duration::from_millis(10);

/// The time between two commits while changes keep coming: a commit costs the same for one change
/// as for a hundred.
const BETWEEN: Duration = Duration::from_millis(200);

/// Where commits are slow, at least as long is spent without one, for queries need the machine too;
/// but no longer than this, for changes are to be found within half a second.
const LONGEST_BETWEEN: Duration = Duration::from_millis(400);

/// The same of a snapshot: nothing of it can be found before its end. What was not committed when
/// the process dies is sent again.
const OF_SNAPSHOT: Duration = Duration::from_secs(5);

/// How long the commits take, and so how long to wait for the next.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// When the last one ended, and how long it took.
    last: Option<(Instant, Duration)>,
    /// When a batch is due although nothing has changed.
    pub(super) due: Option<Instant>,
}

impl Pace {
    /// Somebody waits: the next change is committed at once, and nothing at all within `time`.
    pub(super) fn hurried(time: Duration) -> Self {
        Self { last: None, due: Some(Instant::now() + time) }
    }

    /// A commit has just ended.
    pub(super) fn committed(&mut self, took: Duration) {
        *self = Self { last: Some((Instant::now(), took)), due: None };
    }

    /// When a batch that has its first change now is to be committed.
    pub(super) fn commit_by(&self, is_snapshot: bool) -> Instant {
        let now = Instant::now();
        if is_snapshot {
            return now + OF_SNAPSHOT;
        }
        let soon = now + LINGER;
        match self.last {
            Some((ended, took)) => soon.max(ended + took.clamp(BETWEEN, LONGEST_BETWEEN)),
            None => soon,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::advance;

    #[tokio::test(start_paused = true)]
    async fn the_first_change_after_a_pause_is_committed_at_once_and_then_they_wait() {
        let mut pace = Pace::default();
        let wait = |pace: &Pace| pace.commit_by(false) - Instant::now();
        assert_eq!(wait(&pace), LINGER);
        pace.committed(Duration::from_millis(20));
        assert_eq!(wait(&pace), BETWEEN);
        advance(Duration::from_secs(1)).await;
        assert_eq!(wait(&pace), LINGER);
        pace.committed(Duration::from_millis(300));
        assert_eq!(wait(&pace), Duration::from_millis(300));
        pace.committed(Duration::from_secs(9));
        assert_eq!(wait(&pace), LONGEST_BETWEEN);
        assert_eq!(pace.commit_by(true) - Instant::now(), OF_SNAPSHOT);
    }
}

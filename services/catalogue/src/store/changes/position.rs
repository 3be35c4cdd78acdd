//! Positions in the feed, and waiting until the store has reached one.

use std::{sync::PoisonError, time::Duration};

use tokio::time::{Instant, timeout};
use uuid::Uuid;

use super::newest;
use crate::{
    domain::{Error, Place, Result},
    store::Store,
};

/// The interval between reads while waiting: other processes may write the database without waking
/// this one.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// A place in one particular feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FeedPosition {
    /// The UUID of the feed; see [`Store::feed_epoch`].
    pub(crate) epoch: Uuid,
    pub(crate) place: Place,
}

impl Store {
    /// Waits until reads show every change up to `wanted`.
    ///
    /// A client learns a position only after its transaction was committed, so the primary shows
    /// it: once this process has seen as much, the database is not read.
    ///
    /// # Errors
    /// [`Error::RevisionUnknown`] if `wanted` is of another feed; [`Error::RevisionNotReached`] at
    /// `deadline`; the store cannot be read.
    pub(crate) async fn wait_for(&self, wanted: FeedPosition, deadline: Instant) -> Result<()> {
        if wanted.epoch != self.feed_epoch() {
            return Err(Error::RevisionUnknown);
        }
        let wanted = wanted.place;
        if wanted <= self.newest_seen() {
            return Ok(());
        }
        let mut commits = self.commits();
        loop {
            // Marked before the read, so that a commit during the read wakes the wait below.
            commits.mark_unchanged();
            let newest = newest(&self.0.reader).await?;
            self.record_seen(newest);
            if wanted <= newest {
                return Ok(());
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let behind = wanted.sequence.saturating_sub(newest.sequence).max(1);
                return Err(Error::RevisionNotReached { behind });
            }
            timeout(POLL_INTERVAL.min(left), commits.changed()).await.ok(); // read again either way
        }
    }

    /// `place` in this feed.
    pub(in crate::store) fn position(&self, place: Place) -> FeedPosition {
        FeedPosition { epoch: self.feed_epoch(), place }
    }

    /// The newest change that this process has written or seen.
    pub(in crate::store) fn newest_seen(&self) -> Place {
        *self.0.newest_seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Raises [`newest_seen`](Self::newest_seen) to `place`.
    pub(in crate::store) fn record_seen(&self, place: Place) {
        let mut newest = self.0.newest_seen.lock().unwrap_or_else(PoisonError::into_inner);
        *newest = place.max(*newest);
    }
}

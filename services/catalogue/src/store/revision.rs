//! How far the feed has come, for readers who must see what they or others have written.

use std::{sync::PoisonError, time::Duration};

use proto::position::Position;
use tokio::time::{Instant, timeout};

use super::{Store, changes};
use crate::domain::{Error, Place, Result};

/// How often we look even if nobody woke us: others may write the database, too.
const POLL: Duration = Duration::from_millis(100);

impl Store {
    /// Waits until what is read shows everything up to `wanted`.
    ///
    /// A position is told when its transaction has been committed, so the database we write shows
    /// it: there is nothing to ask once this process has seen as much.
    ///
    /// # Errors
    /// [`Error::RevisionUnknown`] if it is of another feed; [`Error::RevisionNotReached`] at
    /// `give_up`; the store cannot be read.
    pub(crate) async fn reach(&self, wanted: Position, give_up: Instant) -> Result<()> {
        if wanted.epoch != self.feed_epoch().into_bytes() {
            return Err(Error::RevisionUnknown);
        }
        let wanted = Place { transaction: wanted.transaction, sequence: wanted.sequence };
        if wanted <= self.newest_seen() {
            return Ok(());
        }
        let mut commits = self.commits();
        loop {
            // Before reading: a commit from here on wakes us again.
            commits.mark_unchanged();
            let newest = changes::newest(&self.0.reader).await?;
            self.saw(newest);
            if wanted <= newest {
                return Ok(());
            }
            let left = give_up.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let behind = wanted.sequence.saturating_sub(newest.sequence).max(1);
                return Err(Error::RevisionNotReached { behind });
            }
            // Woken or not, we look again.
            timeout(POLL.min(left), commits.changed()).await.ok();
        }
    }

    /// A place in this feed, for those outside.
    pub(super) fn position(&self, place: Place) -> Position {
        let epoch = self.feed_epoch().into_bytes();
        Position { epoch, transaction: place.transaction, sequence: place.sequence }
    }

    /// The newest change that this process has written or seen.
    pub(super) fn newest_seen(&self) -> Place {
        *self.0.newest_seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that the feed has come as far as this.
    pub(super) fn saw(&self, place: Place) {
        let mut newest = self.0.newest_seen.lock().unwrap_or_else(PoisonError::into_inner);
        *newest = place.max(*newest);
    }
}

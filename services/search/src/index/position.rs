//! How far in the change feed an index is.

use serde::{Deserialize, Serialize};

/// Where in the change feed an index stands, kept in the index's own commits.
///
/// A snapshot that follows an earlier one says which products there are, but not which are gone.
/// So each snapshot is a new *generation*, written on every product it speaks of; when it is
/// complete, whatever is of an older generation goes. Until then queries find old and new alike,
/// each product once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Position {
    /// The last event dealt with; empty before the first.
    pub(crate) cursor: String,
    /// Which snapshot this is, from 1; 0 before the first.
    pub(crate) generation: u64,
    /// Whether a snapshot has ever been complete: from then on the index is worth asking.
    pub(crate) complete: bool,
}

impl Position {
    /// Returns the position to watch from: as it is, or at the beginning of a new snapshot.
    pub(crate) fn resumed(self) -> Self {
        if self.cursor.is_empty() { self.restarted() } else { self }
    }

    /// Returns the beginning of a new snapshot.
    pub(crate) fn restarted(self) -> Self {
        Self { cursor: String::new(), generation: self.generation + 1, complete: self.complete }
    }
}

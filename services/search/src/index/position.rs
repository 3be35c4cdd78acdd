//! How far in the change feed an index is.

use serde::{Deserialize, Serialize};

/// Where in the change feed an index stands, kept in the index's own commits.
///
/// An index is filled from one snapshot and follows the changes from there on. A second snapshot
/// would say which products there are, but not which are gone: it fills an index of its own, aside.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Position {
    /// The last event dealt with; empty before the first.
    pub(crate) cursor: String,
    /// Whether the snapshot is over: from then on the index is worth asking.
    pub(crate) complete: bool,
}

impl Position {
    /// Up to which write everything can be found; unknown until the snapshot is over, and of a
    /// catalogue whose cursors we cannot read.
    pub(crate) fn revision(&self) -> Option<proto::position::Position> {
        let decoded = self.complete.then(|| proto::position::Position::decode(&self.cursor));
        decoded.flatten().map(|(revision, _)| revision)
    }
}

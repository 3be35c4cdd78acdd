//! The index's position in the change feed.

use proto::position::Position as Revision;
use serde::{Deserialize, Serialize};

/// A position in the catalogue's change feed, stored in the index's own commits.
///
/// An index is filled from one snapshot and follows the changes after it. A second snapshot lists
/// the products that exist but not the deleted ones, so it fills another, empty index.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct FeedPosition {
    /// Cursor of the last event applied; empty before the first.
    pub(crate) cursor: String,
    /// Whether the whole snapshot has been applied. Until then the index does not serve requests.
    pub(crate) complete: bool,
}

impl FeedPosition {
    /// Returns the last write that the index includes. Unknown until the snapshot is complete, and
    /// if the catalogue's cursors have a format that this version cannot decode.
    pub(crate) fn revision(&self) -> Option<Revision> {
        let decoded = self.complete.then(|| Revision::decode(&self.cursor));
        decoded.flatten().map(|(revision, _)| revision)
    }
}

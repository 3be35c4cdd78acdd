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

/// A position as stored.
#[derive(Serialize, Deserialize)]
struct StoredPosition {
    #[serde(flatten)]
    position: FeedPosition,
    /// Checksum of the cursor. A damaged cursor could be a valid one further on, and changes would
    /// be missed. Absent in commits of earlier versions.
    checksum: Option<u32>,
}

impl FeedPosition {
    /// Returns the last write that the index includes. Unknown until the snapshot is complete, and
    /// if the catalogue's cursors have a format that this version cannot decode.
    pub(crate) fn revision(&self) -> Option<Revision> {
        let decoded = self.complete.then(|| Revision::decode(&self.cursor));
        decoded.flatten().map(|(revision, _)| revision)
    }

    /// Encodes the position for a commit.
    pub(crate) fn encode(&self) -> String {
        let checksum = Some(self.checksum());
        serde_json::to_string(&StoredPosition { position: self.clone(), checksum })
            .expect("a feed position is valid JSON")
    }

    /// Decodes a commit's position; none if it is damaged.
    pub(crate) fn decode(stored: &str) -> Option<Self> {
        let StoredPosition { position, checksum } = serde_json::from_str(stored).ok()?;
        let is_sound = checksum.is_none_or(|checksum| checksum == position.checksum());
        is_sound.then_some(position)
    }

    fn checksum(&self) -> u32 {
        crc32fast::hash(self.cursor.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_position_is_not_decoded() {
        let position = FeedPosition { cursor: "abc".to_owned(), complete: true };
        let stored = position.encode();
        assert_eq!(FeedPosition::decode(&stored), Some(position.clone()));
        assert_eq!(FeedPosition::decode(&stored.replace("abc", "abd")), None);
        assert_eq!(FeedPosition::decode("{}"), None);
        let earlier = r#"{"cursor":"abc","complete":true}"#;
        assert_eq!(FeedPosition::decode(earlier), Some(position));
    }
}

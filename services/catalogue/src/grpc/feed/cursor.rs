//! Cursors of the change feed: position, phase and scope of a watch, as an opaque token.

use proto::position::Position;
use uuid::Uuid;

use crate::{
    domain::{Place, ProductId},
    feed::{Fingerprint, Scope},
};

/// Phase of the changes after the place.
const CHANGES: u8 = 1;
/// Phase of the snapshot; the id of the last product sent follows the scope.
const SNAPSHOT: u8 = 2;

/// A position in one feed, for one scope. Opaque to clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// Identifies the feed; changes when the data is replaced.
    pub(crate) epoch: Uuid,
    /// The last change sent; during a snapshot, the last one before its start.
    pub(crate) place: Place,
    pub(crate) phase: Phase,
    /// The scope of the watch. `None` fits any scope, such as the revision token of a write.
    scope: Option<Fingerprint>,
}

/// Part of the stream that continues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The snapshot continues after this product.
    Snapshot(ProductId),
    /// The changes after `place` follow.
    Changes,
}

impl Cursor {
    /// Continues after `place`, in any scope.
    pub(crate) fn unbound(epoch: Uuid, place: Place) -> Self {
        Self { epoch, place, phase: Phase::Changes, scope: None }
    }

    /// Continues after `place`, in this scope only.
    pub(crate) fn new(epoch: Uuid, place: Place, phase: Phase, scope: &Scope) -> Self {
        Self { epoch, place, phase, scope: Some(scope.fingerprint()) }
    }

    /// Whether the cursor may continue in this scope.
    pub(crate) fn fits(&self, scope: &Scope) -> bool {
        self.scope.is_none_or(|bound| bound == scope.fingerprint())
    }

    pub(crate) fn encode(&self) -> String {
        let (phase, last) = match &self.phase {
            Phase::Changes => (CHANGES, ""),
            Phase::Snapshot(last) => (SNAPSHOT, last.as_str()),
        };
        let rest = match &self.scope {
            Some(scope) => [&[phase], &scope[..], last.as_bytes()].concat(),
            None => last.into(),
        };
        position(self.epoch, self.place).encode(&rest)
    }

    /// Decodes a cursor of this format, or of the one without scopes that preceded it.
    pub(crate) fn decode(cursor: &str) -> Option<Self> {
        let (position, rest) = Position::decode(cursor)?;
        let (scope, phase) = match rest.split_first() {
            None => (None, Phase::Changes),
            Some((&phase @ (CHANGES | SNAPSHOT), rest)) => {
                let (scope, last) = rest.split_first_chunk()?;
                let phase = match (phase, last) {
                    (SNAPSHOT, last) => snapshot(last)?,
                    (_, []) => Phase::Changes,
                    _ => return None,
                };
                (Some(*scope), phase)
            }
            // A product's id alone: its first byte is above the numbers of the phases.
            Some(_) => (None, snapshot(&rest)?),
        };
        let Position { epoch, transaction, sequence } = position;
        let place = Place { transaction, sequence };
        Some(Self { epoch: Uuid::from_bytes(epoch), place, phase, scope })
    }
}

fn position(epoch: Uuid, place: Place) -> Position {
    let Place { transaction, sequence } = place;
    Position { epoch: epoch.into_bytes(), transaction, sequence }
}

fn snapshot(last: &[u8]) -> Option<Phase> {
    let last = ProductId::parse(std::str::from_utf8(last).ok()?).ok()?;
    Some(Phase::Snapshot(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_are_decoded_and_garbage_is_refused() {
        let epoch = Uuid::new_v4();
        let place = Place { transaction: 7, sequence: 42 };
        let last = ProductId::parse("mug-1").unwrap();
        for phase in [Phase::Changes, Phase::Snapshot(last)] {
            for scope in [Some([3; 8]), None] {
                let cursor = Cursor { epoch, place, phase: phase.clone(), scope };
                let encoded = cursor.encode();
                assert_eq!(Cursor::decode(&encoded), Some(cursor));
                assert_eq!(Cursor::decode(&encoded[..20]), None);
            }
        }
        for garbage in ["", "x", "!!", "AAAA", &"A".repeat(600)] {
            assert_eq!(Cursor::decode(garbage), None, "{garbage}");
        }
    }

    #[test]
    fn a_position_alone_is_a_cursor_for_any_scope() {
        let epoch = Uuid::new_v4();
        let place = Place { transaction: 7, sequence: 42 };
        let cursor = Cursor::decode(&position(epoch, place).encode(b"")).unwrap();
        assert_eq!(cursor, Cursor { epoch, place, phase: Phase::Changes, scope: None });
    }

    #[test]
    fn a_snapshot_cursor_of_the_previous_format_resumes() {
        let last = ProductId::parse("-mug").unwrap();
        let rest = last.as_str().as_bytes();
        let place = Place { transaction: 0, sequence: 42 };
        let cursor = Cursor::decode(&position(Uuid::nil(), place).encode(rest)).unwrap();
        assert_eq!((cursor.phase, cursor.scope), (Phase::Snapshot(last), None));
    }
}

//! Where a follower of the feed stands.

use proto::position::Position;
use uuid::Uuid;

use super::Scope;
use crate::domain::{Place, ProductId};

/// The changes behind the place follow.
const CHANGES: u8 = 1;
/// The snapshot goes on behind a product, which follows the scope.
const SNAPSHOT: u8 = 2;

/// A place in one feed. Opaque to clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// Which feed. Another after the data was replaced.
    pub(crate) epoch: Uuid,
    /// The last change dealt with; in a snapshot, the last one before it began.
    pub(crate) place: Place,
    pub(crate) phase: Phase,
    /// Of what the watch is. None: of anything, such as a write's revision.
    pub(super) scope: Option<Fingerprint>,
}

/// What tells one scope from another.
pub(super) type Fingerprint = [u8; 8];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The snapshot goes on behind this product.
    Snapshot(ProductId),
    /// The changes behind `place` follow.
    Changes,
}

impl Cursor {
    /// Goes on behind `place`, in whatever scope.
    pub(crate) fn unbound(epoch: Uuid, place: Place) -> Self {
        Self { epoch, place, phase: Phase::Changes, scope: None }
    }

    /// Goes on behind `place`, in this scope only.
    pub(crate) fn new(epoch: Uuid, place: Place, phase: Phase, scope: &Scope) -> Self {
        Self { epoch, place, phase, scope: Some(scope.fingerprint()) }
    }

    /// Whether it may go on in this scope.
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

    /// None if it is not of this form, nor of the one before scopes.
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
            // An id alone begins with a letter, a digit or a sign, all above these numbers.
            Some(_) => (None, snapshot(&rest)?),
        };
        let Position { epoch, transaction, sequence } = position;
        let place = Place { transaction, sequence };
        Some(Self { epoch: Uuid::from_bytes(epoch), place, phase, scope })
    }
}

/// A place with the name of its feed.
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
    fn cursors_come_back_and_garbage_does_not() {
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
    fn a_snapshot_of_the_version_before_goes_on() {
        let last = ProductId::parse("-mug").unwrap();
        let rest = last.as_str().as_bytes();
        let place = Place { transaction: 0, sequence: 42 };
        let cursor = Cursor::decode(&position(Uuid::nil(), place).encode(rest)).unwrap();
        assert_eq!((cursor.phase, cursor.scope), (Phase::Snapshot(last), None));
    }
}

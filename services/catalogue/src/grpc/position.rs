//! Revision tokens: positions in the feed as clients see them.

use proto::position::Position;
use uuid::Uuid;

use crate::{domain::Place, store::FeedPosition};

/// Encodes a position as a `revision_token`.
pub(super) fn revision_token(position: FeedPosition) -> String {
    let FeedPosition { epoch, place: Place { transaction, sequence } } = position;
    Position { epoch: epoch.into_bytes(), transaction, sequence }.encode(b"")
}

/// Decodes a `revision_token` or the position in a cursor. None if the token is malformed.
pub(super) fn parse(token: &str) -> Option<FeedPosition> {
    let (Position { epoch, transaction, sequence }, _) = Position::decode(token)?;
    let place = Place { transaction, sequence };
    Some(FeedPosition { epoch: Uuid::from_bytes(epoch), place })
}

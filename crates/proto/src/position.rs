//! Positions in the catalogue's change feed, as in cursors and revision tokens.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// The current format of tokens; increment it with every change of format.
const VERSION: u8 = 2;
/// The older format without a transaction id.
const WITHOUT_TRANSACTION: u8 = 1;
/// The longest accepted token, in bytes.
const MAX_LENGTH: usize = 512;

/// A position in one feed. Positions of the same epoch are ordered like their changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The id of the feed, a UUID. It changes when the data is replaced; positions of different epochs
    /// cannot be compared.
    pub epoch: [u8; 16],
    /// The id of the change's transaction in a database with concurrent transactions, else 0.
    pub transaction: i64,
    /// The sequence number of the change.
    pub sequence: i64,
}

impl Position {
    /// Encodes the position and the caller's `payload` as a URL-safe token.
    #[must_use]
    pub fn encode(&self, payload: &[u8]) -> String {
        let mut bytes = Vec::with_capacity(33 + payload.len());
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.epoch);
        bytes.extend_from_slice(&self.transaction.to_be_bytes());
        bytes.extend_from_slice(&self.sequence.to_be_bytes());
        bytes.extend_from_slice(payload);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Decodes a token into the position and the payload; `None` if it is not a token.
    #[must_use]
    pub fn decode(token: &str) -> Option<(Self, Vec<u8>)> {
        if token.len() > MAX_LENGTH {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (&version, bytes) = bytes.split_first()?;
        let (&epoch, bytes) = bytes.split_first_chunk::<16>()?;
        let (transaction, bytes) = match version {
            VERSION => bytes.split_first_chunk::<8>()?,
            WITHOUT_TRANSACTION => (&[0; 8], bytes),
            _ => return None,
        };
        let (sequence, payload) = bytes.split_first_chunk::<8>()?;
        let position = Self {
            epoch,
            transaction: i64::from_be_bytes(*transaction),
            sequence: i64::from_be_bytes(*sequence),
        };
        Some((position, payload.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_round_trip_in_order_and_garbage_is_refused() {
        let at = |transaction, sequence| Position { epoch: [7; 16], transaction, sequence };
        for position in [at(0, 0), at(0, 42), at(9, 1), at(i64::MAX, i64::MAX)] {
            assert_eq!(Position::decode(&position.encode(b"mug")), Some((position, b"mug".into())));
            assert_eq!(Position::decode(&position.encode(b"")[..20]), None);
        }
        assert!(at(1, 9) < at(2, 1) && at(2, 1) < at(2, 2));
        for garbage in ["", "x", "!!", "AAAA", &"A".repeat(600)] {
            assert_eq!(Position::decode(garbage), None, "{garbage}");
        }
    }

    #[test]
    fn token_of_version_1_is_decoded() {
        let mut bytes = vec![WITHOUT_TRANSACTION];
        bytes.extend_from_slice(&[7; 16]);
        bytes.extend_from_slice(&42_i64.to_be_bytes());
        let (position, payload) = Position::decode(&URL_SAFE_NO_PAD.encode(bytes)).unwrap();
        assert_eq!((position.transaction, position.sequence, payload.len()), (0, 42, 0));
    }
}

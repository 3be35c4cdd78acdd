//! Where something stands in a catalogue's change feed: in cursors, in revision tokens, and in
//! whatever has to tell which of two comes first.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// The form of tokens; another one when it changes.
const VERSION: u8 = 2;
/// The form before there were transactions in it.
const WITHOUT_TRANSACTION: u8 = 1;
/// Longer than any token of ours.
const MAX_LENGTH: usize = 512;

/// A place in one feed. Places of one epoch are ordered as their changes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Which feed, a UUID's bytes. Another after the data was replaced: then nothing can be compared.
    pub epoch: [u8; 16],
    /// The transaction of the change: its id where transactions run side by side, else 0.
    pub transaction: i64,
    /// The number of the change.
    pub sequence: i64,
}

impl Position {
    /// The position as a URL-safe token, with something of the caller's behind it.
    #[must_use]
    pub fn encode(&self, rest: &[u8]) -> String {
        let mut bytes = Vec::with_capacity(33 + rest.len());
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.epoch);
        bytes.extend_from_slice(&self.transaction.to_be_bytes());
        bytes.extend_from_slice(&self.sequence.to_be_bytes());
        bytes.extend_from_slice(rest);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The position a token tells, and what was put behind it; none if it is not a token.
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
        let (sequence, rest) = bytes.split_first_chunk::<8>()?;
        let position = Self {
            epoch,
            transaction: i64::from_be_bytes(*transaction),
            sequence: i64::from_be_bytes(*sequence),
        };
        Some((position, rest.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_come_back_in_their_order_and_garbage_does_not() {
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
    fn a_token_of_the_first_form_is_understood() {
        let mut bytes = vec![WITHOUT_TRANSACTION];
        bytes.extend_from_slice(&[7; 16]);
        bytes.extend_from_slice(&42_i64.to_be_bytes());
        let (position, rest) = Position::decode(&URL_SAFE_NO_PAD.encode(bytes)).unwrap();
        assert_eq!((position.transaction, position.sequence, rest.len()), (0, 42, 0));
    }
}

//! Where a watcher of the feed stands.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use crate::domain::ProductId;

/// The form of cursors; another one when it changes.
const VERSION: u8 = 1;
/// Longer than any cursor of ours.
const MAX_LENGTH: usize = 512;

/// A place in one feed. Opaque to clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// Which feed. Another after the data was replaced.
    pub(crate) epoch: Uuid,
    /// The last change dealt with; in a snapshot, the last one before it began.
    pub(crate) seq: i64,
    pub(crate) phase: Phase,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The snapshot goes on behind this product.
    Snapshot(ProductId),
    /// The changes behind `seq` follow.
    Changes,
}

impl Cursor {
    pub(crate) fn encode(&self) -> String {
        let last = match &self.phase {
            Phase::Snapshot(last) => last.as_str(),
            Phase::Changes => "",
        };
        let mut bytes = Vec::with_capacity(25 + last.len());
        bytes.push(VERSION);
        bytes.extend_from_slice(self.epoch.as_bytes());
        bytes.extend_from_slice(&self.seq.to_be_bytes());
        bytes.extend_from_slice(last.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// None if it is not of this form.
    pub(crate) fn decode(cursor: &str) -> Option<Self> {
        if cursor.len() > MAX_LENGTH {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (&version, bytes) = bytes.split_first()?;
        let (epoch, bytes) = bytes.split_first_chunk::<16>()?;
        let (seq, last) = bytes.split_first_chunk::<8>()?;
        let phase = match std::str::from_utf8(last).ok()? {
            "" => Phase::Changes,
            last => Phase::Snapshot(ProductId::parse(last).ok()?),
        };
        let seq = i64::from_be_bytes(*seq);
        (version == VERSION).then_some(Self { epoch: Uuid::from_bytes(*epoch), seq, phase })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_and_garbage_does_not() {
        let epoch = Uuid::new_v4();
        let last = ProductId::parse("mug-1").unwrap();
        for phase in [Phase::Changes, Phase::Snapshot(last)] {
            let cursor = Cursor { epoch, seq: 42, phase };
            let encoded = cursor.encode();
            assert_eq!(Cursor::decode(&encoded), Some(cursor));
            assert_eq!(Cursor::decode(&encoded[..20]), None);
        }
        for garbage in ["", "x", "!!", "AAAA", &"A".repeat(600)] {
            assert_eq!(Cursor::decode(garbage), None, "{garbage}");
        }
    }
}

//! Where messages begin and end in a body.

use bytes::Buf;
use tonic::Status;

/// A flag byte and the length, big-endian (gRPC over HTTP/2, "Length-Prefixed-Message").
const PREFIX: usize = 5;

/// Follows a body of messages, however it is cut.
#[derive(Debug, Default)]
pub(super) struct Framing {
    prefix: [u8; PREFIX],
    // Bytes of the prefix read so far, and bytes of the message that are still to come.
    have: usize,
    left: usize,
    /// Messages that have begun.
    pub(super) count: usize,
}

/// What a message says of itself before it comes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prefix {
    pub(super) flag: u8,
    pub(super) length: usize,
}

impl Framing {
    /// Takes the next bytes and has every message that begins in them looked at.
    ///
    /// # Errors
    /// What `look` says of a message.
    pub(super) fn follow(
        &mut self,
        mut bytes: impl Buf,
        look: impl Fn(Prefix) -> Result<(), Status>,
    ) -> Result<(), Status> {
        while bytes.has_remaining() {
            if self.left > 0 {
                let skipped = bytes.remaining().min(self.left);
                bytes.advance(skipped);
                self.left -= skipped;
                continue;
            }
            self.prefix[self.have] = bytes.get_u8();
            self.have += 1;
            if self.have == PREFIX {
                let length = self.prefix[1..].iter().fold(0, |n, byte| n << 8 | usize::from(*byte));
                look(Prefix { flag: self.prefix[0], length })?;
                (self.have, self.left) = (0, length);
                self.count += 1;
            }
        }
        Ok(())
    }

    /// Whether every message that has begun has also ended.
    pub(super) fn is_between_messages(&self) -> bool {
        self.have == 0 && self.left == 0
    }
}

//! The message framing of a gRPC body: five bytes of prefix, then the message.

use bytes::Buf;
use rpc::frame::{PREFIX, length_in};
use telemetry::Direction;
use tonic::Status;

/// Tracks message boundaries in a body, however it is split into chunks, and counts the messages of
/// streams.
#[derive(Debug, Default)]
pub(crate) struct Framing {
    of: Option<(contract::Method, Direction)>,
    prefix: [u8; PREFIX],
    // Bytes of the prefix read, and bytes of the message still to be read.
    have: usize,
    left: usize,
    /// Messages that have begun.
    pub(crate) count: usize,
}

/// The prefix of a message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Prefix {
    pub(crate) flag: u8,
    pub(crate) length: usize,
    /// Messages before this one.
    pub(crate) index: usize,
}

impl Framing {
    /// The framing of a call of this method, in one direction.
    pub(crate) fn of(method: contract::Method, direction: Direction) -> Self {
        let of = Some((method, direction));
        Self { of, prefix: [0; PREFIX], have: 0, left: 0, count: 0 }
    }

    /// Advances over `bytes` and calls `check` with the prefix of each message that begins in them.
    ///
    /// # Errors
    /// The error of `check`.
    pub(crate) fn follow(
        &mut self,
        mut bytes: impl Buf,
        check: impl Fn(Prefix) -> Result<(), Status>,
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
                let length = length_in(&self.prefix);
                check(Prefix { flag: self.prefix[0], length, index: self.count })?;
                (self.have, self.left) = (0, length);
                self.count += 1;
            }
        }
        Ok(())
    }

    /// Whether no message is incomplete.
    pub(crate) fn is_between_messages(&self) -> bool {
        self.have == 0 && self.left == 0
    }
}

impl Drop for Framing {
    fn drop(&mut self) {
        if let Some((method, direction)) = self.of {
            telemetry::count_messages(method, direction, self.count as u64);
        }
    }
}

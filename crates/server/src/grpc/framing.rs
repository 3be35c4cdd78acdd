//! Where messages begin and end in a body.

use bytes::Buf;
use rpc::frame::PREFIX;
use telemetry::Direction;
use tonic::Status;

/// Follows a body of messages, however it is cut. Those of streams are counted.
#[derive(Debug, Default)]
pub(super) struct Framing {
    of: Option<(contract::Method, Direction)>,
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
    /// Of a call of this method.
    pub(super) fn of(method: contract::Method, direction: Direction) -> Self {
        let of = Some((method, direction));
        Self { of, prefix: [0; PREFIX], have: 0, left: 0, count: 0 }
    }

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

impl Drop for Framing {
    fn drop(&mut self) {
        if let Some((method, direction)) = self.of {
            telemetry::messages(method, direction, self.count as u64);
        }
    }
}

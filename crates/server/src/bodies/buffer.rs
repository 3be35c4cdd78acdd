//! The buffer of one request body: a single piece is kept as it is, several are copied into one.

use std::{mem, sync::Arc};

use bytes::Bytes;

use crate::{
    overload::Refusal,
    peers::PeerUsage,
    quota::{Quota, Taken},
};

/// Capacity of a new buffer, in bytes.
const INITIAL: usize = 1 << 10;
/// Part of each body that is not counted, in bytes: large bodies that take all the memory refuse no small ones. The number of
/// bodies, and of calls under way, bounds it.
const FREE: usize = 8 << 10;

/// Memory for bodies: of the server, and a peer's share of it. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Memory {
    pub(super) total: Arc<Quota>,
    pub(super) peer: Arc<PeerUsage>,
}

/// The pieces of a body received so far. However small they are, memory follows their bytes.
#[derive(Debug, Default)]
pub(crate) struct BodyBuffer {
    /// The only piece.
    first: Bytes,
    /// Copies of several pieces.
    copied: Option<Copied>,
}

/// Bytes with a charge for their capacity beyond [`FREE`], released when they are dropped.
#[derive(Debug)]
struct Copied {
    bytes: Vec<u8>,
    charged: Charge,
}

/// Bytes taken from the memory of a peer, and of the server.
#[derive(Debug)]
struct Charge {
    peer: Taken,
    total: Taken,
}

impl BodyBuffer {
    /// Appends a piece.
    ///
    /// # Errors
    /// There is no memory left for bodies.
    pub(crate) fn push(&mut self, piece: Bytes, memory: &Memory) -> Result<(), Refusal> {
        if self.len() == 0 {
            self.first = piece;
            return Ok(());
        }
        self.detach(memory)?;
        self.append(&piece, memory)
    }

    /// Copies a first piece, which keeps a read buffer of its connection in memory.
    ///
    /// # Errors
    /// There is no memory left for bodies.
    pub(crate) fn detach(&mut self, memory: &Memory) -> Result<(), Refusal> {
        let first = mem::take(&mut self.first);
        if first.is_empty() {
            return Ok(());
        }
        self.append(&first, memory)
    }

    fn append(&mut self, piece: &[u8], memory: &Memory) -> Result<(), Refusal> {
        let new = || Copied { bytes: Vec::new(), charged: memory.charge() };
        self.copied.get_or_insert_with(new).append(piece)
    }

    /// Length in bytes.
    pub(crate) fn len(&self) -> usize {
        self.first.len() + self.copied.as_ref().map_or(0, |copied| copied.bytes.len())
    }

    /// The first `N` bytes.
    pub(crate) fn prefix<const N: usize>(&self) -> Option<&[u8; N]> {
        self.copied.as_ref().map_or(&self.first[..], |copied| &copied.bytes).first_chunk()
    }

    /// Takes the contents, leaving it empty. They are counted until the last reference is dropped.
    pub(crate) fn take(&mut self) -> Bytes {
        match self.copied.take() {
            Some(copied) => Bytes::from_owner(copied),
            None => mem::take(&mut self.first),
        }
    }
}

impl Copied {
    fn append(&mut self, piece: &[u8]) -> Result<(), Refusal> {
        let (needed, capacity) = (self.bytes.len() + piece.len(), self.bytes.capacity());
        if needed > capacity {
            let capacity = needed.max(capacity * 2).max(INITIAL);
            let counted = capacity.saturating_sub(FREE);
            if counted > 0 {
                self.charged.grow(counted - self.charged.total.count())?;
            }
            self.bytes.reserve_exact(capacity - self.bytes.len());
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }
}

impl Memory {
    /// A charge of nothing yet.
    fn charge(&self) -> Charge {
        Charge { peer: self.peer.buffered.hold(), total: self.total.hold() }
    }
}

impl Charge {
    fn grow(&mut self, bytes: usize) -> Result<(), Refusal> {
        if !self.peer.grow(bytes) {
            return Err(Refusal::PeerLimit);
        }
        if !self.total.grow(bytes) {
            self.peer.shrink_to(self.total.count());
            return Err(Refusal::BodyMemory);
        }
        Ok(())
    }
}

impl AsRef<[u8]> for Copied {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peers::{Peers, Totals};

    const TOTAL: usize = 16 << 20;

    fn memory(percent: u8) -> Memory {
        let totals = Totals { connections: 1, streams: 1, bodies: 1, buffered: TOTAL };
        let connection = Peers::new(totals, percent).connect([192, 0, 2, 1].into()).unwrap();
        Memory { total: Quota::new(TOTAL), peer: connection.usage() }
    }

    #[test]
    fn memory_follows_the_bytes_of_a_body_however_small_its_pieces() {
        let memory = memory(0);
        let mut buffer = BodyBuffer::default();
        for byte in 0..(4 << 20) {
            buffer.push(Bytes::copy_from_slice(&[byte as u8]), &memory).unwrap();
        }
        let whole = buffer.take();
        assert_eq!((whole.len(), whole[257]), (4 << 20, 1));
        assert_eq!(memory.total.taken(), (4 << 20) - FREE, "no more than the bytes");
        drop(whole);
        assert_eq!((memory.total.taken(), memory.peer.buffered.taken()), (0, 0));
    }

    #[test]
    fn a_single_piece_is_neither_copied_nor_counted() {
        let (memory, piece) = (memory(0), Bytes::from(vec![7; 1_000]));
        let mut buffer = BodyBuffer::default();
        buffer.push(piece.clone(), &memory).unwrap();
        assert_eq!(buffer.prefix::<2>(), Some(&[7, 7]));
        assert_eq!(buffer.take().as_ptr(), piece.as_ptr());
        assert_eq!(memory.total.taken(), 0);
    }

    #[test]
    fn bodies_beyond_the_memory_are_refused() {
        for (percent, limit, refusal) in
            [(0, TOTAL, Refusal::BodyMemory), (25, TOTAL / 4, Refusal::PeerLimit)]
        {
            let memory = memory(percent);
            let piece = Bytes::from(vec![0; 1 << 20]);
            let mut bodies = [(); 3].map(|()| BodyBuffer::default());
            let refused = loop {
                let pushed =
                    bodies.iter_mut().try_for_each(|body| body.push(piece.clone(), &memory));
                if let Err(refusal) = pushed {
                    break refusal;
                }
            };
            assert_eq!(refused, refusal);
            assert!(memory.total.taken() <= limit);
            let mut small = BodyBuffer::default();
            for _ in 0..FREE / 1_024 {
                small.push(Bytes::from(vec![0; 1_024]), &memory).expect("a small body");
            }
            drop(bodies);
            assert_eq!(memory.total.taken(), 0);
        }
    }
}

//! The data of a response body.

use std::{collections::VecDeque, mem};

use bytes::{Bytes, BytesMut};

/// The chunks of a body in order. A single chunk, the common case, needs no allocation. The type is small
/// because it moves through every layer.
#[derive(Debug, Default)]
#[expect(clippy::box_collection, reason = "unboxed it would make each of these larger")]
pub(crate) enum Chunks {
    #[default]
    None,
    One(Bytes),
    Many(Box<VecDeque<Bytes>>),
}

impl Chunks {
    pub(crate) fn push(&mut self, chunk: Bytes) {
        match self {
            Self::None => *self = Self::One(chunk),
            Self::One(first) => {
                *self = Self::Many(Box::new([mem::take(first), chunk].into()));
            }
            Self::Many(chunks) => chunks.push_back(chunk),
        }
    }

    pub(super) fn pop(&mut self) -> Option<Bytes> {
        match self {
            Self::None => None,
            Self::One(chunk) => {
                let chunk = mem::take(chunk);
                *self = Self::None;
                Some(chunk)
            }
            Self::Many(chunks) => chunks.pop_front(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::None => true,
            Self::One(_) => false,
            Self::Many(chunks) => chunks.is_empty(),
        }
    }

    /// The chunks as one, copied only if there are several.
    pub(super) fn join(self) -> Bytes {
        match self {
            Self::None => Bytes::new(),
            Self::One(chunk) => chunk,
            Self::Many(chunks) => {
                let mut whole = BytesMut::with_capacity(chunks.iter().map(Bytes::len).sum());
                chunks.iter().for_each(|chunk| whole.extend_from_slice(chunk));
                whole.freeze()
            }
        }
    }
}

//! A product as its wire bytes.

use bytes::Bytes;

/// A product, encoded and framed. Cloning it counts a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FramedProduct {
    /// Counts the product's changes, from 1.
    pub(super) revision: i64,
    /// Whether it is hidden until it is undeleted or purged.
    pub(crate) is_deleted: bool,
    /// The message `catalogue.v1.Product` behind the prefix it has on the wire.
    pub(crate) frame: Bytes,
}

impl FramedProduct {
    /// The message without its prefix.
    pub(crate) fn message(&self) -> Bytes {
        self.frame.slice(rpc::frame::PREFIX..)
    }
}

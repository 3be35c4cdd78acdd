//! A product as an encoded gRPC frame.

use bytes::Bytes;

/// An encoded product. Cloning it only counts a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FramedProduct {
    /// The number of the product's revision, from 1.
    pub(super) revision: i64,
    /// Whether the product is deleted, but not yet purged.
    pub(crate) is_deleted: bool,
    /// Whether it is for sale, and so public unless it is deleted.
    pub(crate) is_active: bool,
    /// The gRPC length prefix followed by the `catalogue.v1.Product` message.
    pub(crate) frame: Bytes,
}

impl FramedProduct {
    /// The message without the prefix.
    pub(crate) fn message(&self) -> Bytes {
        self.frame.slice(rpc::frame::PREFIX..)
    }
}

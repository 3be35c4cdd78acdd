//! Changes on their way into the index.

use super::Position;
use prost::Message;
use proto::catalogue::v1::Product;
use std::collections::HashMap;

/// A batch with so many changes is full: they are to be found soon.
const MOST_CHANGES: usize = 2_000;

/// The same of a snapshot, of which nothing is to be found before its end.
const MOST_OF_SNAPSHOT: usize = 10_000;

/// A batch with so many bytes of products is full.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// Changes that become visible together, the last one of each product.
#[derive(Debug)]
pub(crate) struct Batch {
    edits: HashMap<String, Edit>,
    bytes: usize,
    /// Where the index is once it has this batch.
    pub(crate) position: Position,
}

#[derive(Debug)]
pub(super) enum Edit {
    /// Unless the index has this revision, or a later one.
    Put(Product),
    /// Whatever the index has: it was deleted in between.
    Replace(Product),
    Delete,
}

impl Batch {
    /// Returns an empty batch that leads from `position` to itself.
    pub(crate) fn new(position: Position) -> Self {
        Self { edits: HashMap::new(), bytes: 0, position }
    }

    /// Adds a product as it is now, unless the batch has a later revision of it.
    pub(crate) fn put(&mut self, product: Product) {
        self.bytes += product.encoded_len();
        let edit = match self.edits.get(&product.id) {
            Some(Edit::Put(known) | Edit::Replace(known)) if known.revision > product.revision => {
                return;
            }
            Some(Edit::Delete | Edit::Replace(_)) => Edit::Replace,
            Some(Edit::Put(_)) | None => Edit::Put,
        };
        self.edits.insert(product.id.clone(), edit(product));
    }

    /// Removes a product.
    pub(crate) fn delete(&mut self, id: String) {
        self.edits.insert(id, Edit::Delete);
    }

    /// Whether it changes any product.
    pub(crate) fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// Whether it should be applied before more is added.
    pub(crate) fn is_full(&self) -> bool {
        let most = if self.position.complete { MOST_CHANGES } else { MOST_OF_SNAPSHOT };
        self.edits.len() >= most || self.bytes >= MOST_BYTES
    }

    pub(super) fn into_edits(self) -> impl Iterator<Item = (String, Edit)> {
        self.edits.into_iter()
    }
}

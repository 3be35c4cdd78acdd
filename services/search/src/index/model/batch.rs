//! Batches of changes to be committed together.

use std::collections::HashMap;

use prost::Message;
use proto::catalogue::v1::Product;

use super::FeedPosition;

/// Maximum number of changes in a batch, so that changes become searchable soon.
const MAX_CHANGES: usize = 2_000;

/// The same for a snapshot, of which nothing is searchable before its end.
const MAX_SNAPSHOT_ITEMS: usize = 10_000;

/// Maximum size of a batch's products, in encoded bytes.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Changes that become visible in one commit. Holds only the last change of each product.
#[derive(Debug)]
pub(crate) struct Batch {
    edits: HashMap<String, Edit>,
    bytes: usize,
    /// The index's feed position after this batch.
    pub(crate) position: FeedPosition,
}

/// A change of one product.
#[derive(Debug)]
pub(crate) enum Edit {
    /// Write the product unless the index has this revision or a later one.
    Put(Product),
    /// Write the product without comparing revisions: it was deleted and created again, and its
    /// revisions start over.
    Replace(Product),
    Delete,
}

impl Batch {
    /// Returns an empty batch at `position`.
    pub(crate) fn new(position: FeedPosition) -> Self {
        Self { edits: HashMap::new(), bytes: 0, position }
    }

    /// Adds a product unless the batch has a later revision of it.
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

    pub(crate) fn delete(&mut self, id: String) {
        self.edits.insert(id, Edit::Delete);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// Whether the batch should be committed before more is added.
    pub(crate) fn is_full(&self) -> bool {
        let max_edits = if self.position.complete { MAX_CHANGES } else { MAX_SNAPSHOT_ITEMS };
        self.edits.len() >= max_edits || self.bytes >= MAX_BYTES
    }

    pub(crate) fn into_edits(self) -> impl Iterator<Item = (String, Edit)> {
        self.edits.into_iter()
    }
}

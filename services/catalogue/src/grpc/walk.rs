//! Going through products in the order of their ids, a batch at a time.

use crate::{
    domain::{Product, ProductId, Result},
    store::{Selection, Store},
};

/// Products a batch at most.
pub(super) const BATCH: usize = 50;
/// Text a batch should have at most, in bytes. Large products come in smaller batches.
const BATCH_BYTES: usize = 256 << 10;
/// Products in the first batch, whose size is not known yet.
const FIRST: usize = 25;

/// A walk. It holds nothing of the database between its steps, so it may take for ever; it finds
/// each product that is there throughout exactly once, whatever is written meanwhile.
pub(super) struct Walk<'a> {
    store: &'a Store,
    selection: &'a Selection,
    after: Option<ProductId>,
    batch: usize,
    ended: bool,
}

impl<'a> Walk<'a> {
    /// Begins behind `after`, or at the beginning.
    pub(super) fn new(
        store: &'a Store,
        selection: &'a Selection,
        after: Option<ProductId>,
    ) -> Self {
        Self { store, selection, after, batch: FIRST, ended: false }
    }

    /// The next products, `most` of them at most; none at the end.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(super) async fn next(&mut self, most: usize) -> Result<Vec<Product>> {
        let limit = self.batch.min(most);
        if self.ended || limit == 0 {
            return Ok(Vec::new());
        }
        let products = self.store.page(self.selection, self.after.as_ref(), limit).await?;
        self.ended = products.len() < limit;
        if let Some(last) = products.last() {
            self.after = Some(last.id.clone());
            let bytes: usize = products.iter().map(|product| product.details.bytes()).sum();
            let average = bytes / products.len() + 1;
            self.batch = (BATCH_BYTES / average).clamp(1, BATCH);
        }
        Ok(products)
    }

    /// Whether there is a product behind the last one.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(super) async fn has_more(&self) -> Result<bool> {
        if self.ended {
            return Ok(false);
        }
        Ok(!self.store.page(self.selection, self.after.as_ref(), 1).await?.is_empty())
    }
}

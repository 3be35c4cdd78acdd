//! Going through products in the order of their ids, a batch at a time.

use crate::{
    domain::{Product, ProductId, Result, Selection},
    store::{EncodedPage, Store},
};

/// Products a batch at most.
pub(super) const BATCH: usize = 50;
/// Encoded products a batch at most. Fewer, if they are large: the store bounds their bytes.
const ENCODED_BATCH: usize = 100;
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
        // What a filter leaves out may be long. Whoever gives up the call ends it between two pages.
        while !self.ended && limit > 0 {
            let page = self.store.page(self.selection, self.after.as_ref(), limit).await?;
            self.ended = page.rest.is_none();
            self.after = page.rest;
            if !page.products.is_empty() {
                let bytes: usize = page.products.iter().map(|it| it.details.bytes()).sum();
                let average = bytes / page.products.len() + 1;
                self.batch = (BATCH_BYTES / average).clamp(1, BATCH);
                return Ok(page.products);
            }
        }
        Ok(Vec::new())
    }

    /// The next products, encoded, `most` of them at most; none at the end.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(super) async fn next_encoded(&mut self, most: usize) -> Result<EncodedPage> {
        let limit = ENCODED_BATCH.min(most);
        while !self.ended && limit > 0 {
            let page = self.store.encoded_page(self.selection, self.after.as_ref(), limit).await?;
            self.ended = page.rest.is_none();
            self.after.clone_from(&page.rest);
            if !page.messages.is_empty() {
                return Ok(page);
            }
        }
        Ok(EncodedPage::default())
    }
}

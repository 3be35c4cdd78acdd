//! Product scan: reads products in the order of their ids, in batches.

use crate::{
    domain::{Product, ProductId, Result, Selection},
    store::{EncodedPage, Store},
};

/// Maximum number of products in a batch.
pub(super) const BATCH: usize = 50;
/// The same for encoded products. The store also limits the size of such a batch.
const ENCODED_BATCH: usize = 400;
/// Intended size of such a batch, in bytes: at the store's limit, the database would read products in vain.
const ENCODED_BATCH_BYTES: usize = 120 << 10;
/// Intended size of the text in a batch, in bytes: large products come in smaller batches.
const BATCH_BYTES: usize = 256 << 10;
/// Statements of a limited scan with a filter: together they test 5,000 products against the costliest
/// filter, and 250,000 against a cheap one, in less than a second.
const FILTERED_STATEMENTS: usize = 50;
/// Number of products in the first batch, while their size is unknown.
const FIRST: usize = 25;
/// The same for encoded products.
const FIRST_ENCODED: usize = 100;

/// A scan of a selection. It holds no transaction between batches, so it may take any time. It
/// returns each product exactly once that exists throughout, regardless of concurrent writes.
pub(super) struct ProductScan<'a> {
    store: &'a Store,
    selection: &'a Selection,
    after: Option<ProductId>,
    batch: usize,
    encoded_batch: usize,
    ended: bool,
    /// Statements that may still be run.
    statements: usize,
    /// Whether the products may come from the cache and fill it.
    may_be_cached: bool,
}

impl<'a> ProductScan<'a> {
    /// Starts after the id `after`, or at the first product.
    pub(super) fn new(
        store: &'a Store,
        selection: &'a Selection,
        after: Option<ProductId>,
    ) -> Self {
        Self {
            store,
            selection,
            after,
            batch: FIRST,
            encoded_batch: FIRST_ENCODED,
            ended: false,
            statements: usize::MAX,
            may_be_cached: false,
        }
    }

    /// Limits the work of a scan with a filter: it stops after [`FILTERED_STATEMENTS`] statements.
    pub(super) fn limited(mut self) -> Self {
        if self.selection.filter.is_some() {
            self.statements = FILTERED_STATEMENTS;
        }
        self
    }

    /// Lets the products come from the cache and fill it: for a page, which is read often. The whole catalogue would
    /// displace what is.
    pub(super) fn cached(mut self) -> Self {
        self.may_be_cached = true;
        self
    }

    /// The id after which a limited scan has more to read, if it stopped at its limit.
    pub(super) fn stopped_after(&self) -> Option<&ProductId> {
        self.after.as_ref().filter(|_| !self.ended && self.statements == 0)
    }

    /// Returns the next products, at most `limit`; none at the end.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(super) async fn next(&mut self, limit: usize) -> Result<Vec<Product>> {
        let limit = self.batch.min(limit);
        // A filter may exclude many pages. A cancelled call stops between two of them.
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

    /// Like [`ProductScan::next`], for encoded products.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(super) async fn next_encoded(&mut self, limit: usize) -> Result<EncodedPage> {
        while !self.ended && limit > 0 && self.statements > 0 {
            self.statements -= 1;
            let after = self.after.as_ref();
            let sizes = (limit, self.encoded_batch);
            let page = self.store.encoded_page(self.selection, after, sizes, self.may_be_cached);
            let page = page.await?;
            self.ended = page.rest.is_none();
            self.after.clone_from(&page.rest);
            if !page.messages.is_empty() {
                let bytes: usize = page.messages.iter().map(|it| it.len()).sum();
                let average = bytes / page.messages.len() + 1;
                self.encoded_batch = (ENCODED_BATCH_BYTES / average).clamp(1, ENCODED_BATCH);
                return Ok(page);
            }
        }
        Ok(EncodedPage::default())
    }
}

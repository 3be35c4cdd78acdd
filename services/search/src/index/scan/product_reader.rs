//! Reads stored products from the index.

use std::sync::atomic::{AtomicUsize, Ordering};

use prost::Message as _;
use proto::catalogue::v1::Product;
use tantivy::{
    DocAddress, Searcher, TantivyDocument,
    schema::{Field, Value as _},
};

use crate::index::{Error, Result};

/// Maximum number of products that the filter of one search reads.
const MAX_FILTER_READS: usize = 10_000;

/// Reads and decodes products. Bounds the reads that a filter causes, which cost far more than a
/// column lookup.
pub(crate) struct ProductReader<'a> {
    searcher: &'a Searcher,
    product: Field,
    filter_reads: AtomicUsize,
}

impl<'a> ProductReader<'a> {
    pub(crate) fn new(searcher: &'a Searcher, product: Field) -> Self {
        Self { searcher, product, filter_reads: AtomicUsize::new(0) }
    }

    /// Returns a product and its encoded size in bytes.
    pub(crate) fn read(&self, address: DocAddress) -> Result<(Product, usize)> {
        let document: TantivyDocument = self.searcher.doc(address)?;
        let bytes = document.get_first(self.product).and_then(|value| value.as_bytes());
        let bytes = bytes.unwrap_or_default();
        Ok((Product::decode(bytes)?, bytes.len()))
    }

    /// Returns a product for a filter.
    ///
    /// # Errors
    /// [`Error::TooManyToRead`] beyond [`MAX_FILTER_READS`].
    pub(super) fn read_for_filter(&self, address: DocAddress) -> Result<Product> {
        if self.filter_reads.fetch_add(1, Ordering::Relaxed) >= MAX_FILTER_READS {
            return Err(Error::TooManyToRead);
        }
        Ok(self.read(address)?.0)
    }
}

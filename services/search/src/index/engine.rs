//! The engine interface: the index as the service needs it.
//!
//! The implementation is tantivy, in the replica's own data directory: every replica holds the
//! whole index. A distributed engine could implement these two traits if a catalogue outgrows one
//! machine. Every implementation must pass `tests/suite.rs`, which uses the traits only.

use super::{
    AppliedChanges, Batch, CompiledSettings, Completion, Explanation, FeedPosition, Result,
    SearchParams, SearchResults,
};

/// Read access. Each call answers from the state of one commit.
pub(crate) trait Engine: Send + Sync + 'static {
    /// Finds products that have all words of the query or, if there are none, most of them.
    ///
    /// # Errors
    /// [`Error::TooManyToRead`](super::Error::TooManyToRead) if the filter is too costly; other
    /// errors mean that the index failed.
    fn search(
        &self,
        params: &SearchParams<'_>,
        settings: &CompiledSettings,
    ) -> Result<SearchResults>;

    /// Explains a product's rank among the first `params.limit`. `None` if it is not in the index.
    ///
    /// # Errors
    /// As for a search.
    fn explain(
        &self,
        params: &SearchParams<'_>,
        product_id: &str,
        settings: &CompiledSettings,
    ) -> Result<Option<Explanation>>;

    /// Whether any product is in a category or one of its descendants.
    ///
    /// # Errors
    /// The index failed.
    fn has_category(&self, category_id: &str) -> Result<bool>;

    /// Returns names of products that complete an unfinished query, best first.
    ///
    /// # Errors
    /// The index failed.
    fn complete_products(&self, query: &str, limit: usize) -> Result<Vec<Completion>>;

    /// Returns names of categories that complete an unfinished query, best first.
    ///
    /// # Errors
    /// The index failed.
    fn complete_categories(&self, query: &str, limit: usize) -> Result<Vec<Completion>>;

    /// Returns the number of searchable products.
    fn product_count(&self) -> u64;
}

/// Write access.
pub(crate) trait EngineWriter: Send + 'static {
    /// Returns the feed position of the last commit.
    fn position(&self) -> &FeedPosition;

    /// Commits a batch and its position atomically. The changes are searchable when this returns.
    /// Applying a batch again changes nothing.
    ///
    /// # Errors
    /// The index failed; either nothing of the batch is searchable or all of it. The writer must be
    /// dropped.
    fn apply(&mut self, batch: Batch) -> Result<AppliedChanges>;
}

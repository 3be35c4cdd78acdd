//! What the service asks of an index, and nothing more.
//!
//! The index in this folder is tantivy's, in the replica's own data folder: every replica has all of
//! it. When a catalogue outgrows one machine, an existing distributed engine can stand behind these
//! two traits instead. Whatever stands there passes the tests of `tests/suite.rs`, which know no
//! engine.

use super::{
    Applied, Batch, Completion, Explanation, Found, Index, Position, Result, Search, Settings,
    Writer,
};

/// An index as those see it who ask. Each call answers from one state of it.
pub(crate) trait Engine: Send + Sync + 'static {
    /// Finds products; see [`Index::search`].
    ///
    /// # Errors
    /// The index failed, or the filter asks too much of it.
    fn search(&self, search: &Search<'_>, settings: &Settings) -> Result<Found>;

    /// Says why a product stands where it stands; see [`Index::explain`].
    ///
    /// # Errors
    /// As for a search.
    fn explain(
        &self,
        search: &Search<'_>,
        product_id: &str,
        settings: &Settings,
    ) -> Result<Option<Explanation>>;

    /// Whether any product is in a category or below it.
    ///
    /// # Errors
    /// The index failed.
    fn has_category(&self, category_id: &str) -> Result<bool>;

    /// Names of products that what is being typed can become; see [`Index::complete_products`].
    ///
    /// # Errors
    /// The index failed.
    fn complete_products(&self, typed: &str, most: usize) -> Result<Vec<Completion>>;

    /// The same for categories; see [`Index::complete_categories`].
    ///
    /// # Errors
    /// The index failed.
    fn complete_categories(&self, typed: &str, most: usize) -> Result<Vec<Completion>>;

    /// How many products can be found.
    fn product_count(&self) -> u64;
}

/// The one who changes an index.
pub(crate) trait EngineWriter: Send + 'static {
    /// Where in the change feed the index stands; kept with it.
    fn position(&self) -> &Position;

    /// Makes a batch findable, and its position the index's own, both or neither.
    ///
    /// # Errors
    /// The index failed; the writer is not usable any more.
    fn apply(&mut self, batch: Batch) -> Result<Applied>;
}

impl Engine for Index {
    fn search(&self, search: &Search<'_>, settings: &Settings) -> Result<Found> {
        self.search(search, settings)
    }

    fn explain(
        &self,
        search: &Search<'_>,
        product_id: &str,
        settings: &Settings,
    ) -> Result<Option<Explanation>> {
        self.explain(search, product_id, settings)
    }

    fn has_category(&self, category_id: &str) -> Result<bool> {
        self.has_category(category_id)
    }

    fn complete_products(&self, typed: &str, most: usize) -> Result<Vec<Completion>> {
        self.complete_products(typed, most)
    }

    fn complete_categories(&self, typed: &str, most: usize) -> Result<Vec<Completion>> {
        self.complete_categories(typed, most)
    }

    fn product_count(&self) -> u64 {
        self.product_count()
    }
}

impl EngineWriter for Writer {
    fn position(&self) -> &Position {
        self.position()
    }

    fn apply(&mut self, batch: Batch) -> Result<Applied> {
        self.apply(batch)
    }
}

//! Ranking experiments: an index in memory with chosen parameters, for `cargo xtask bench
//! relevance`.

use crate::index::{Batch, CompiledSettings, Engine, EngineWriter, Index, SearchParams};
use proto::catalogue::v1::Product;
use std::time::SystemTime;

pub use crate::index::model::parameters::{Parameters, Weights};

/// An index in memory with the given parameters.
pub struct TrialIndex {
    index: Index,
    settings: CompiledSettings,
}

impl TrialIndex {
    /// Indexes products.
    ///
    /// # Errors
    /// The index failed.
    pub fn new(
        parameters: Parameters,
        products: impl IntoIterator<Item = Product>,
    ) -> anyhow::Result<Self> {
        let index = Index::in_ram(parameters);
        let mut writer = index.writer()?;
        let mut batch = Batch::new(writer.position().clone());
        for product in products {
            batch.put(product);
        }
        writer.apply(batch)?;
        Ok(Self { index, settings: CompiledSettings::default() })
    }

    /// Returns the number of products.
    pub fn product_count(&self) -> u64 {
        self.index.product_count()
    }

    /// Returns the same index with other parameters. The weights remain those of the index.
    #[must_use]
    pub fn with(&self, parameters: Parameters) -> Self {
        Self { index: self.index.with(parameters), settings: CompiledSettings::default() }
    }

    /// Returns the ids of the best products, and the number of matches.
    ///
    /// # Errors
    /// The index failed.
    pub fn search(&self, query: &str, limit: usize) -> anyhow::Result<(Vec<String>, usize)> {
        let everything = product_fields::parse_filter("").expect("the empty filter is valid");
        let params = SearchParams {
            query,
            as_words: &[],
            category_id: None,
            filter: &everything,
            facets: &[],
            order: &[],
            offset: 0,
            limit,
            now: SystemTime::UNIX_EPOCH,
        };
        let found = self.index.search(&params, &self.settings)?;
        Ok((found.hits.into_iter().map(|hit| hit.product.id).collect(), found.total))
    }
}

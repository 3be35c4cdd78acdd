//! Ranking experiments: an index in memory with chosen parameters, for `cargo xtask bench
//! relevance`.

use std::time::SystemTime;

use filter::Filter;
use proto::catalogue::v1::Product;

use crate::index::{Batch, CompiledSettings, Engine, EngineWriter, Index, SearchParams};

pub use crate::index::model::parameters::{Parameters, Weights};

/// An index in memory with the given parameters.
pub struct TrialIndex {
    index: Index,
    settings: CompiledSettings,
    everything: Filter,
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
        Ok(Self::of(index))
    }

    /// Returns the number of products.
    pub fn product_count(&self) -> u64 {
        self.index.product_count()
    }

    /// Returns the same index with other parameters. The index's weights remain.
    #[must_use]
    pub fn with(&self, parameters: Parameters) -> Self {
        Self::of(self.index.with(parameters))
    }

    /// Returns the ids of the best products, and the number of matches.
    ///
    /// # Errors
    /// The index failed.
    pub fn search(&self, query: &str, limit: usize) -> anyhow::Result<(Vec<String>, usize)> {
        let found = self.index.search(&self.params(query, limit), &self.settings)?;
        Ok((found.hits.into_iter().map(|hit| hit.product.id).collect(), found.total))
    }

    /// Returns the understood parts of a query, each as `Kind "span" filter`.
    ///
    /// # Errors
    /// The index failed.
    pub fn understood(&self, query: &str) -> anyhow::Result<Vec<String>> {
        let found = self.index.search(&self.params(query, 1), &self.settings)?;
        let spans = found.understood.into_iter();
        Ok(spans.map(|it| format!("{:?} {:?} {}", it.kind, it.span, it.filter)).collect())
    }

    /// Reads a query without searching for it. Returns the number of parts that are more than words.
    ///
    /// # Errors
    /// The index failed.
    pub fn read(&self, query: &str) -> anyhow::Result<usize> {
        Ok(self.index.read(&self.params(query, 1), &self.settings)?.spans.len())
    }

    fn of(index: Index) -> Self {
        let everything = product_fields::parse_filter("").expect("the empty filter is valid");
        Self { index, settings: CompiledSettings::default(), everything }
    }

    fn params<'a>(&'a self, query: &'a str, limit: usize) -> SearchParams<'a> {
        SearchParams {
            query,
            as_words: &[],
            category_id: None,
            filter: &self.everything,
            facets: &[],
            order: &[],
            offset: 0,
            limit,
            now: SystemTime::UNIX_EPOCH,
        }
    }
}

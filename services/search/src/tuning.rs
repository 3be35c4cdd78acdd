//! An index in memory with ranking parameters of one's choice: for `cargo xtask bench relevance`.

use crate::index::{self, Batch, Engine, EngineWriter, Index, Search, Settings};
use proto::catalogue::v1::Product;
use std::time::SystemTime;

pub use crate::index::parameters::{Parameters, Weights};

/// An index in memory.
pub struct Trial {
    index: Index,
    settings: Settings,
}

impl Trial {
    /// Fills an index.
    ///
    /// # Errors
    /// The index failed.
    pub fn new(
        parameters: Parameters,
        products: impl IntoIterator<Item = Product>,
    ) -> anyhow::Result<Self> {
        let index = Index::in_ram(parameters);
        let mut writer = index.writer()?;
        let mut batch = Batch::new(EngineWriter::position(&writer).clone());
        for product in products {
            batch.put(product);
        }
        EngineWriter::apply(&mut writer, batch)?;
        Ok(Self { index, settings: Settings::default() })
    }

    /// How many products it holds.
    pub fn product_count(&self) -> u64 {
        Engine::product_count(&self.index)
    }

    /// The same index with other parameters. Its weights stay those that it was filled with.
    #[must_use]
    pub fn with(&self, parameters: Parameters) -> Self {
        Self { index: self.index.with(parameters), settings: Settings::default() }
    }

    /// Returns the ids of the best products, and how many match.
    ///
    /// # Errors
    /// The index failed.
    pub fn search(&self, query: &str, limit: usize) -> anyhow::Result<(Vec<String>, usize)> {
        let everything = index::product_filter("").expect("the empty filter is one");
        let search = Search {
            query,
            category_id: None,
            filter: &everything,
            facets: &[],
            order: &[],
            offset: 0,
            limit,
            now: SystemTime::UNIX_EPOCH,
        };
        let found = self.index.search(&search, &self.settings)?;
        Ok((found.hits.into_iter().map(|hit| hit.product.id).collect(), found.total))
    }
}

//! Single products as encoded frames, from an in-process cache or batched reads of the database.
//!
//! - `entries`: the cache of encoded products
//! - `stamps`, `coverage`: decide whether an entry is current, given the writes of this process and of
//!   others; `crate::store::follow` reports the latter
//! - `reader`, `queue`, `worker`, `connection`: the lookups of one thread, batched into statements
//! - `pages`: pages of lists from the cache

mod connection;
mod coverage;
mod entries;
mod framed;
mod hit_counts;
mod pages;
mod queue;
mod reader;
mod shared_error;
mod stamps;
mod sync;
#[cfg(test)]
mod tests;
mod worker;

pub(crate) use framed::FramedProduct;
pub(crate) use reader::ProductReader;

pub(super) use coverage::MAX_STALENESS;
pub(super) use entries::ProductCache;

use opentelemetry::global::meter;
use sea_orm::{DatabaseConnection, DbBackend};

use self::{
    connection::{Dedicated, WorkerConnection},
    coverage::Coverage,
    hit_counts::HitCounts,
    stamps::WriteGuard,
};
use super::{Store, engine::ReaderOptions};
use crate::domain::{Place, ProductId};

/// The state that the readers of all threads share.
pub(super) struct SharedReads {
    cache: Option<ProductCache>,
    hit_counts: HitCounts,
    /// The options of dedicated connections; PostgreSQL only.
    server: Option<ReaderOptions>,
}

impl SharedReads {
    /// Creates a cache of `cache_bytes`, or none if 0. `server` is the PostgreSQL database, if it is one.
    pub(super) fn new(cache_bytes: u64, server: Option<ReaderOptions>) -> Self {
        let coverage = if server.is_some() { Coverage::followed() } else { Coverage::SingleWriter };
        let cache = ProductCache::new(cache_bytes, coverage);
        Self { cache, hit_counts: HitCounts::default(), server }
    }

    /// The cache, unless it is disabled.
    pub(super) fn cache(&self) -> Option<&ProductCache> {
        self.cache.as_ref()
    }

    /// Begins a write of this process. Call it before the commit, and drop the guard before the write
    /// is acknowledged.
    pub(super) fn begin_write(
        &self,
        ids: &[ProductId],
        categories: bool,
    ) -> Option<WriteGuard<'_>> {
        Some(self.cache()?.begin_write(ids, categories))
    }

    /// Invalidates the products with categories, after the category tree was replaced.
    pub(super) fn invalidate_categories(&self) {
        if let Some(cache) = &self.cache {
            cache.invalidate_categories();
        }
    }

    fn connection(&self, reader: &DatabaseConnection) -> WorkerConnection {
        match &self.server {
            Some(options) => {
                let dedicated = Dedicated::new(options.clone(), reader.clone());
                WorkerConnection::Postgres(Box::new(dedicated))
            }
            None => WorkerConnection::Sqlite(reader.clone()),
        }
    }
}

impl Store {
    /// Whether the cache reflects every change that a read at `place` must show.
    fn cache_includes(&self, place: Place) -> bool {
        match (self.engine(), self.0.reads.cache()) {
            (DbBackend::Postgres, Some(cache)) => cache.includes(place),
            // No other process writes.
            _ => place <= self.newest_seen(),
        }
    }

    /// Registers the metrics of the cache.
    pub(super) fn register_cache_metrics(&self) {
        self.observe_counter("hits", "Product lookups served from the cache.", |reads| {
            reads.hit_counts.hits()
        });
        self.observe_counter(
            "misses",
            "Product lookups that missed the cache and read the database.",
            |reads| reads.hit_counts.misses(),
        );
        self.observe_counter("evictions", "Products evicted from the cache.", |reads| {
            reads.cache().map_or(0, ProductCache::evictions)
        });
        self.observe_gauge("bytes", "Memory used by cached products.", |reads| {
            reads.cache().map_or(0, ProductCache::bytes)
        });
        self.observe_gauge("entries", "Products in the cache.", |reads| {
            reads.cache().map_or(0, ProductCache::len)
        });
        self.observe_gauge(
            "bypassed",
            "1 while the cache is bypassed because writes of other replicas are not seen, else 0.",
            |reads| reads.cache().is_some_and(ProductCache::is_bypassed).into(),
        );
    }

    fn observe_counter(&self, name: &str, about: &'static str, value: fn(&SharedReads) -> u64) {
        let store = std::sync::Arc::downgrade(&self.0);
        meter("catalogue")
            .u64_observable_counter(format!("catalogue.product_cache.{name}"))
            .with_description(about)
            .with_callback(move |counter| {
                if let Some(store) = store.upgrade() {
                    counter.observe(value(&store.reads), &[]);
                }
            })
            .build();
    }

    fn observe_gauge(&self, name: &str, about: &'static str, value: fn(&SharedReads) -> u64) {
        let store = std::sync::Arc::downgrade(&self.0);
        meter("catalogue")
            .u64_observable_gauge(format!("catalogue.product_cache.{name}"))
            .with_description(about)
            .with_callback(move |gauge| {
                if let Some(store) = store.upgrade() {
                    gauge.observe(value(&store.reads), &[]);
                }
            })
            .build();
    }
}

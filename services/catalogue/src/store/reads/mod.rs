//! Single products, read as their wire bytes: from a cache in this process, or in batches from the
//! database.
//!
//! - `cache`: encoded products, and whether they may be answered
//! - `stamps`, `coverage`: what that is decided by; writes of this process, and of others
//! - `follower`, `gaps`: sees what other replicas write
//! - `reader`, `queue`, `worker`, `source`: the lookups of one thread, and the statements they share

mod cache;
mod coverage;
mod failure;
mod follower;
mod gaps;
mod product;
mod queue;
mod reader;
mod source;
mod stamps;
mod sync;
mod tally;
#[cfg(test)]
mod tests;
mod worker;

pub(crate) use product::FramedProduct;
pub(crate) use reader::ProductReader;

pub(super) use coverage::MAX_STALENESS;
pub(super) use follower::Follower;

use opentelemetry::global::meter;
use sea_orm::{DatabaseConnection, DbBackend};

use self::{
    cache::ProductCache,
    coverage::Coverage,
    source::{Dedicated, Source},
    stamps::Write,
    tally::Tallies,
};
use super::{Store, engine::ReaderOptions};
use crate::domain::{Place, ProductId};

/// What the readers of all threads share.
pub(super) struct Reads {
    cache: Option<ProductCache>,
    tallies: Tallies,
    /// How a worker connects to PostgreSQL; on SQLite it uses the pool.
    server: Option<ReaderOptions>,
}

impl Reads {
    /// With a cache of so many bytes; 0 is none. `server` is the PostgreSQL database, if it is one.
    pub(super) fn new(cache_bytes: u64, server: Option<ReaderOptions>) -> Self {
        let coverage = if server.is_some() { Coverage::followed() } else { Coverage::Alone };
        let cache = ProductCache::new(cache_bytes, coverage);
        Self { cache, tallies: Tallies::default(), server }
    }

    fn cache(&self) -> Option<&ProductCache> {
        self.cache.as_ref()
    }

    /// A write of this process; see [`Write`]. To be begun before its commit, and ended before it
    /// is acknowledged.
    pub(super) fn write(&self, ids: &[ProductId], categories: bool) -> Option<Write<'_>> {
        Some(self.cache()?.write(ids, categories))
    }

    /// The categories in memory are others now.
    pub(super) fn categories_written(&self) {
        if let Some(cache) = &self.cache {
            cache.categories_written();
        }
    }

    fn source(&self, reader: &DatabaseConnection) -> Source {
        match &self.server {
            Some(options) => Source::Postgres(Box::new(Dedicated::new(options.clone()))),
            None => Source::Sqlite(reader.clone()),
        }
    }
}

impl Store {
    /// Whether the cache has taken in everything that a reader of `place` must see.
    fn is_taken_in(&self, place: Place) -> bool {
        match (self.engine(), self.0.reads.cache()) {
            (DbBackend::Postgres, Some(cache)) => cache.includes(place),
            // Nobody else writes.
            _ => place <= self.newest_seen(),
        }
    }

    /// Shows what the cache holds and how often it answers, for as long as the store is there.
    pub(super) fn watch_reads(&self) {
        self.observe_counter("hits", "Products answered from the cache.", |it| it.tallies.hits());
        self.observe_counter(
            "misses",
            "Products that were asked of the cache and read from the database.",
            |it| it.tallies.misses(),
        );
        self.observe_counter("evictions", "Products that made room for others.", |it| {
            it.cache().map_or(0, ProductCache::evictions)
        });
        self.observe_gauge("bytes", "Memory that the cached products take.", |it| {
            it.cache().map_or(0, ProductCache::bytes)
        });
        self.observe_gauge("entries", "Products in the cache.", |it| {
            it.cache().map_or(0, ProductCache::len)
        });
        self.observe_gauge(
            "bypassed",
            "Whether every product is read from the database, since what other replicas write is \
             not seen: 1 if so.",
            |it| it.cache().is_some_and(ProductCache::is_bypassed).into(),
        );
    }

    fn observe_counter(&self, name: &str, about: &'static str, value: fn(&Reads) -> u64) {
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

    fn observe_gauge(&self, name: &str, about: &'static str, value: fn(&Reads) -> u64) {
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

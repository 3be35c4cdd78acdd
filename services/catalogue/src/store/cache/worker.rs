//! The worker of a reader: runs one statement after the other, each for all queued lookups.

use std::{collections::HashMap, sync::Arc, time::Duration};

use opentelemetry::Context;
use sea_orm::QueryResult;
use tokio::time::timeout;

use super::{
    connection::WorkerConnection,
    entries::ProductCache,
    framed::FramedProduct,
    queue::{Lookup, Queue},
    shared_error::SharedError,
    stamps::Stamp,
};
use crate::{
    domain::{ProductId, Result, Tree},
    store::{
        Store,
        encoded::{self, EncodedRows},
        engine,
    },
};

/// How often a running statement is checked for lookups that are still wanted.
const CHECK_INTERVAL: Duration = Duration::from_millis(50);

/// Runs the lookups of a queue until it is closed.
pub(super) struct Worker {
    pub(super) store: Store,
    pub(super) queue: Arc<Queue>,
    pub(super) connection: WorkerConnection,
}

/// The products of one statement. A damaged row fails alone.
type Batch = HashMap<ProductId, Result<FramedProduct, SharedError>>;

/// Closes the queue, so that a reader without a worker is not used any more.
impl Drop for Worker {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl Worker {
    pub(super) async fn run(mut self) {
        while let Some(batch) = self.queue.next().await {
            self.serve(batch).await;
        }
    }

    /// Reads a batch and completes its lookups, unless all of them are cancelled first.
    async fn serve(&mut self, batch: Vec<Lookup>) {
        let Some(read) = self.read_while_wanted(&batch).await else { return };
        let read = read.map_err(SharedError::from);
        for lookup in batch {
            let found = match &read {
                Ok(products) => products.get(&lookup.id).cloned().transpose(),
                Err(failure) => Err(failure.clone()),
            };
            lookup.complete(found.map_err(Into::into));
        }
    }

    /// Reads a batch. None if all lookups are cancelled: dropping the statement cancels it.
    async fn read_while_wanted(&mut self, batch: &[Lookup]) -> Option<Result<Batch>> {
        let queue = Arc::clone(&self.queue);
        let mut reading = std::pin::pin!(self.read(batch));
        loop {
            if let Ok(read) = timeout(CHECK_INTERVAL, reading.as_mut()).await {
                return Some(read);
            }
            // Queued lookups time out as requests for a pooled connection do.
            queue.expire(engine::READER_TIMEOUT);
            if !batch.iter().any(Lookup::is_wanted) {
                return None;
            }
        }
    }

    /// Reads, encodes and caches the products of a batch.
    async fn read(&mut self, batch: &[Lookup]) -> Result<Batch> {
        let ids: Vec<&str> = batch.iter().map(|lookup| lookup.id.as_str()).collect();
        let traces: Vec<Context> = batch.iter().filter_map(|lookup| lookup.trace.clone()).collect();
        // Taken before the statement is sent; see `Stamps`.
        let stamps = self.stamps(batch);
        let rows = self.connection.read(&ids, &traces).await?;
        let mut read = Batch::with_capacity(rows.len());
        let (products, tree_is_published) = self.encode(&rows).await?;
        for (id, product) in products {
            let framed = product.map(|product| {
                let framed = FramedProduct {
                    revision: product.revision,
                    is_deleted: product.is_deleted,
                    is_active: product.is_active,
                    frame: product.message,
                };
                // An unpublished tree has no version, so products that depend on it are not cached.
                if let (Some(cache), Some(stamp)) = (self.cache(), stamps.get(&id))
                    && (tree_is_published || !product.has_categories)
                {
                    cache.insert(&id, &framed, *stamp, product.has_categories);
                }
                framed
            });
            read.insert(id, framed.map_err(SharedError::from));
        }
        Ok(read)
    }

    fn stamps<'a>(&self, batch: &'a [Lookup]) -> HashMap<&'a ProductId, Stamp> {
        let Some(cache) = self.cache() else { return HashMap::new() };
        batch.iter().map(|lookup| (&lookup.id, cache.stamp(lookup.id.as_str()))).collect()
    }

    fn cache(&self) -> Option<&ProductCache> {
        self.store.0.reads.cache()
    }

    /// Encodes products with the published category tree, or with the stored one if the published tree
    /// lacks a category that was just committed; and whether the published one was used.
    async fn encode(&self, rows: &[QueryResult]) -> Result<(EncodedRows, bool)> {
        let encode = |tree: &Tree| encoded::encoded_rows(rows, tree, rpc::frame::framed);
        let (encoded, true) = encode(&self.store.tree())? else {
            let (encoded, _) = encode(&self.store.stored_tree().await?)?;
            return Ok((encoded, false));
        };
        Ok((encoded, true))
    }
}

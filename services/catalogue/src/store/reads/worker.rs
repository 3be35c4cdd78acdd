//! One statement after the other, each for all lookups that have gathered meanwhile.

use std::{collections::HashMap, sync::Arc, time::Duration};

use opentelemetry::Context;
use sea_orm::QueryResult;
use tokio::time::timeout;

use super::{
    cache::ProductCache,
    failure::Failure,
    product::FramedProduct,
    queue::{Lookup, Queue},
    source::Source,
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

/// How often a statement that takes long is looked at: whether somebody still waits for it.
const CHECK_EVERY: Duration = Duration::from_millis(50);

/// Reads what its queue asks for until that is closed.
pub(super) struct Worker {
    pub(super) store: Store,
    pub(super) queue: Arc<Queue>,
    pub(super) source: Source,
}

/// The products of one statement; those that are damaged have failed alone.
type Read = HashMap<ProductId, Result<FramedProduct, Failure>>;

/// A reader whose worker has ended is not asked any more.
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

    /// Answers a batch, unless all who wait for it hang up before.
    async fn serve(&mut self, batch: Vec<Lookup>) {
        let Some(read) = self.read_while_wanted(&batch).await else { return };
        let read = read.map_err(Failure::from);
        for lookup in batch {
            let found = match &read {
                Ok(products) => products.get(&lookup.id).cloned().transpose(),
                Err(failure) => Err(failure.clone()),
            };
            lookup.answer(found.map_err(Into::into));
        }
    }

    /// None if nobody waits for it any more: then the statement is given up.
    async fn read_while_wanted(&mut self, batch: &[Lookup]) -> Option<Result<Read>> {
        let queue = Arc::clone(&self.queue);
        let mut reading = std::pin::pin!(self.read(batch));
        loop {
            if let Ok(read) = timeout(CHECK_EVERY, reading.as_mut()).await {
                return Some(read);
            }
            // As long as a pool lets its callers wait.
            queue.refuse_older(engine::READER_PATIENCE);
            if !batch.iter().any(Lookup::is_wanted) {
                return None;
            }
        }
    }

    /// Reads, encodes and caches the products of a batch.
    async fn read(&mut self, batch: &[Lookup]) -> Result<Read> {
        let ids: Vec<&str> = batch.iter().map(|lookup| lookup.id.as_str()).collect();
        let traces: Vec<Context> = batch.iter().filter_map(|it| it.trace.clone()).collect();
        // Taken before the statement is sent: see `Stamps`.
        let stamps = self.stamps(batch);
        let rows = self.source.read(&ids, &traces).await?;
        let mut read = Read::with_capacity(rows.len());
        let (products, tree_is_published) = self.encode(&rows).await?;
        for (id, product) in products {
            let framed = product.map(|product| {
                let framed = FramedProduct {
                    revision: product.revision,
                    is_deleted: product.is_deleted,
                    frame: product.message,
                };
                // A tree that is not published has no version.
                if let (Some(cache), Some(stamp)) = (self.cache(), stamps.get(&id))
                    && (tree_is_published || !product.has_categories)
                {
                    cache.insert(&id, &framed, *stamp, product.has_categories);
                }
                framed
            });
            read.insert(id, framed.map_err(Failure::from));
        }
        Ok(read)
    }

    fn stamps<'a>(&self, batch: &'a [Lookup]) -> HashMap<&'a ProductId, Stamp> {
        let Some(cache) = self.cache() else { return HashMap::new() };
        batch.iter().map(|lookup| (&lookup.id, cache.stamp(&lookup.id))).collect()
    }

    fn cache(&self) -> Option<&ProductCache> {
        self.store.0.reads.cache()
    }

    /// Encodes products with the tree that is published, or with the stored one if they are in a
    /// category that was committed a moment ago. Also says whether it was the first.
    async fn encode(&self, rows: &[QueryResult]) -> Result<(EncodedRows, bool)> {
        let encode = |tree: &Tree| encoded::encoded_rows(rows, tree, rpc::frame::framed);
        let (encoded, true) = encode(&self.store.tree())? else {
            let (encoded, _) = encode(&self.store.stored_tree().await?)?;
            return Ok((encoded, false));
        };
        Ok((encoded, true))
    }
}

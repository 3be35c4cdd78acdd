//! Units of work: one transaction each, in a task of its own.

use std::sync::{Arc, PoisonError, atomic::Ordering};

use futures::future::BoxFuture;
use sea_orm::{DatabaseTransaction, TransactionTrait as _};

use super::{Store, engine};
use crate::domain::{Error, Micros, Result, Tree, now};

/// A transaction under way, and what is to be published once it has been committed.
pub(super) struct Unit {
    pub(super) tx: DatabaseTransaction,
    /// The categories; a unit that adds some adds them here too.
    pub(super) tree: Arc<Tree>,
    /// Set when a product was put into a category, or taken out of one.
    pub(super) moved_products: bool,
    pub(super) now: Micros,
}

impl Store {
    /// Runs `work` in a transaction and commits it; rolls it back when `work` fails.
    ///
    /// # Errors
    /// Whatever `work` says, or the store is busy, full or broken.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'unit> FnOnce(&'unit mut Unit) -> BoxFuture<'unit, Result<T>> + Send + 'static,
    {
        let queue = Arc::clone(&self.0.queue);
        let place = queue.try_acquire_owned().map_err(|_full| Error::StoreBusy(None))?;
        let store = self.clone();
        let task = self.0.background.spawn(async move {
            let _place = place;
            store.run(work).await
        });
        task.await.map_err(|panic| Error::Store(panic.into()))?
    }

    async fn run<T, F>(&self, work: F) -> Result<T>
    where
        F: for<'unit> FnOnce(&'unit mut Unit) -> BoxFuture<'unit, Result<T>>,
    {
        let inner = &self.0;
        let _turn = inner.turn.lock().await;
        let tx = inner.writer.begin_with_options(engine::write_transaction()).await?;
        let mut unit = Unit { tx, tree: self.tree(), moved_products: false, now: now() };
        let result = work(&mut unit).await;
        let ended = match &result {
            Ok(_) => unit.tx.commit().await,
            Err(_) => unit.tx.rollback().await,
        };
        if let Err(error) = ended {
            engine::discard_connection(&inner.writer).await;
            // Of two errors the first is the cause.
            return result.and(Err(error.into()));
        }
        let value = result?;
        *inner.tree.write().unwrap_or_else(PoisonError::into_inner) = unit.tree;
        if unit.moved_products {
            inner.memberships.fetch_add(1, Ordering::Release);
        }
        inner.committed.send_replace(());
        Ok(value)
    }
}

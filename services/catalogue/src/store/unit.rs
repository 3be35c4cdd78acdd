//! Units of work: one transaction each, in a task of its own.

use std::sync::{Arc, PoisonError, atomic::Ordering};

use futures::future::BoxFuture;
use sea_orm::{DatabaseTransaction, TransactionTrait as _};

use super::{
    Store, changes, engine, requests,
    write::{Done, Write, WriteContext},
};
use crate::domain::{Error, Micros, Result, Tree, now};

/// A transaction under way, and what is to be published once it has been committed.
pub(super) struct Unit {
    pub(super) tx: DatabaseTransaction,
    pub(super) context: WriteContext,
    /// The categories; a unit that adds some adds them here too.
    pub(super) tree: Arc<Tree>,
    /// Set when a product was put into a category, or taken out of one.
    pub(super) moved_products: bool,
    /// Where the last change of this unit stands in the feed.
    pub(super) last_change: Option<changes::Place>,
    pub(super) now: Micros,
}

/// How a unit ends well.
enum Ended<A> {
    Commit(A),
    /// There is an answer, but nothing is to be changed.
    Rollback(A),
}

impl Store {
    /// Runs `work` in a transaction and commits it; rolls it back when `work` fails.
    ///
    /// A request that was answered before is answered again, without `work`. One that is to be
    /// validated only is answered as if it had been done, and rolled back.
    ///
    /// # Errors
    /// Whatever `work` says, the request's id belongs to another one, or the store is busy, full
    /// or broken.
    pub(super) async fn write<T, A, F>(&self, write: Write<T, A>, work: F) -> Result<A>
    where
        T: Send + 'static,
        A: Send + 'static,
        F: for<'unit> FnOnce(&'unit mut Unit) -> BoxFuture<'unit, Result<T>> + Send + 'static,
    {
        let queue = Arc::clone(&self.0.queue);
        let place = queue.try_acquire_owned().map_err(|_full| Error::StoreBusy(None))?;
        let store = self.clone();
        let task = self.0.background.spawn(async move {
            let _place = place;
            store.run(write, work).await
        });
        task.await.map_err(|panic| Error::Store(panic.into()))?
    }

    async fn run<T, A, F>(&self, mut write: Write<T, A>, work: F) -> Result<A>
    where
        T: Send + 'static,
        A: Send + 'static,
        F: for<'unit> FnOnce(&'unit mut Unit) -> BoxFuture<'unit, Result<T>> + Send + 'static,
    {
        let inner = &self.0;
        let _turn = inner.turn.lock().await;
        let tx = inner.writer.begin_with_options(engine::write_transaction()).await?;
        let mut unit = Unit {
            tx,
            context: std::mem::take(&mut write.context),
            tree: self.tree(),
            moved_products: false,
            last_change: None,
            now: now(),
        };
        let result = self.answer(&mut unit, write, work).await;
        let ended = match &result {
            Ok(Ended::Commit(_)) => unit.tx.commit().await,
            Ok(Ended::Rollback(_)) | Err(_) => unit.tx.rollback().await,
        };
        if let Err(error) = ended {
            engine::discard_connection(&inner.writer).await;
            // Of two errors the first is the cause.
            return Err(result.err().unwrap_or_else(|| error.into()));
        }
        let answer = match result? {
            Ended::Commit(answer) => answer,
            Ended::Rollback(answer) => return Ok(answer),
        };
        *inner.tree.write().unwrap_or_else(PoisonError::into_inner) = unit.tree;
        if unit.moved_products {
            inner.memberships.fetch_add(1, Ordering::Release);
        }
        if let Some(place) = unit.last_change {
            self.saw(place);
        }
        inner.committed.send_replace(());
        Ok(answer)
    }

    async fn answer<T, A, F>(
        &self,
        unit: &mut Unit,
        write: Write<T, A>,
        work: F,
    ) -> Result<Ended<A>>
    where
        F: for<'unit> FnOnce(&'unit mut Unit) -> BoxFuture<'unit, Result<T>>,
    {
        let key = unit.context.request.clone();
        if let Some(key) = &key
            && let Some(kept) = requests::claim(unit, key).await?
        {
            let answer = (write.recall)(&kept);
            let answer = answer.ok_or_else(|| Error::Store("a kept answer is damaged".into()))?;
            return Ok(Ended::Rollback(answer));
        }
        let value = work(unit).await?;
        let place = match unit.last_change {
            // What is rolled back will never be in the feed.
            _ if unit.context.validate_only => self.newest_seen(),
            Some(place) => place,
            None => changes::newest(&unit.tx).await?,
        };
        let done = Done { tree: Arc::clone(&unit.tree), position: self.position(place) };
        let answer = (write.tell)(value, &done);
        if unit.context.validate_only {
            return Ok(Ended::Rollback(answer));
        }
        if let Some(key) = &key {
            requests::keep(unit, key, (write.keep)(&answer)).await?;
        }
        Ok(Ended::Commit(answer))
    }
}

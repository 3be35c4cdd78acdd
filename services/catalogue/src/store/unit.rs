//! Units of work: one transaction each, in a task of its own.

use std::{
    sync::{Arc, PoisonError, atomic::Ordering},
    time::Duration,
};

use futures::future::BoxFuture;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbErr, TransactionTrait as _};
use tokio::time::sleep;

use super::{
    Store, categories, changes, engine, requests,
    write::{Done, Write, WriteContext},
};
use crate::domain::{CategoryId, Error, Micros, Place, ProductId, Result, Tree, now};

/// How often a unit that others got in the way of is done, at most.
const ATTEMPTS: u32 = 6;
/// Before the second attempt; then twice as long each time, give or take a half.
const FIRST_PAUSE: Duration = Duration::from_millis(4);

/// A transaction under way, and what is to be published once it has been committed.
pub(super) struct Unit {
    pub(super) tx: DatabaseTransaction,
    pub(super) context: WriteContext,
    /// The categories; a unit that adds some adds them here too, having [claimed](Self::claim_tree)
    /// the tree before.
    pub(super) tree: Arc<Tree>,
    /// The categories as they were when the unit began.
    began_with: Arc<Tree>,
    /// Set when a product was put into a category, or taken out of one.
    pub(super) moved_products: bool,
    /// The products that it changes, adds or purges; those that a change of the categories concerns
    /// are not among them.
    pub(super) changed_products: Vec<ProductId>,
    /// Where the last change of this unit stands in the feed.
    pub(super) last_change: Option<Place>,
    pub(super) now: Micros,
}

/// How a unit ends well.
enum Ended<A> {
    Commit(A),
    /// There is an answer, but nothing is to be changed.
    Rollback(A),
}

impl Unit {
    /// The id of the request, or empty.
    pub(super) fn request_id(&self) -> &str {
        self.context.request.as_ref().map_or("", |request| request.id.as_str())
    }

    /// Keeps others from changing these products. To be done before they are read, and for all
    /// products of the unit at once.
    ///
    /// # Errors
    /// The store is busy or broken.
    pub(super) async fn lock_products<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a ProductId>,
    ) -> Result<()> {
        engine::lock_products(&self.tx, ids).await
    }

    /// Sees to it that these categories are in the tree if they exist: another replica may have
    /// added them a moment ago.
    ///
    /// # Errors
    /// The store is busy or broken.
    pub(super) async fn know_categories<'a>(
        &mut self,
        ids: impl IntoIterator<Item = &'a CategoryId>,
    ) -> Result<()> {
        let is_shared = engine::is_concurrent(self.tx.get_database_backend());
        if is_shared && ids.into_iter().any(|id| self.tree.get(id).is_none()) {
            self.tree = Arc::new(categories::load(&self.tx).await?);
            self.began_with = Arc::clone(&self.tree);
        }
        Ok(())
    }

    /// Keeps others from changing the tree of categories. To be done before it is changed.
    ///
    /// # Errors
    /// [`Error::Raced`] if someone has changed it since the unit began, which then begins again
    /// with that tree; the store is busy or broken.
    pub(super) async fn claim_tree(&self) -> Result<()> {
        engine::lock_tree(&self.tx).await?;
        if engine::is_concurrent(self.tx.get_database_backend())
            && categories::load(&self.tx).await? != *self.began_with
        {
            return Err(Error::Raced("the categories have changed".into()));
        }
        Ok(())
    }
}

impl Store {
    /// Runs `work` in a transaction and commits it; rolls it back when `work` fails.
    ///
    /// A request that was answered before is answered again, without `work`. One that is to be
    /// validated only is answered as if it had been done, and rolled back.
    ///
    /// Where transactions run side by side and another one got in the way, it is all done again
    /// from the beginning: `work` is then run on a clone of what it has captured.
    ///
    /// # Errors
    /// Whatever `work` says, the request's id belongs to another one, or the store is busy, full
    /// or broken.
    pub(super) async fn write<T, A, F>(&self, write: Write<T, A>, work: F) -> Result<A>
    where
        T: Send + 'static,
        A: Send + 'static,
        F: for<'unit> FnOnce(&'unit mut Unit) -> BoxFuture<'unit, Result<T>>
            + Clone
            + Send
            + 'static,
    {
        let queue = Arc::clone(&self.0.queue);
        let place = queue.try_acquire_owned().map_err(|_full| Error::StoreBusy(None))?;
        let store = self.clone();
        let task = self.0.background.spawn(telemetry::in_current_context(async move {
            let _place = place;
            if engine::is_concurrent(store.engine()) {
                store.persist(write, work).await
            } else {
                let _turn = store.0.turn.lock().await;
                store.run(write, work).await
            }
        }));
        task.await.map_err(|panic| Error::Store(panic.into()))?
    }

    /// Runs `work` until nobody gets in its way, but not for ever.
    async fn persist<T, A, F>(&self, write: Write<T, A>, work: F) -> Result<A>
    where
        F: for<'unit> FnOnce(&'unit mut Unit) -> BoxFuture<'unit, Result<T>> + Clone,
    {
        let mut pause = FIRST_PAUSE;
        for attempt in 1..ATTEMPTS {
            match self.run(write.clone(), work.clone()).await {
                Err(Error::Raced(source)) => {
                    tracing::debug!(attempt, error = &*source, "doing a write again");
                }
                ended => return ended,
            }
            sleep(pause.mul_f64(0.5 + jitter())).await;
            pause *= 2;
            // What got in the way may be a category that another replica has added or removed.
            self.reload_tree().await?;
        }
        self.run(write, work).await
    }

    async fn run<T, A, F>(&self, mut write: Write<T, A>, work: F) -> Result<A>
    where
        F: for<'unit> FnOnce(&'unit mut Unit) -> BoxFuture<'unit, Result<T>>,
    {
        let inner = &self.0;
        let tx = self.begin().await?;
        let tree = self.tree();
        let mut unit = Unit {
            tx,
            context: std::mem::take(&mut write.context),
            began_with: Arc::clone(&tree),
            tree,
            moved_products: false,
            changed_products: Vec::new(),
            last_change: None,
            now: now(),
        };
        let result = self.answer(&mut unit, write, work).await;
        let changed_tree = !Arc::ptr_eq(&unit.tree, &unit.began_with);
        // From here on a commit may happen, even if we never hear of it.
        let written = matches!(result, Ok(Ended::Commit(_)))
            .then(|| inner.reads.write(&unit.changed_products, changed_tree));
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
        if changed_tree {
            self.publish(unit.tree).await;
        }
        // No reader is given what there was before from here on, or has been since the commit.
        drop(written);
        if unit.moved_products {
            inner.memberships.fetch_add(1, Ordering::Release);
        }
        if let Some(place) = unit.last_change {
            self.saw(place);
        }
        inner.committed.send_replace(());
        inner.signals.written.notify_one();
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

    /// A connection that the server has closed meanwhile is noticed here, when nothing is lost yet.
    async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let begin = || self.0.writer.begin_with_options(engine::write_transaction());
        match begin().await {
            Err(error) if engine::is_gone(&error) => begin().await,
            begun => begun,
        }
    }

    /// Shows everyone the tree that was committed.
    async fn publish(&self, tree: Arc<Tree>) {
        if !engine::is_concurrent(self.engine()) {
            *self.0.tree.write().unwrap_or_else(PoisonError::into_inner) = tree;
        } else if let Err(error) = self.reload_tree().await {
            // Another one may have been committed right after ours, so it is read, not taken; the
            // follower will, since it comes by all changes.
            tracing::warn!(error = &error as &dyn std::error::Error, "the categories are stale");
        }
    }
}

/// Between 0 and 1, for pauses that must not all be the same.
fn jitter() -> f64 {
    let nanos = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    f64::from(nanos.map_or(0, |since| since.subsec_nanos()) % 1_000) / 1_000.0
}

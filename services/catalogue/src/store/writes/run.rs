//! Runs units of work, each in a task that a dropped request cannot cancel.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use futures::future::BoxFuture;
use sea_orm::{DatabaseTransaction, DbErr, TransactionTrait as _};
use tokio::time::sleep;

use super::{
    audit_record,
    context::{AfterWrite, Write},
    requests,
    unit::Unit,
};
use crate::{
    domain::{Error, Result},
    store::{Store, changes, engine},
};

/// Attempts of a unit that conflicts with concurrent transactions.
const MAX_ATTEMPTS: u32 = 6;
/// The backoff before the second attempt. It doubles with each further one, and is jittered by
/// half.
const INITIAL_BACKOFF: Duration = Duration::from_millis(4);

/// How to end the transaction of a unit that succeeded.
enum Outcome<A> {
    Commit(A),
    /// The response is known, but nothing may be changed.
    Rollback(A),
}

impl Store {
    /// Runs `work` in a transaction and commits it; rolls it back when `work` fails.
    ///
    /// A repeated request gets its stored response, without running `work`. A `validate_only`
    /// request is run and rolled back.
    ///
    /// On PostgreSQL, a unit that conflicts with a concurrent transaction is retried from the
    /// beginning with a clone of `work`.
    ///
    /// # Errors
    /// Any error of `work`; the request id belongs to another request; the store is busy, full or
    /// broken.
    pub(in crate::store) async fn write<T, A, F>(&self, write: Write<T, A>, work: F) -> Result<A>
    where
        T: Send + 'static,
        A: Send + 'static,
        F: for<'unit> FnOnce(&'unit mut Unit) -> BoxFuture<'unit, Result<T>>
            + Clone
            + Send
            + 'static,
    {
        let slots = Arc::clone(&self.0.write_slots);
        let slot = slots.try_acquire_owned().map_err(|_full| Error::StoreBusy(None))?;
        let store = self.clone();
        let task = self.0.background.spawn(telemetry::in_current_context(async move {
            let _slot = slot;
            if engine::is_concurrent(store.engine()) {
                store.run_with_retries(write, work).await
            } else {
                let _writer = store.0.write_lock.lock().await;
                store.check_file()?;
                store.run(write, work).await
            }
        }));
        task.await.map_err(|panic| Error::Store(panic.into()))?
    }

    async fn run_with_retries<T, A, F>(&self, write: Write<T, A>, work: F) -> Result<A>
    where
        F: for<'unit> FnOnce(&'unit mut Unit) -> BoxFuture<'unit, Result<T>> + Clone,
    {
        let mut backoff = INITIAL_BACKOFF;
        for attempt in 1..MAX_ATTEMPTS {
            match self.run(write.clone(), work.clone()).await {
                Err(Error::Raced(source)) => {
                    tracing::debug!(attempt, error = &*source, "retrying a write after a conflict");
                }
                result => return result,
            }
            sleep(backoff.mul_f64(0.5 + fastrand::f64())).await;
            backoff *= 2;
            // The conflict may be a category that another replica has added or removed.
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
        let mut unit = Unit::new(tx, std::mem::take(&mut write.context), self.tree());
        let result = self.execute(&mut unit, write, work).await;
        let changed_tree = unit.has_changed_tree();
        // Taken before the commit, which may succeed even if its response is lost.
        let cache_guard = matches!(result, Ok(Outcome::Commit(_)))
            .then(|| inner.reads.begin_write(&unit.changed_products, changed_tree));
        let ended = match &result {
            Ok(Outcome::Commit(_)) => unit.tx.commit().await,
            Ok(Outcome::Rollback(_)) | Err(_) => unit.tx.rollback().await,
        };
        if let Err(error) = ended {
            engine::discard_connection(&inner.writer).await;
            // The error of `work`, if any, is the cause.
            return Err(result.err().unwrap_or_else(|| error.into()));
        }
        let response = match result? {
            Outcome::Commit(response) => response,
            Outcome::Rollback(response) => return Ok(response),
        };
        audit_record::mark_stored(&unit.context, unit.recorded_events);
        if changed_tree {
            self.publish_tree(unit.tree).await;
        }
        // Copies cached before the commit were unusable while the guard was held, and stay so.
        drop(cache_guard);
        if unit.memberships_changed {
            inner.membership_version.fetch_add(1, Ordering::Release);
        }
        if let Some(place) = unit.last_change {
            self.record_seen(place);
        }
        inner.committed.send_replace(());
        inner.signals.written.notify_one();
        Ok(response)
    }

    /// Runs `work` in an open transaction and makes the response.
    async fn execute<T, A, F>(
        &self,
        unit: &mut Unit,
        write: Write<T, A>,
        work: F,
    ) -> Result<Outcome<A>>
    where
        F: for<'unit> FnOnce(&'unit mut Unit) -> BoxFuture<'unit, Result<T>>,
    {
        let key = unit.context.request.clone();
        if let Some(key) = &key
            && let Some(stored) = requests::claim(unit, key).await?
        {
            let response = (write.decode)(&stored);
            if let Some(call) = &unit.context.audit {
                call.changes_nothing();
            }
            let damaged = || Error::Damaged("a stored response is damaged".into());
            return Ok(Outcome::Rollback(response.ok_or_else(damaged)?));
        }
        let value = work(unit).await?;
        let place = match unit.last_change {
            // A change that is rolled back never appears in the feed.
            _ if unit.context.validate_only => self.newest_seen(),
            Some(place) => place,
            None => changes::newest(&unit.tx).await?,
        };
        let after = AfterWrite { tree: Arc::clone(&unit.tree), position: self.position(place) };
        let response = (write.to_response)(value, &after);
        if unit.context.validate_only {
            if let Some(call) = &unit.context.audit {
                call.changes_nothing();
            }
            return Ok(Outcome::Rollback(response));
        }
        unit.record_event((write.written)(&response)).await?;
        if let Some(key) = &key {
            requests::store_response(unit, key, (write.encode)(&response)).await?;
        }
        Ok(Outcome::Commit(response))
    }

    /// Begins a transaction, once more if the pooled connection turns out to be closed: nothing has
    /// been lost yet.
    async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let begin = || self.0.writer.begin_with_options(engine::write_transaction());
        match begin().await {
            Err(error) if engine::is_gone(&error) => begin().await,
            begun => begun,
        }
    }
}

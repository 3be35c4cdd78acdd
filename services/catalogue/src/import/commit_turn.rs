//! Commit turns: let a batch of an import be written while the previous one is still being written,
//! with the same result as one after the other.
//!
//! This requires that the batch does not depend on the previous one: see [`CommitTurn::next`]. It is
//! committed after the previous one. If that has to be retried because of a conflict with other
//! writes, so has this one.
//!
//! **Invariant:** the batches of an import are committed in their order, and none after one that was
//! not committed.

use std::{
    collections::HashSet,
    hash::{BuildHasher as _, RandomState},
    sync::{Arc, LazyLock},
};

use tokio::sync::{OwnedSemaphorePermit, watch};

use super::Row;
use crate::domain::{Error, Result};

/// A batch's turn to commit among the batches of its import. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct CommitTurn(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    progress: watch::Sender<Progress>,
    /// Digests of the keys of the rows.
    keys: HashSet<u64>,
    previous: Option<Previous>,
}

/// The previous batch, if it was still running when this one started.
#[derive(Debug)]
struct Previous {
    progress: watch::Receiver<Progress>,
    /// The attempt of the previous batch that this batch relies on.
    attempt: u32,
    /// Limits the number of batches that run ahead.
    _permit: OwnedSemaphorePermit,
}

#[derive(Debug, Default, Clone, Copy)]
struct Progress {
    started: bool,
    /// Number of failed attempts.
    attempt: u32,
    /// Whether the batch only creates products, and no category.
    only_creates: bool,
    committed: bool,
}

impl CommitTurn {
    /// The turn of rows while no other batch of their import is running.
    pub(crate) fn new(rows: &[Row]) -> Self {
        Self::after(rows, None)
    }

    fn after(rows: &[Row], previous: Option<Previous>) -> Self {
        let keys = rows.iter().flat_map(keys).collect();
        Self(Arc::new(Inner { progress: watch::Sender::default(), keys, previous }))
    }

    /// Returns the turn of the next rows if they need not wait for this batch: it only creates
    /// products, with the keys of its rows, and the next rows have none of these keys. They find the
    /// same products whether this batch is committed or not.
    pub(crate) fn next(&self, rows: &[Row], permit: OwnedSemaphorePermit) -> Option<Self> {
        let Progress { attempt, only_creates, .. } = *self.0.progress.borrow();
        let overlaps = || rows.iter().flat_map(keys).any(|key| self.0.keys.contains(&key));
        if !only_creates || overlaps() {
            return None;
        }
        let progress = self.0.progress.subscribe();
        Some(Self::after(rows, Some(Previous { progress, attempt, _permit: permit })))
    }

    /// Waits until it is known that this batch only creates products, so that [`next`](Self::next)
    /// may succeed.
    pub(crate) async fn only_creates(&self) {
        // Cannot fail: `self` has the sender.
        self.0.progress.subscribe().wait_for(|progress| progress.only_creates).await.ok();
    }

    /// Starts an attempt. A retry first waits for the commit of the previous batch.
    ///
    /// # Errors
    /// The previous batch has failed.
    pub(crate) async fn start_attempt(&self) -> Result<()> {
        let mut is_retry = false;
        self.0.progress.send_modify(|progress| {
            is_retry = std::mem::replace(&mut progress.started, true);
            if is_retry {
                progress.fail_attempt();
            }
        });
        match &self.0.previous {
            Some(previous) if is_retry => previous.committed().await,
            _ => Ok(()),
        }
    }

    /// Records whether this batch only creates products, once its rows have been applied.
    pub(crate) fn applied(&self, only_creates: bool) {
        self.0.progress.send_modify(|progress| progress.only_creates = only_creates);
    }

    /// Waits until the batch, which has been written, may be committed.
    ///
    /// # Errors
    /// [`Error::Raced`] if the attempt of the previous batch that this one relied on has failed; or
    /// the previous batch has failed.
    pub(crate) async fn wait_to_commit(&self) -> Result<()> {
        let Some(previous) = &self.0.previous else { return Ok(()) };
        let mut progress = previous.progress.clone();
        let relied = previous.attempt;
        let decided = progress.wait_for(|it| it.committed || it.attempt != relied).await;
        let it = *decided.map_err(|_dropped| previous_failed())?;
        // A retry started after the previous commit, and relies on no attempt.
        let is_first = self.0.progress.borrow().attempt == 0;
        if it.committed && (it.attempt == relied || !is_first) {
            Ok(())
        } else {
            Err(Error::Raced("the previous batch is retried".into()))
        }
    }

    /// Records that the attempt has failed, so that the next batch does not rely on it.
    pub(crate) fn attempt_failed(&self) {
        self.0.progress.send_modify(Progress::fail_attempt);
    }

    /// Records the commit.
    pub(crate) fn committed(&self) {
        self.0.progress.send_modify(|progress| progress.committed = true);
    }
}

impl Progress {
    fn fail_attempt(&mut self) {
        self.attempt += 1;
        self.only_creates = false;
    }
}

impl Previous {
    async fn committed(&self) -> Result<()> {
        let committed = self.progress.clone().wait_for(|it| it.committed).await.map(drop);
        committed.map_err(|_dropped| previous_failed())
    }
}

/// The client does not receive it: the import has ended with the error of the previous batch.
fn previous_failed() -> Error {
    Error::Store("the previous batch was not committed".into())
}

/// Digests of the keys that can identify a row's product.
fn keys(row: &Row) -> impl Iterator<Item = u64> {
    static DIGEST: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    let id = row.id.iter().map(|id| DIGEST.hash_one(("id", id.as_str())));
    let external = row.details.external_id.iter().map(|id| DIGEST.hash_one(("external", id)));
    let skus = row.skus().map(|sku| DIGEST.hash_one(("sku", sku.as_str())));
    // The SKU of a product without variants is its id.
    let sku_as_id = row.sku.iter().map(|sku| DIGEST.hash_one(("id", sku.as_str())));
    let gtins = row.details.variants.iter().map(|variant| &variant.gtin);
    let gtins = gtins.filter(|gtin| !gtin.is_empty()).map(|gtin| DIGEST.hash_one(("gtin", gtin)));
    id.chain(external).chain(skus).chain(sku_as_id).chain(gtins)
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use tokio::sync::Semaphore;

    use super::*;
    use crate::domain::{Details, Mask, ProductId, Sku};

    fn row(id: &str, external_id: &str, sku: &str) -> Row {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Row {
            line: 1,
            id: some(id).map(ProductId::known),
            sku: some(sku).map(Sku::known),
            details: Details { external_id: some(external_id), ..Details::default() },
            mask: Mask::all(),
            gtin: None,
            etag: None,
            merge: Default::default(),
            category_paths: Vec::new(),
        }
    }

    fn next(before: &CommitTurn, rows: &[Row]) -> Option<CommitTurn> {
        let ahead = Arc::new(Semaphore::new(1));
        before.next(rows, ahead.try_acquire_owned().unwrap())
    }

    #[tokio::test]
    async fn rows_run_beside_a_batch_only_without_common_keys() {
        let before = CommitTurn::new(&[row("a", "x", "s")]);
        let others = [row("b", "y", "t"), row("x", "a", "x")];
        assert!(next(&before, &others).is_none(), "its rows are not applied yet");
        before.start_attempt().await.unwrap();
        before.applied(false);
        assert!(next(&before, &others).is_none(), "it updates products");
        before.applied(true);
        for overlapping in [row("a", "", ""), row("b", "x", ""), row("", "", "s")] {
            assert!(next(&before, &[row("c", "", ""), overlapping]).is_none());
        }
        assert!(next(&before, &others).is_some());
        before.attempt_failed();
        assert!(next(&before, &others).is_none(), "a retry may update products");
    }

    #[tokio::test]
    async fn a_batch_commits_after_the_previous_one_or_not_at_all() {
        let start = async || {
            let before = CommitTurn::new(&[row("a", "", "")]);
            before.start_attempt().await.unwrap();
            before.applied(true);
            let after = next(&before, &[row("b", "", "")]).unwrap();
            after.start_attempt().await.unwrap();
            assert!(
                after.wait_to_commit().now_or_never().is_none(),
                "the previous batch is not committed yet"
            );
            (before, after)
        };
        let (before, after) = start().await;
        before.committed();
        after.wait_to_commit().await.unwrap();

        let (before, after) = start().await;
        before.attempt_failed();
        before.committed();
        assert!(
            matches!(after.wait_to_commit().await, Err(Error::Raced(_))),
            "another attempt was committed"
        );

        let (before, after) = start().await;
        before.attempt_failed();
        assert!(matches!(after.wait_to_commit().await, Err(Error::Raced(_))));
        before.start_attempt().await.unwrap();
        before.applied(true);
        assert!(after.start_attempt().now_or_never().is_none());
        before.committed();
        after.start_attempt().await.unwrap();
        after.wait_to_commit().await.unwrap();

        let (before, after) = start().await;
        drop(before);
        assert!(matches!(after.wait_to_commit().await, Err(Error::Store(_))));
        assert!(matches!(after.start_attempt().await, Err(Error::Store(_))));
    }
}

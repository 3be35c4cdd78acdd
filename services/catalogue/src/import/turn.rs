//! Batches of one import side by side: the next one is written while the one before it still is,
//! and yet all is as if it had come afterwards.
//!
//! That can be when nothing of the next batch depends on the one before: see [`Turn::next`].
//! A batch is committed only when the one before it is; if that has to be done again, because a
//! third party got in its way, so has this.
//!
//! **Invariant:** the batches of an import are committed in their order, and none behind one that
//! was not.

use std::{
    collections::HashSet,
    hash::{BuildHasher as _, RandomState},
    sync::{Arc, LazyLock},
};

use tokio::sync::{OwnedSemaphorePermit, watch};

use super::Row;
use crate::domain::{Error, Result};

/// A batch's place among those of its import. Clones are the same place.
#[derive(Debug, Clone)]
pub(crate) struct Turn(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    progress: watch::Sender<Progress>,
    /// What the rows are found by, as digests.
    keys: HashSet<u64>,
    before: Option<Before>,
}

/// The batch before, if it was still under way when this one began.
#[derive(Debug)]
struct Before {
    progress: watch::Receiver<Progress>,
    /// Which attempt at it this batch relies on.
    attempt: u32,
    /// So many may be ahead at once.
    _permit: OwnedSemaphorePermit,
}

#[derive(Debug, Default, Clone, Copy)]
struct Progress {
    begun: bool,
    /// Another one after each attempt that has failed.
    attempt: u32,
    /// It only adds products, and no category.
    only_adds: bool,
    kept: bool,
}

impl Turn {
    /// For rows that come when nothing else of their import is under way.
    pub(crate) fn new(rows: &[Row]) -> Self {
        Self::after(rows, None)
    }

    fn after(rows: &[Row], before: Option<Before>) -> Self {
        let keys = rows.iter().flat_map(keys).collect();
        Self(Arc::new(Inner { progress: watch::Sender::default(), keys, before }))
    }

    /// The turn of rows that need not wait for this batch, if they need not. It has found nothing
    /// that was there, so all it writes is products with the keys of its rows; and these rows have
    /// no key of them. What they find is therefore the same, whether it is there or not.
    pub(crate) fn next(&self, rows: &[Row], permit: OwnedSemaphorePermit) -> Option<Self> {
        let Progress { attempt, only_adds, .. } = *self.0.progress.borrow();
        let meets = || rows.iter().flat_map(keys).any(|key| self.0.keys.contains(&key));
        if !only_adds || meets() {
            return None;
        }
        let progress = self.0.progress.subscribe();
        Some(Self::after(rows, Some(Before { progress, attempt, _permit: permit })))
    }

    /// Ends when it is known that this batch only adds: then others may have their [`next`] turn.
    ///
    /// [`next`]: Self::next
    pub(crate) async fn only_adds(&self) {
        // There is a sender as long as there is this turn.
        self.0.progress.subscribe().wait_for(|progress| progress.only_adds).await.ok();
    }

    /// To be called at the beginning of each attempt: another one than the first waits for the
    /// batch before.
    ///
    /// # Errors
    /// That one has failed.
    pub(crate) async fn begin(&self) -> Result<()> {
        let mut again = false;
        self.0.progress.send_modify(|progress| {
            again = std::mem::replace(&mut progress.begun, true);
            if again {
                progress.give_up();
            }
        });
        match &self.0.before {
            Some(before) if again => before.kept().await,
            _ => Ok(()),
        }
    }

    /// What this batch will write is known.
    pub(crate) fn settled(&self, only_adds: bool) {
        self.0.progress.send_modify(|progress| progress.only_adds = only_adds);
    }

    /// Waits, when all is written, until it may be committed.
    ///
    /// # Errors
    /// [`Error::Raced`] if what it relied on has not come about; the batch before has failed.
    pub(crate) async fn come(&self) -> Result<()> {
        let Some(before) = &self.0.before else { return Ok(()) };
        let mut progress = before.progress.clone();
        let relied = before.attempt;
        let decided = progress.wait_for(|it| it.kept || it.attempt != relied).await;
        let it = *decided.map_err(|_failed| failed())?;
        // Another attempt than the first began when that one was kept, and relies on nothing.
        let is_first = self.0.progress.borrow().attempt == 0;
        match it.kept && (it.attempt == relied || !is_first) {
            true => Ok(()),
            false => Err(Error::Raced("the batch before is done again".into())),
        }
    }

    /// This attempt has failed: whoever relies on it must not.
    pub(crate) fn failed(&self) {
        self.0.progress.send_modify(Progress::give_up);
    }

    /// It was committed.
    pub(crate) fn kept(&self) {
        self.0.progress.send_modify(|progress| progress.kept = true);
    }
}

impl Progress {
    fn give_up(&mut self) {
        self.attempt += 1;
        self.only_adds = false;
    }
}

impl Before {
    async fn kept(&self) -> Result<()> {
        let kept = self.progress.clone().wait_for(|it| it.kept).await.map(drop);
        kept.map_err(|_failed| failed())
    }
}

/// Nobody is told: the import has ended with the error of the batch before.
fn failed() -> Error {
    Error::Store("the batch before this one was not kept".into())
}

/// Digests of all that a row's product can be found by.
fn keys(row: &Row) -> impl Iterator<Item = u64> {
    static DIGEST: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    let id = row.id.iter().map(|id| DIGEST.hash_one(("id", id.as_str())));
    let external = row.details.external_id.iter().map(|id| DIGEST.hash_one(("external", id)));
    let skus = row.skus().map(|sku| DIGEST.hash_one(("sku", sku.as_str())));
    id.chain(external).chain(skus)
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
            category_paths: Vec::new(),
        }
    }

    fn next(before: &Turn, rows: &[Row]) -> Option<Turn> {
        let ahead = Arc::new(Semaphore::new(1));
        before.next(rows, ahead.try_acquire_owned().unwrap())
    }

    #[tokio::test]
    async fn only_rows_that_meet_nothing_of_a_batch_have_their_turn_beside_it() {
        let before = Turn::new(&[row("a", "x", "s")]);
        let others = [row("b", "y", "t"), row("x", "a", "x")];
        assert!(next(&before, &others).is_none(), "nothing is known of it yet");
        before.begin().await.unwrap();
        before.settled(false);
        assert!(next(&before, &others).is_none(), "it has found something");
        before.settled(true);
        for meets in [row("a", "", ""), row("b", "x", ""), row("", "", "s")] {
            assert!(next(&before, &[row("c", "", ""), meets]).is_none());
        }
        assert!(next(&before, &others).is_some());
        before.failed();
        assert!(next(&before, &others).is_none(), "it may find something now");
    }

    #[tokio::test]
    async fn a_batch_comes_after_the_one_before_or_not_at_all() {
        let begun = async || {
            let before = Turn::new(&[row("a", "", "")]);
            before.begin().await.unwrap();
            before.settled(true);
            let after = next(&before, &[row("b", "", "")]).unwrap();
            after.begin().await.unwrap();
            assert!(after.come().now_or_never().is_none(), "the one before is not kept yet");
            (before, after)
        };
        let (before, after) = begun().await;
        before.kept();
        after.come().await.unwrap();

        // What it relied on has not come about: it waits before it begins again.
        let (before, after) = begun().await;
        before.failed();
        before.kept();
        assert!(matches!(after.come().await, Err(Error::Raced(_))), "another attempt was kept");

        let (before, after) = begun().await;
        before.failed();
        assert!(matches!(after.come().await, Err(Error::Raced(_))));
        before.begin().await.unwrap();
        before.settled(true);
        assert!(after.begin().now_or_never().is_none());
        before.kept();
        after.begin().await.unwrap();
        after.come().await.unwrap();

        let (before, after) = begun().await;
        drop(before);
        assert!(matches!(after.come().await, Err(Error::Store(_))));
        assert!(matches!(after.begin().await, Err(Error::Store(_))));
    }
}

//! `UndoImport`: undoes the products of an import in batches, and reports each.

use proto::catalogue::v1::{UndoConflict, UndoImportRequest, UndoImportResponse};

use super::{imports, stream_sender::StreamSender};
use crate::{
    domain::{ImportError, ImportId, ProductId, Result},
    store::{Store, UndoPass, UndoTotals, UndoneConflict, WriteContext},
};

/// A request to undo an import.
pub(super) struct Undo {
    import: ImportId,
    validate_only: bool,
}

impl Undo {
    /// # Errors
    /// The id is missing or malformed, or there is no such import.
    pub(super) async fn parse(store: &Store, request: &UndoImportRequest) -> Result<Self> {
        let import = imports::required_id(&request.import_id)?;
        if !store.has_import(&import).await? {
            return Err(ImportError::NotFound(import).into());
        }
        Ok(Self { import, validate_only: request.validate_only })
    }

    /// # Errors
    /// The store fails, or the client disconnects or reads nothing. What was undone stays undone.
    pub(super) async fn run(
        &self,
        store: &Store,
        context: WriteContext,
        sender: &StreamSender<UndoImportResponse>,
    ) -> Result<()> {
        match self.validate_only {
            true => self.rehearse(store, sender).await,
            false => {
                self.undo(store, context, sender).await?;
                self.send_conflicts(store, sender).await
            }
        }
    }

    async fn rehearse(
        &self,
        store: &Store,
        sender: &StreamSender<UndoImportResponse>,
    ) -> Result<()> {
        let mut totals = store.undo_totals(&self.import).await?;
        let mut after: Option<ProductId> = None;
        loop {
            let step = store.rehearse_undo(&self.import, after.as_ref()).await?;
            totals.add(step.change);
            let conflicts = step.conflicts.into_iter().map(conflict).collect();
            let done = step.last.is_none();
            sender.send(UndoImportResponse { conflicts, done, ..response(totals) }).await?;
            if done {
                return Ok(());
            }
            after = step.last;
        }
    }

    /// Passes over the products until no conflict is resolved by what the pass before has undone.
    async fn undo(
        &self,
        store: &Store,
        context: WriteContext,
        sender: &StreamSender<UndoImportResponse>,
    ) -> Result<()> {
        let mut totals = store.undo_totals(&self.import).await?;
        let mut pass = UndoPass::All;
        loop {
            let (mut after, mut undone, mut resolvable) = (None, 0, 0);
            loop {
                let (import, context) = (self.import.clone(), context.clone());
                let step = store.undo_batch(context, import, after, pass).await?;
                totals.add(step.change);
                undone += step.change.deleted + step.change.restored;
                resolvable += step.resolvable;
                sender.send(response(totals)).await?;
                if step.last.is_none() {
                    break;
                }
                after = step.last;
            }
            if undone == 0 || resolvable == 0 {
                return Ok(());
            }
            pass = UndoPass::Retaken;
        }
    }

    async fn send_conflicts(
        &self,
        store: &Store,
        sender: &StreamSender<UndoImportResponse>,
    ) -> Result<()> {
        // Another call may have been undoing the same import.
        let totals = store.undo_totals(&self.import).await?;
        let mut after: Option<ProductId> = None;
        loop {
            let page = store.undo_conflicts(&self.import, after.as_ref()).await?;
            after = page.last().map(|last| last.product_id.clone());
            let (conflicts, done) = (page.into_iter().map(conflict).collect(), after.is_none());
            sender.send(UndoImportResponse { conflicts, done, ..response(totals) }).await?;
            if done {
                return Ok(());
            }
        }
    }
}

fn response(totals: UndoTotals) -> UndoImportResponse {
    let UndoTotals { deleted, restored, unchanged, conflicted, stock_kept } = totals;
    let (conflicts, done) = (Vec::new(), false);
    UndoImportResponse { deleted, restored, unchanged, conflicted, stock_kept, conflicts, done }
}

fn conflict(conflict: UndoneConflict) -> UndoConflict {
    let UndoneConflict { product_id, reason, message } = conflict;
    UndoConflict { product_id: product_id.into(), reason, message }
}

//! Batches are settled, and the client is told.

use proto::catalogue::v1::{ImportProductsResponse, RejectedRow};
use tokio::sync::mpsc;

use super::{Options, diff, intake::Batch};
use crate::{
    domain::Result,
    grpc::outlet::Outlet,
    import::{Diff, OnError, Rehearsal, Reject},
    store::Store,
};

/// Settles batches in their order and answers each.
pub(super) struct Settlement<'a> {
    store: &'a Store,
    /// Who imports.
    actor: String,
    outlet: Outlet<ImportProductsResponse>,
    on_error: OnError,
    rehearsal: Option<Rehearsal>,
    /// The last answer's counts.
    counted: ImportProductsResponse,
}

impl<'a> Settlement<'a> {
    pub(super) fn new(
        store: &'a Store,
        actor: String,
        outlet: Outlet<ImportProductsResponse>,
        options: Options,
    ) -> Self {
        let rehearsal = options.dry_run.then(Rehearsal::default);
        let counted = ImportProductsResponse::default();
        Self { store, actor, outlet, on_error: options.on_error, rehearsal, counted }
    }

    /// Settles all batches, or those up to one with a row that stops the import.
    ///
    /// # Errors
    /// The store fails, or the client has gone or reads nothing.
    pub(super) async fn run(mut self, mut batches: mpsc::Receiver<Batch>) -> Result<()> {
        let mut answered = false;
        while let Some(batch) = batches.recv().await {
            answered = true;
            if self.settle(batch).await? {
                return Ok(());
            }
        }
        if !answered {
            self.outlet.send(ImportProductsResponse::default()).await?;
        }
        Ok(())
    }

    /// Whether the import ends here.
    async fn settle(&mut self, batch: Batch) -> Result<bool> {
        let Batch { rows, mut rejects, mut line, .. } = batch;
        if !rows.is_empty() {
            let outcome = match &mut self.rehearsal {
                None => self.store.settle(self.actor.clone(), rows, self.on_error).await?,
                Some(rehearsal) => self.store.rehearse(rehearsal, rows, self.on_error).await?,
            };
            self.tell(outcome.diffs).await?;
            self.counted.created += outcome.created;
            self.counted.updated += outcome.updated;
            self.counted.unchanged += outcome.unchanged;
            rejects.extend(outcome.rejects);
        }
        rejects.sort_by_key(|reject| reject.line);
        let stopped = self.on_error == OnError::Stop && !rejects.is_empty();
        if stopped {
            // What stands behind the first was not looked at.
            rejects.truncate(1);
            line = rejects[0].line;
        }
        self.counted.acknowledged_line = line;
        self.counted.rejected += i64::try_from(rejects.len()).expect("a batch is bounded");
        let rejects = rejects.into_iter().map(rejected).collect();
        let answer = ImportProductsResponse { rejects, stopped, ..self.counted.clone() };
        self.outlet.send(answer).await?;
        Ok(stopped)
    }

    /// Tells what would change in as many answers as it takes, before the one that acknowledges.
    async fn tell(&mut self, diffs: Vec<Diff>) -> Result<()> {
        for diffs in diff::portions(diffs) {
            let answer = ImportProductsResponse { diffs, ..self.counted.clone() };
            self.outlet.send(answer).await?;
        }
        Ok(())
    }
}

fn rejected(reject: Reject) -> RejectedRow {
    let Reject { line, reason, field, message } = reject;
    RejectedRow { line, reason: reason.to_owned(), field, message }
}

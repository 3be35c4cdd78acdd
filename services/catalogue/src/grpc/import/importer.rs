//! Importer: imports batches in their order, and reports each to the client.

use proto::catalogue::v1::{ImportProductsResponse, RejectedRow};
use tokio::{sync::mpsc, task::JoinHandle};

use super::{Options, diff, row_reader::Batch};
use crate::{
    domain::{Error, ImportId, Result},
    grpc::stream_sender::StreamSender,
    import::{ApplyOptions, CommitTurn, Diff, DryRun, OnError, Outcome, Reject, Row},
    store::{Store, WriteContext},
};

pub(super) struct Importer<'a> {
    store: &'a Store,
    context: WriteContext,
    sender: StreamSender<ImportProductsResponse>,
    apply: ApplyOptions,
    dry_run: bool,
    /// Whether the client may see costs.
    shows_costs: bool,
    import: ImportId,
    /// The totals so far, as reported by the last response.
    totals: ImportProductsResponse,
}

/// A batch that is being imported in a task of its own.
struct RunningBatch {
    turn: CommitTurn,
    outcome: JoinHandle<Result<Outcome>>,
    report: BatchReport,
}

/// The part of a batch's response that does not depend on the store.
struct BatchReport {
    rejects: Vec<Reject>,
    line: i64,
}

impl<'a> Importer<'a> {
    pub(super) fn new(
        store: &'a Store,
        context: WriteContext,
        sender: StreamSender<ImportProductsResponse>,
        Options { dry_run, apply, import }: Options,
        shows_costs: bool,
    ) -> Self {
        let import = import.unwrap_or_else(ImportId::new);
        let mut totals = ImportProductsResponse::default();
        if !dry_run {
            totals.import_id = import.to_string();
        }
        Self { store, context, sender, apply, dry_run, shows_costs, import, totals }
    }

    /// Imports all batches, up to a rejected row that stops the import.
    ///
    /// # Errors
    /// The import was undone, the store fails, or the client disconnects or reads nothing.
    pub(super) async fn run(mut self, mut batches: mpsc::Receiver<Batch>) -> Result<()> {
        match batches.recv().await {
            None => self.sender.send(ImportProductsResponse::default()).await,
            Some(first) if self.dry_run => self.run_dry(first, batches).await,
            Some(first) => {
                self.store.begin_import(self.context.clone(), self.import.clone()).await?;
                self.import(first, batches).await
            }
        }
    }

    async fn run_dry(&mut self, first: Batch, mut batches: mpsc::Receiver<Batch>) -> Result<()> {
        let mut dry_run = DryRun::default();
        let mut next = Some(first);
        while let Some(batch) = next {
            let (rows, report) = split(batch);
            let outcome = self.store.rehearse(&mut dry_run, rows, self.apply).await?;
            if self.respond(outcome, report).await? {
                return Ok(());
            }
            next = batches.recv().await;
        }
        Ok(())
    }

    /// Imports batches in their order. The next batch is started while the current one is running if
    /// it can have a [`CommitTurn`] beside it.
    async fn import(&mut self, first: Batch, mut batches: mpsc::Receiver<Batch>) -> Result<()> {
        let mut current = self.start(first, None);
        let mut ahead: Option<RunningBatch> = None;
        let (mut next, mut may_start): (Option<Batch>, bool) = (None, self.may_run_ahead());
        loop {
            let outcome = loop {
                tokio::select! {
                    outcome = &mut current.outcome => break outcome,
                    Some(batch) = batches.recv(), if next.is_none() => next = Some(batch),
                    () = current.turn.only_creates(),
                        if next.is_some() && ahead.is_none() && may_start =>
                    {
                        let turn = next.as_ref().and_then(|next| {
                            self.store.turn_beside(&current.turn, &next.rows)
                        });
                        may_start = turn.is_some();
                        if may_start {
                            ahead = next.take().map(|batch| self.start(batch, turn));
                        }
                    }
                }
            };
            let outcome = outcome.map_err(|panic| Error::Store(panic.into()))??;
            if self.respond(outcome, current.report).await? {
                return Ok(());
            }
            may_start = self.may_run_ahead();
            current = match (ahead.take(), next.take()) {
                (Some(ahead), waiting) => {
                    next = waiting;
                    ahead
                }
                (None, Some(batch)) => self.start(batch, None),
                (None, None) => match batches.recv().await {
                    Some(batch) => self.start(batch, None),
                    None => return Ok(()),
                },
            };
        }
    }

    /// A rejected row that stops the import must not have later rows stored.
    fn may_run_ahead(&self) -> bool {
        self.apply.on_error == OnError::Skip
    }

    /// Starts to import a batch; `turn` is set if another batch is running.
    fn start(&self, batch: Batch, turn: Option<CommitTurn>) -> RunningBatch {
        let (rows, report) = split(batch);
        let turn = turn.unwrap_or_else(|| CommitTurn::new(&rows));
        let (store, context, ours) = (self.store.clone(), self.context.clone(), turn.clone());
        let (import, apply) = (self.import.clone(), self.apply);
        let importing = async move { store.settle(context, import, rows, apply, ours).await };
        let outcome = self.store.background().spawn(telemetry::in_current_context(importing));
        RunningBatch { turn, outcome, report }
    }

    /// Sends the response to a batch; returns whether the import stops after it.
    async fn respond(&mut self, outcome: Outcome, report: BatchReport) -> Result<bool> {
        let BatchReport { mut rejects, mut line } = report;
        self.send_diffs(outcome.diffs).await?;
        self.totals.created += outcome.created;
        self.totals.updated += outcome.updated;
        self.totals.unchanged += outcome.unchanged;
        self.totals.stock_kept += outcome.stock_kept;
        rejects.extend(outcome.rejects);
        rejects.sort_by_key(|reject| reject.line);
        let stopped = self.apply.on_error == OnError::Stop && !rejects.is_empty();
        if stopped {
            // Rows after the first rejected one were not imported.
            rejects.truncate(1);
            line = rejects[0].line;
        }
        self.totals.acknowledged_line = line;
        self.totals.rejected += i64::try_from(rejects.len()).expect("a batch is bounded");
        let rejects = rejects.into_iter().map(rejected).collect();
        let response = ImportProductsResponse { rejects, stopped, ..self.totals.clone() };
        self.sender.send(response).await?;
        Ok(stopped)
    }

    /// Sends the diffs in as many responses as needed, before the response that acknowledges.
    async fn send_diffs(&mut self, diffs: Vec<Diff>) -> Result<()> {
        for diffs in diff::chunks(diffs, self.shows_costs) {
            let response = ImportProductsResponse { diffs, ..self.totals.clone() };
            self.sender.send(response).await?;
        }
        Ok(())
    }
}

fn split(Batch { rows, rejects, line, .. }: Batch) -> (Vec<Row>, BatchReport) {
    (rows, BatchReport { rejects, line })
}

fn rejected(reject: Reject) -> RejectedRow {
    let Reject { line, reason, field, message } = reject;
    RejectedRow { line, reason: reason.to_owned(), field, message }
}

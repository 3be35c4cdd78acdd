//! Batches are settled, and the client is told.

use proto::catalogue::v1::{ImportProductsResponse, RejectedRow};
use tokio::{sync::mpsc, task::JoinHandle};

use super::{Options, diff, intake::Batch};
use crate::{
    domain::{Error, Result},
    grpc::outlet::Outlet,
    import::{Diff, OnError, Outcome, Rehearsal, Reject, Row, Turn},
    store::Store,
};

/// Settles batches in their order and answers each.
pub(super) struct Settlement<'a> {
    store: &'a Store,
    /// Who imports.
    actor: String,
    outlet: Outlet<ImportProductsResponse>,
    on_error: OnError,
    dry_run: bool,
    /// The last answer's counts.
    counted: ImportProductsResponse,
}

/// A batch that is being settled, whoever waits for it.
struct UnderWay {
    turn: Turn,
    outcome: JoinHandle<Result<Outcome>>,
    told: Told,
}

/// What the answer to a batch says that is known before it is settled.
struct Told {
    rejects: Vec<Reject>,
    line: i64,
}

impl<'a> Settlement<'a> {
    pub(super) fn new(
        store: &'a Store,
        actor: String,
        outlet: Outlet<ImportProductsResponse>,
        Options { dry_run, on_error }: Options,
    ) -> Self {
        Self { store, actor, outlet, on_error, dry_run, counted: ImportProductsResponse::default() }
    }

    /// Settles all batches, or those up to one with a row that stops the import.
    ///
    /// # Errors
    /// The store fails, or the client has gone or reads nothing.
    pub(super) async fn run(mut self, mut batches: mpsc::Receiver<Batch>) -> Result<()> {
        match batches.recv().await {
            None => self.outlet.send(ImportProductsResponse::default()).await,
            Some(first) if self.dry_run => self.rehearse(first, batches).await,
            Some(first) => self.settle(first, batches).await,
        }
    }

    /// One after the other.
    async fn rehearse(&mut self, first: Batch, mut batches: mpsc::Receiver<Batch>) -> Result<()> {
        let mut rehearsal = Rehearsal::default();
        let mut next = Some(first);
        while let Some(batch) = next {
            let (rows, told) = told(batch);
            let outcome = self.store.rehearse(&mut rehearsal, rows, self.on_error).await?;
            if self.answer(outcome, told).await? {
                return Ok(());
            }
            next = batches.recv().await;
        }
        Ok(())
    }

    /// One after the other as far as anyone can tell: the next one is begun while one is under way
    /// if it has its [`Turn`] already.
    async fn settle(&mut self, first: Batch, mut batches: mpsc::Receiver<Batch>) -> Result<()> {
        let mut current = self.begin(first, None);
        let mut ahead: Option<UnderWay> = None;
        let (mut next, mut has_turn): (Option<Batch>, bool) = (None, self.may_go_ahead());
        loop {
            let outcome = loop {
                tokio::select! {
                    outcome = &mut current.outcome => break outcome,
                    Some(batch) = batches.recv(), if next.is_none() => next = Some(batch),
                    () = current.turn.only_adds(),
                        if next.is_some() && ahead.is_none() && has_turn =>
                    {
                        let turn = next.as_ref().and_then(|next| {
                            self.store.turn_beside(&current.turn, &next.rows)
                        });
                        has_turn = turn.is_some();
                        if has_turn {
                            ahead = next.take().map(|batch| self.begin(batch, turn));
                        }
                    }
                }
            };
            let outcome = outcome.map_err(|panic| Error::Store(panic.into()))??;
            if self.answer(outcome, current.told).await? {
                return Ok(());
            }
            has_turn = self.may_go_ahead();
            current = match (ahead.take(), next.take()) {
                (Some(ahead), waiting) => {
                    next = waiting;
                    ahead
                }
                (None, Some(batch)) => self.begin(batch, None),
                (None, None) => match batches.recv().await {
                    Some(batch) => self.begin(batch, None),
                    None => return Ok(()),
                },
            };
        }
    }

    /// Behind a row that stops the import nothing may have been written.
    fn may_go_ahead(&self) -> bool {
        self.on_error == OnError::Skip
    }

    /// Begins to settle a batch, beside another one if it has its turn.
    fn begin(&self, batch: Batch, turn: Option<Turn>) -> UnderWay {
        let (rows, told) = told(batch);
        let turn = turn.unwrap_or_else(|| Turn::new(&rows));
        let (store, actor, ours) = (self.store.clone(), self.actor.clone(), turn.clone());
        let on_error = self.on_error;
        let settling = async move { store.settle(actor, rows, on_error, ours).await };
        let outcome = self.store.background().spawn(telemetry::in_current_context(settling));
        UnderWay { turn, outcome, told }
    }

    /// Whether the import ends here.
    async fn answer(&mut self, outcome: Outcome, told: Told) -> Result<bool> {
        let Told { mut rejects, mut line } = told;
        self.tell(outcome.diffs).await?;
        self.counted.created += outcome.created;
        self.counted.updated += outcome.updated;
        self.counted.unchanged += outcome.unchanged;
        rejects.extend(outcome.rejects);
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

fn told(Batch { rows, rejects, line, .. }: Batch) -> (Vec<Row>, Told) {
    (rows, Told { rejects, line })
}

fn rejected(reject: Reject) -> RejectedRow {
    let Reject { line, reason, field, message } = reject;
    RejectedRow { line, reason: reason.to_owned(), field, message }
}

//! Rows come in, and go on in batches.

use std::time::Duration;

use proto::catalogue::v1::ImportProductsRequest;
use tokio::{sync::mpsc, time::timeout};
use tonic::{Status, Streaming};

use crate::{
    domain::{Error, Result},
    grpc::row,
    import::{OnError, Reject, Row},
};

/// Rows a message may have.
const MAX_ROWS: usize = 1_000;
/// Rows settled in one transaction.
const BATCH: usize = 1_000;
/// Rejects told in one answer.
const MAX_REJECTS: usize = 500;
/// Bytes of the rows of a batch at most; a message more at the worst.
const BATCH_BYTES: usize = 4 << 20;
/// How long rows wait for more before they are settled.
const PAUSE: Duration = Duration::from_millis(20);

/// Rows that are settled together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) rows: Vec<Row>,
    /// Those of its lines that can not be taken, whatever there is.
    pub(super) rejects: Vec<Reject>,
    /// Its last line.
    pub(super) line: i64,
    bytes: usize,
}

impl Batch {
    fn is_full(&self) -> bool {
        self.rows.len() >= BATCH || self.rejects.len() >= MAX_REJECTS || self.bytes >= BATCH_BYTES
    }

    fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.rejects.is_empty()
    }
}

/// Checks what comes in.
#[derive(Debug)]
pub(super) struct Intake {
    batches: mpsc::Sender<Batch>,
    on_error: OnError,
    batch: Batch,
}

/// Whether to read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    More,
    Enough,
}

impl Intake {
    pub(super) fn new(batches: mpsc::Sender<Batch>, on_error: OnError) -> Self {
        Self { batches, on_error, batch: Batch::default() }
    }

    /// Passes on all rows, `first` and then the others, or those up to one that stops the import.
    ///
    /// # Errors
    /// The client breaks the protocol or goes.
    pub(super) async fn run(
        mut self,
        first: Option<ImportProductsRequest>,
        mut requests: Streaming<ImportProductsRequest>,
    ) -> Result<(), Status> {
        let mut next = first;
        while let Some(request) = next {
            if self.take(request).await? == Next::Enough {
                return Ok(());
            }
            next = loop {
                if self.batch.is_empty() {
                    break requests.message().await?;
                }
                match timeout(PAUSE, requests.message()).await {
                    Ok(next) => break next?,
                    Err(_pause) if self.pass_on().await == Next::Enough => return Ok(()),
                    Err(_pause) => {}
                }
            };
            if next.as_ref().is_some_and(|request| request.options.is_some()) {
                return Err(Error::field("options", "only the first message may have them").into());
            }
        }
        self.pass_on().await;
        Ok(())
    }

    async fn take(&mut self, request: ImportProductsRequest) -> Result<Next> {
        if request.rows.len() > MAX_ROWS {
            return Err(Error::field("rows", format!("must be at most {MAX_ROWS} a message")));
        }
        for (index, row) in request.rows.into_iter().enumerate() {
            if row.line <= self.batch.line {
                let rule = format!("must be more than the line before it, {}", self.batch.line);
                return Err(Error::field(format!("rows[{index}].line"), rule));
            }
            self.batch.line = row.line;
            self.batch.bytes += row::bytes(&row);
            match row::parse(row)? {
                Ok(row) => self.batch.rows.push(row),
                Err(reject) => {
                    self.batch.rejects.push(reject);
                    if self.on_error == OnError::Stop {
                        self.pass_on().await;
                        return Ok(Next::Enough);
                    }
                }
            }
            if self.batch.is_full() && self.pass_on().await == Next::Enough {
                return Ok(Next::Enough);
            }
        }
        Ok(Next::More)
    }

    /// Waits for the batch before the last one to be settled.
    async fn pass_on(&mut self) -> Next {
        if self.batch.is_empty() {
            return Next::More;
        }
        let next = Batch { line: self.batch.line, ..Batch::default() };
        match self.batches.send(std::mem::replace(&mut self.batch, next)).await {
            Ok(()) => Next::More,
            // The other end knows why.
            Err(_closed) => Next::Enough,
        }
    }
}

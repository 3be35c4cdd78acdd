//! Row reader: parses the rows of an import and passes them on in batches.

use std::time::Duration;

use proto::catalogue::v1::ImportProductsRequest;
use tokio::{sync::mpsc, time::timeout};
use tonic::{Status, Streaming};

use super::row;
use crate::{
    domain::{Error, Result},
    import::{OnError, Reject, Row},
};

/// Maximum number of rows in a message.
const MAX_ROWS: usize = 1_000;
/// Maximum number of rows in a batch, which is one transaction.
const BATCH: usize = 1_000;
/// Maximum number of rejected rows in a batch, because one response reports them.
const MAX_REJECTS: usize = 500;
/// Size at which a batch is full, in bytes. The last message may exceed it.
const BATCH_BYTES: usize = 4 << 20;
/// Time that a partial batch waits for more rows.
const MAX_WAIT: Duration = Duration::from_millis(20);

/// Rows that are imported together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) rows: Vec<Row>,
    /// Rows that are invalid by themselves.
    pub(super) rejects: Vec<Reject>,
    /// The last line read.
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

#[derive(Debug)]
pub(super) struct RowReader {
    batches: mpsc::Sender<Batch>,
    on_error: OnError,
    batch: Batch,
}

/// Whether to read more rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    More,
    Stop,
}

impl RowReader {
    pub(super) fn new(batches: mpsc::Sender<Batch>, on_error: OnError) -> Self {
        Self { batches, on_error, batch: Batch::default() }
    }

    /// Passes on the rows of `first` and of the other requests, up to a rejected row that stops the
    /// import.
    ///
    /// # Errors
    /// The client violates the protocol or disconnects.
    pub(super) async fn run(
        mut self,
        first: Option<ImportProductsRequest>,
        mut requests: Streaming<ImportProductsRequest>,
    ) -> Result<(), Status> {
        let mut next = first;
        while let Some(request) = next {
            if self.take(request).await? == Next::Stop {
                return Ok(());
            }
            next = loop {
                if self.batch.is_empty() {
                    break requests.message().await?;
                }
                match timeout(MAX_WAIT, requests.message()).await {
                    Ok(next) => break next?,
                    Err(_elapsed) if self.pass_on().await == Next::Stop => return Ok(()),
                    Err(_elapsed) => {}
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
                        return Ok(Next::Stop);
                    }
                }
            }
            if self.batch.is_full() && self.pass_on().await == Next::Stop {
                return Ok(Next::Stop);
            }
        }
        Ok(Next::More)
    }

    /// Sends the batch to the importer; waits while that is two batches behind.
    async fn pass_on(&mut self) -> Next {
        if self.batch.is_empty() {
            return Next::More;
        }
        let next = Batch { line: self.batch.line, ..Batch::default() };
        match self.batches.send(std::mem::replace(&mut self.batch, next)).await {
            Ok(()) => Next::More,
            // The importer has ended, with a result of its own.
            Err(_closed) => Next::Stop,
        }
    }
}

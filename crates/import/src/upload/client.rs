//! Streams rows to the server, and reconnects until each row is acknowledged or rejected.

use std::time::Duration;

use anyhow::Result;
use backoff::Backoff;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _, future::OptionFuture};
use proto::catalogue::v1::{ImportOptions, ImportProductsRequest, ImportProductsResponse};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep, sleep_until},
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::{
    catalogue::Catalogue,
    progress::Progress,
    window::{Settled, Window},
};
use crate::ParsedRow;

/// Time that a partial batch waits for more rows before it is sent.
const LINGER: Duration = Duration::from_millis(50);
/// Delays before reconnecting, without jitter: a single client retries.
const BACKOFF: Backoff =
    Backoff::new(Duration::from_millis(100), Duration::from_secs(5)).with_jitter(0.0);

/// The client side of ImportProducts.
pub struct Upload<'a> {
    catalogue: &'a dyn Catalogue,
    progress: &'a mut dyn Progress,
    rows: mpsc::Receiver<ParsedRow>,
    all_read: bool,
    window: Window,
    /// Sent with the first message of each call.
    options: ImportOptions,
    retry_for: Duration,
    /// Time at which a row was last settled, or was added to an empty window.
    last_settled: Instant,
    /// Whether a connection has ever been opened: if not, retrying is pointless.
    reached: bool,
}

/// Outcome of an upload that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadOutcome {
    /// Every row is settled.
    Settled,
    /// The server stopped at a rejected row, as requested.
    Stopped,
}

/// Why an upload failed. The rows settled so far are stored.
#[derive(Debug)]
pub enum UploadError {
    /// The catalogue refuses the import, or was never reached.
    Refused(Status),
    /// No row was settled for too long.
    Stalled {
        /// The first row that is not settled.
        line: i64,
        why: String,
    },
    /// The progress could not be recorded.
    Progress(anyhow::Error),
}

impl From<anyhow::Error> for UploadError {
    fn from(error: anyhow::Error) -> Self {
        Self::Progress(error)
    }
}

impl From<std::io::Error> for UploadError {
    fn from(error: std::io::Error) -> Self {
        Self::Progress(error.into())
    }
}

/// Outcome of one call.
enum CallOutcome {
    Settled,
    Stopped,
    /// The call failed; a new one may resume.
    Interrupted(Status),
    /// No row was settled within `retry_for`.
    Stalled,
}

impl<'a> Upload<'a> {
    /// Uploads `rows`, which follow those that are settled already. `retry_for`: for how long no row may be settled.
    pub fn new(
        catalogue: &'a dyn Catalogue,
        progress: &'a mut dyn Progress,
        rows: mpsc::Receiver<ParsedRow>,
        options: ImportOptions,
        retry_for: Duration,
    ) -> Self {
        let window = Window::starting_after(progress.settled_line());
        Self {
            catalogue,
            progress,
            rows,
            all_read: false,
            window,
            options,
            retry_for,
            last_settled: Instant::now(),
            reached: false,
        }
    }

    /// Runs until every row is settled. Cancel-safe: the progress is consistent at every await.
    ///
    /// # Errors
    /// A status that is not transient, or no progress within `retry_for`.
    pub async fn run(mut self) -> Result<UploadOutcome, UploadError> {
        let mut backoff = BACKOFF;
        let mut reported = None;
        while self.await_row().await? {
            let status = match self.call().await? {
                CallOutcome::Settled => continue,
                CallOutcome::Stopped => return Ok(UploadOutcome::Stopped),
                CallOutcome::Interrupted(status) => status,
                CallOutcome::Stalled => {
                    return Err(self.stalled_error("the server does not respond"));
                }
            };
            self.progress.call_ended();
            self.reached |= !self.catalogue.is_unreachable(&status);
            if !self.reached || !self.catalogue.is_transient(&status) {
                return Err(UploadError::Refused(status));
            }
            let why = self.catalogue.describe(&status);
            // Report once until there is progress again.
            if reported != Some(self.last_settled) {
                reported = Some(self.last_settled);
                backoff.reset();
                self.progress.call_interrupted(self.window.first_line(), &why);
            }
            let delay = backoff.next_delay();
            if self.last_settled.elapsed() + delay > self.retry_for {
                return Err(self.stalled_error(&why));
            }
            sleep(delay).await;
        }
        Ok(UploadOutcome::Settled)
    }

    /// Waits for a row before a call is opened; returns false at the end of the source.
    async fn await_row(&mut self) -> Result<bool> {
        while self.window.is_empty() && !self.all_read {
            let item = self.rows.recv().await;
            self.push(item)?;
        }
        Ok(!self.window.is_empty())
    }

    /// Sends all rows from the first unsettled one in one call.
    async fn call(&mut self) -> Result<CallOutcome> {
        let (sender, receiver) = mpsc::channel(2);
        let responses = self.catalogue.import_products(ReceiverStream::new(receiver));
        // Opened while rows are sent, because a server may respond only after the first rows.
        let mut responses = Box::pin(responses.into_stream().try_flatten());
        let mut sender = Some(sender);
        let mut options = Some(self.options.clone());
        self.window.rewind();
        let mut linger = Instant::now();
        loop {
            if self.all_read && !self.window.has_unsent() {
                sender = None; // end of the request stream
            }
            let may_send = self.window.has_batch() || self.all_read || linger <= Instant::now();
            let may_read = !self.all_read && !self.window.is_full();
            let waits = !self.window.is_empty() || self.all_read;
            let reserve = OptionFuture::from(sender.clone().map(mpsc::Sender::reserve_owned));
            tokio::select! {
                response = responses.next() => match response {
                    Some(Ok(response)) => if self.on_response(response)? { return Ok(CallOutcome::Stopped) },
                    _ if self.window.is_empty() && self.all_read => return Ok(CallOutcome::Settled),
                    Some(Err(status)) => return Ok(CallOutcome::Interrupted(status)),
                    None => {
                        let status = Status::unavailable("the call ended early");
                        return Ok(CallOutcome::Interrupted(status));
                    }
                },
                Some(permit) = reserve, if may_send && self.window.has_unsent() => match permit {
                    Ok(permit) => {
                        let rows = self.window.next_batch();
                        permit.send(ImportProductsRequest { rows, options: options.take() });
                    }
                    Err(_) => sender = None, // the call has ended; its response has the status
                },
                item = self.rows.recv(), if may_read => {
                    if !self.window.has_unsent() {
                        linger = Instant::now() + LINGER;
                    }
                    self.push(item)?;
                }
                () = sleep_until(linger), if self.window.has_unsent() && !may_send => {}
                () = sleep_until(self.last_settled + self.retry_for), if waits => {
                    return Ok(if self.window.is_empty() { CallOutcome::Settled } else { CallOutcome::Stalled });
                }
            }
        }
    }

    fn push(&mut self, item: Option<ParsedRow>) -> Result<()> {
        let Some(item) = item else {
            self.all_read = true;
            return Ok(());
        };
        if self.window.is_empty() {
            self.last_settled = Instant::now();
        }
        self.window.push(item);
        self.release_settled(0).map(drop)
    }

    /// Applies a response; returns whether the server stopped at a rejected row.
    fn on_response(&mut self, response: ImportProductsResponse) -> Result<bool> {
        self.reached = true;
        self.progress.update_counts(&response);
        self.progress.preview(&response.diffs)?;
        let last = response.rejects.iter().map(|reject| reject.line).max();
        for reject in response.rejects {
            if let Some(reject) = self.window.mark_rejected(reject) {
                self.progress.reject(&reject)?;
            }
        }
        let mut line = response.acknowledged_line;
        if response.stopped {
            line = last.unwrap_or(line);
            self.window.truncate_after(line);
        }
        if self.release_settled(line)? > 0 {
            self.last_settled = Instant::now();
        }
        Ok(response.stopped)
    }

    /// Removes settled rows from the window, given the last acknowledged line.
    fn release_settled(&mut self, line: i64) -> Result<usize> {
        let Settled { rows, grouped, rejects } = self.window.settle(line);
        self.progress.add_grouped(grouped);
        for reject in &rejects {
            self.progress.reject(reject)?;
        }
        self.progress.advance_to(self.window.settled_line(), line > 0)?;
        Ok(rows)
    }

    fn stalled_error(&self, why: &str) -> UploadError {
        let line = self.window.first_line().unwrap_or_default();
        UploadError::Stalled { line, why: why.to_owned() }
    }
}

//! Sends rows and sees each of them settled, across cuts.

use std::time::Duration;

use anyhow::Result;
use futures::{StreamExt as _, TryStreamExt as _, future::OptionFuture, stream};
use proto::catalogue::v1::{ImportOptions, ImportProductsRequest, ImportProductsResponse};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep, sleep_until},
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::{report::Report, rows::Item, window::Window};
use crate::{failure, server::Server};

/// How long a message waits for more rows before it goes as it is.
const LINGER: Duration = Duration::from_millis(50);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// An import under way.
pub(crate) struct Upload<'a> {
    server: &'a Server,
    report: &'a mut Report,
    rows: mpsc::Receiver<Item>,
    all_read: bool,
    window: Window,
    /// They go with the first message of each call.
    options: ImportOptions,
    retry_for: Duration,
    /// When a row was last settled, or began to wait.
    progress: Instant,
    /// Whether the server has been reached at all.
    reached: bool,
}

/// How an upload that did not fail ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Every row is settled.
    Settled,
    /// The server was told to stop at a row that it rejects, and has.
    Stopped,
}

/// How a call ended.
enum End {
    Settled,
    Stopped,
    /// Something between us and the stored rows broke; a new call goes on.
    Cut(Status),
    /// Nothing has been settled for too long.
    Stalled,
}

impl<'a> Upload<'a> {
    pub(crate) fn new(
        server: &'a Server,
        report: &'a mut Report,
        rows: mpsc::Receiver<Item>,
        options: ImportOptions,
        retry_for: Duration,
    ) -> Self {
        let window = Window::behind(report.line());
        Self {
            server,
            report,
            rows,
            all_read: false,
            window,
            options,
            retry_for,
            progress: Instant::now(),
            reached: false,
        }
    }

    /// Runs until every row is settled. Dropped at any instant, it leaves a report that is true.
    ///
    /// # Errors
    /// A refusal that trying again does not help, or no progress for too long.
    pub(crate) async fn run(mut self) -> Result<Ended> {
        let mut pause = FIRST_PAUSE;
        let mut told_at = None;
        while self.await_row().await? {
            let status = match self.call().await? {
                End::Settled => continue,
                End::Stopped => return Ok(Ended::Stopped),
                End::Cut(status) => status,
                End::Stalled => return Err(self.give_up("the server does not answer")),
            };
            self.report.call_ended();
            self.reached |= !failure::is_unreachable(&status);
            if !self.reached || !failure::is_cut(&status) {
                return Err(self.server.explain(&status));
            }
            let why = self.server.describe(&status);
            // Once for each time that the import stands still.
            if told_at != Some(self.progress) {
                told_at = Some(self.progress);
                pause = FIRST_PAUSE;
                self.report.cut(self.window.first_line(), &why);
            }
            if self.progress.elapsed() + pause > self.retry_for {
                return Err(self.give_up(&why));
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        Ok(Ended::Settled)
    }

    /// Whether there is a row to send; waits for one, without a call.
    async fn await_row(&mut self) -> Result<bool> {
        while self.window.is_empty() && !self.all_read {
            let item = self.rows.recv().await;
            self.take(item)?;
        }
        Ok(!self.window.is_empty())
    }

    /// One call, from the first row that is not settled.
    async fn call(&mut self) -> Result<End> {
        let (sender, receiver) = mpsc::channel(2);
        let mut client = self.server.transfer();
        let answers = async move { client.import_products(ReceiverStream::new(receiver)).await };
        // The call is opened and fed at the same time: a server may answer only once it has rows.
        let mut answers =
            Box::pin(stream::once(answers).map_ok(|response| response.into_inner()).try_flatten());
        let mut sender = Some(sender);
        let mut options = Some(self.options);
        self.window.rewind();
        let mut linger = Instant::now();
        loop {
            if self.all_read && !self.window.has_unsent() {
                sender = None; // tells the server that this was all
            }
            let ripe = self.window.has_batch() || self.all_read || linger <= Instant::now();
            let may_read = !self.all_read && !self.window.is_full();
            let waits = !self.window.is_empty() || self.all_read;
            let reserve = OptionFuture::from(sender.clone().map(mpsc::Sender::reserve_owned));
            tokio::select! {
                answer = answers.next() => match answer {
                    Some(Ok(answer)) => if self.settle(answer)? { return Ok(End::Stopped) },
                    _ if self.window.is_empty() && self.all_read => return Ok(End::Settled),
                    Some(Err(status)) => return Ok(End::Cut(status)),
                    None => return Ok(End::Cut(Status::unavailable("the call ended early"))),
                },
                Some(permit) = reserve, if ripe && self.window.has_unsent() => match permit {
                    Ok(permit) => {
                        let rows = self.window.next_batch();
                        permit.send(ImportProductsRequest { rows, options: options.take() });
                    }
                    Err(_) => sender = None, // the call is over; its answers say why
                },
                item = self.rows.recv(), if may_read => {
                    if !self.window.has_unsent() {
                        linger = Instant::now() + LINGER;
                    }
                    self.take(item)?;
                }
                () = sleep_until(linger), if self.window.has_unsent() && !ripe => {}
                () = sleep_until(self.progress + self.retry_for), if waits => {
                    return Ok(if self.window.is_empty() { End::Settled } else { End::Stalled });
                }
            }
        }
    }

    fn take(&mut self, item: Option<Item>) -> Result<()> {
        let Some(item) = item else {
            self.all_read = true;
            return Ok(());
        };
        if self.window.is_empty() {
            self.progress = Instant::now();
        }
        self.window.push(item);
        self.forget(0).map(drop)
    }

    /// Takes in an answer; returns whether it is the last one, because a row was rejected.
    fn settle(&mut self, answer: ImportProductsResponse) -> Result<bool> {
        self.reached = true;
        self.report.settled(answer.created, answer.updated, answer.unchanged);
        self.report.preview(&answer.diffs)?;
        let last = answer.rejects.iter().map(|reject| reject.line).max();
        for reject in answer.rejects {
            if let Some(reject) = self.window.refuse(reject) {
                self.report.reject(&reject)?;
            }
        }
        let mut line = answer.acknowledged_line;
        if answer.stopped {
            line = last.unwrap_or(line);
            self.window.end_at(line);
        }
        if self.forget(line)? > 0 {
            self.progress = Instant::now();
        }
        Ok(answer.stopped)
    }

    /// Forgets what is settled once everything up to `line` is acknowledged.
    fn forget(&mut self, line: i64) -> Result<usize> {
        let (settled, rejects) = self.window.settle(line);
        for reject in &rejects {
            self.report.reject(reject)?;
        }
        self.report.settled_to(self.window.settled_line(), line > 0)?;
        Ok(settled)
    }

    fn give_up(&self, why: &str) -> anyhow::Error {
        let line = self.window.first_line().unwrap_or_default();
        anyhow::anyhow!(
            "no row was settled for {:?}, at line {line}: {why}. Rows before it are stored; run \
             the same command again",
            self.retry_for
        )
    }
}

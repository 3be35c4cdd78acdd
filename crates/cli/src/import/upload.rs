//! Sends rows and sees each of them settled, across cuts.

use std::{collections::BTreeMap, time::Duration};

use anyhow::Result;
use futures::{StreamExt as _, TryStreamExt as _, future::OptionFuture, stream};
use proto::catalogue::v1::{ImportProductsResponse, RejectedRow};
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
    /// Rejects of rows that are not settled yet: they may be told again after a cut.
    rejects: BTreeMap<i64, RejectedRow>,
    retry_for: Duration,
    /// When a row was last settled, or began to wait.
    progress: Instant,
    /// Whether the server has been reached at all.
    reached: bool,
}

/// How a call ended.
enum End {
    Settled,
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
        retry_for: Duration,
    ) -> Self {
        Self {
            server,
            report,
            rows,
            all_read: false,
            window: Window::default(),
            rejects: BTreeMap::new(),
            retry_for,
            progress: Instant::now(),
            reached: false,
        }
    }

    /// Runs until every row is settled.
    ///
    /// # Errors
    /// A refusal that trying again does not help, or no progress for too long.
    pub(crate) async fn run(mut self) -> Result<()> {
        let mut pause = FIRST_PAUSE;
        let mut told_at = None;
        while self.await_row().await? {
            let status = match self.call().await? {
                End::Settled => continue,
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
        Ok(())
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
                    Some(Ok(answer)) => self.settle(answer)?,
                    _ if self.window.is_empty() && self.all_read => return Ok(End::Settled),
                    Some(Err(status)) => return Ok(End::Cut(status)),
                    None => return Ok(End::Cut(Status::unavailable("the call ended early"))),
                },
                Some(permit) = reserve, if ripe && self.window.has_unsent() => match permit {
                    Ok(permit) => drop(permit.send(self.window.next_batch())),
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
        match item {
            Some(Ok(row)) => {
                if self.window.is_empty() {
                    self.progress = Instant::now();
                }
                self.window.push(row);
            }
            Some(Err(reject)) => self.report.reject(reject)?,
            None => self.all_read = true,
        }
        Ok(())
    }

    fn settle(&mut self, answer: ImportProductsResponse) -> Result<()> {
        self.reached = true;
        if self.window.settle(answer.acknowledged_line) > 0 {
            self.progress = Instant::now();
        }
        self.rejects.extend(answer.rejects.into_iter().map(|reject| (reject.line, reject)));
        let open = self.rejects.split_off(&answer.acknowledged_line.saturating_add(1));
        for reject in std::mem::replace(&mut self.rejects, open).into_values() {
            self.report.reject(reject)?;
        }
        self.report.settled(answer.created, answer.updated, answer.unchanged);
        Ok(())
    }

    fn give_up(&self, why: &str) -> anyhow::Error {
        let line = self.window.first_line().unwrap_or_default();
        anyhow::anyhow!(
            "no row was settled for {:?}, at line {line}: {why}. Rows before it are stored; run \
             the same command again to go on: they count as unchanged then",
            self.retry_for
        )
    }
}

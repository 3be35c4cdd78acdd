//! One direction of a connection.

use std::{
    io,
    sync::atomic::{AtomicU64, Ordering},
};

use bytes::{Bytes, BytesMut};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::tcp::{ReadHalf, WriteHalf},
    sync::{mpsc, watch},
    time::{Instant, sleep_until},
};

use super::{Control, Fault};
use crate::Random;

/// Maximum size of a read in bytes.
const CHUNK: usize = 16 << 10;
/// Maximum number of buffered chunks: enough that latency does not limit throughput.
const MAX_BUFFERED: usize = 64;

pub(super) struct Pump<'a> {
    random: Random,
    control: watch::Receiver<Control>,
    /// Bytes of both directions so far.
    passed: &'a AtomicU64,
}

/// Bytes, and the time to forward them.
type Chunk = (Instant, Bytes);

impl<'a> Pump<'a> {
    pub(super) fn new(
        random: Random,
        control: watch::Receiver<Control>,
        passed: &'a AtomicU64,
    ) -> Self {
        Self { random, control, passed }
    }

    /// Forwards until the end of the stream. An error means that the connection is to be reset.
    pub(super) async fn run(self, from: ReadHalf<'_>, to: WriteHalf<'_>) -> io::Result<()> {
        let (send, receive) = mpsc::channel(MAX_BUFFERED);
        let reading = read(from, send, self.random.branch("jitter"), self.control.clone());
        tokio::try_join!(reading, self.write(receive, to)).map(|_| ())
    }

    async fn write(
        mut self,
        mut receive: mpsc::Receiver<Chunk>,
        mut to: WriteHalf<'_>,
    ) -> io::Result<()> {
        let mut random = self.random.branch("slices");
        while let Some((due, mut bytes)) = receive.recv().await {
            sleep_until(due).await;
            while !bytes.is_empty() {
                let fault = self.wait_while_stalled().await?;
                let length = match fault.slice_bytes {
                    Some(max) => 1 + random.below(max as u64) as usize,
                    None => bytes.len(),
                };
                let slice = bytes.split_to(length.min(bytes.len()));
                let allowed = self.allow(slice.len(), fault.cut_after_bytes);
                to.write_all(&slice[..allowed]).await?;
                if allowed < slice.len() {
                    return Err(io::ErrorKind::ConnectionReset.into());
                }
                // Lets the receiver read this slice alone, and a reset take effect.
                tokio::task::yield_now().await;
            }
        }
        to.shutdown().await
    }

    /// Waits while the connection is stalled, and returns the faults.
    async fn wait_while_stalled(&mut self) -> io::Result<Fault> {
        let passed = self.passed;
        let flows = |fault: Fault| {
            let limit = fault.stall_after_bytes.unwrap_or(u64::MAX);
            !fault.stall && passed.load(Ordering::Relaxed) < limit
        };
        let control = self.control.wait_for(|control| flows(control.fault)).await;
        let control = control.map_err(|_| io::Error::from(io::ErrorKind::ConnectionReset))?;
        Ok(control.fault)
    }

    /// Returns how many of these bytes may pass, and counts them.
    fn allow(&self, length: usize, cut_after: Option<u64>) -> usize {
        let passed = self.passed.load(Ordering::Relaxed);
        let left = cut_after.map_or(u64::MAX, |limit| limit.saturating_sub(passed));
        let allowed = length.min(usize::try_from(left).unwrap_or(usize::MAX));
        // Load and store need not be atomic together: both directions run in one task.
        self.passed.store(passed + allowed as u64, Ordering::Relaxed);
        allowed
    }
}

async fn read(
    mut from: ReadHalf<'_>,
    send: mpsc::Sender<Chunk>,
    mut random: Random,
    control: watch::Receiver<Control>,
) -> io::Result<()> {
    loop {
        let mut bytes = BytesMut::with_capacity(CHUNK);
        if from.read_buf(&mut bytes).await? == 0 {
            return Ok(());
        }
        let Fault { latency, jitter, .. } = control.borrow().fault;
        let jitter = u64::try_from(jitter.as_nanos()).unwrap_or(u64::MAX);
        let delay = latency + std::time::Duration::from_nanos(random.below(jitter));
        // The receiver is dropped only before a reset.
        if send.send((Instant::now() + delay, bytes.freeze())).await.is_err() {
            return Ok(());
        }
    }
}

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

/// What is read at once, in bytes.
const CHUNK: usize = 16 << 10;
/// How many chunks may be under way, so that latency delays but does not throttle.
const UNDER_WAY: usize = 64;

pub(super) struct Pump<'a> {
    random: Random,
    control: watch::Receiver<Control>,
    /// Bytes of the whole connection so far.
    passed: &'a AtomicU64,
}

/// Bytes, and when they arrive.
type Chunk = (Instant, Bytes);

impl<'a> Pump<'a> {
    pub(super) fn new(
        random: Random,
        control: watch::Receiver<Control>,
        passed: &'a AtomicU64,
    ) -> Self {
        Self { random, control, passed }
    }

    /// Runs until the reader has said its last word and the writer has it. An error means that the
    /// connection is to be reset.
    pub(super) async fn run(self, from: ReadHalf<'_>, to: WriteHalf<'_>) -> io::Result<()> {
        let (send, receive) = mpsc::channel(UNDER_WAY);
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
                let fault = self.flowing().await?;
                let length = match fault.slice_bytes {
                    Some(most) => 1 + random.below(most as u64) as usize,
                    None => bytes.len(),
                };
                let slice = bytes.split_to(length.min(bytes.len()));
                let allowed = self.allow(slice.len(), fault.cut_after_bytes);
                to.write_all(&slice[..allowed]).await?;
                if allowed < slice.len() {
                    return Err(io::ErrorKind::ConnectionReset.into());
                }
                // Lets the other side see the piece alone, and the cutter cut.
                tokio::task::yield_now().await;
            }
        }
        to.shutdown().await
    }

    /// What is wrong, once it is not that nothing arrives.
    async fn flowing(&mut self) -> io::Result<Fault> {
        let passed = self.passed;
        let flows = |fault: Fault| {
            let limit = fault.stall_after_bytes.unwrap_or(u64::MAX);
            !fault.stall && passed.load(Ordering::Relaxed) < limit
        };
        let control = self.control.wait_for(|control| flows(control.fault)).await;
        let control = control.map_err(|_| io::Error::from(io::ErrorKind::ConnectionReset))?;
        Ok(control.fault)
    }

    /// How many of these bytes may pass, which are counted as passed.
    fn allow(&self, length: usize, cut_after: Option<u64>) -> usize {
        let passed = self.passed.load(Ordering::Relaxed);
        let left = cut_after.map_or(u64::MAX, |limit| limit.saturating_sub(passed));
        let allowed = length.min(usize::try_from(left).unwrap_or(usize::MAX));
        // Both directions run in one task: nobody counts in between.
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
        let late = latency + std::time::Duration::from_nanos(random.below(jitter));
        // Nobody receives only when the connection is about to be reset.
        if send.send((Instant::now() + late, bytes.freeze())).await.is_err() {
            return Ok(());
        }
    }
}

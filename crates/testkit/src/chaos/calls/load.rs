//! Calls at a steady rate, and what became of them.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::task::{AbortHandle, JoinSet};
use tonic::{Code, Status};

/// Calls under way at once; more are not begun, so that a hang stays bounded.
const MAX_UNDER_WAY: usize = 20_000;

/// One call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    /// When it began, after the load did.
    pub(super) at: Duration,
    pub(super) took: Duration,
    pub(super) code: Code,
}

/// Calls that begin at a steady rate, however long each takes.
pub(super) struct Load {
    began: Instant,
    samples: Arc<Mutex<Vec<Sample>>>,
    calling: AbortHandle,
    ended: tokio::sync::oneshot::Receiver<()>,
}

impl Load {
    /// Begins to `call`, so many times a second.
    pub(super) fn start<F, Fut>(rate: u32, call: F) -> Self
    where
        F: Fn() -> Fut + Send + 'static,
        Fut: Future<Output = Result<(), Status>> + Send + 'static,
    {
        let began = Instant::now();
        let samples: Arc<Mutex<Vec<Sample>>> = Arc::default();
        let (end, ended) = tokio::sync::oneshot::channel();
        let log = Arc::clone(&samples);
        let calling = tokio::spawn(async move {
            let _end = end;
            let mut ticks = tokio::time::interval(Duration::from_secs(1) / rate);
            let mut calls = JoinSet::new();
            loop {
                ticks.tick().await;
                while calls.try_join_next().is_some() {}
                if calls.len() < MAX_UNDER_WAY {
                    calls.spawn(sample(call(), began, Arc::clone(&log)));
                }
            }
        });
        Self { began, samples, calling: calling.abort_handle(), ended }
    }

    /// How long it has been going on.
    pub(super) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Begins no more calls, leaves those under way `patience`, and says what became of all.
    pub(super) async fn stop(self, patience: Duration) -> Samples {
        tokio::time::sleep(patience).await;
        self.calling.abort();
        self.ended.await.ok();
        Samples(self.samples.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

async fn sample(
    call: impl Future<Output = Result<(), Status>>,
    began: Instant,
    samples: Arc<Mutex<Vec<Sample>>>,
) {
    let at = began.elapsed();
    let answer = call.await;
    let took = began.elapsed() - at;
    let code = answer.map_or_else(|status| status.code(), |()| Code::Ok);
    samples.lock().unwrap_or_else(PoisonError::into_inner).push(Sample { at, took, code });
}

/// What became of calls.
#[derive(Debug, Clone, Default)]
pub(super) struct Samples(pub(super) Vec<Sample>);

impl Samples {
    /// Those that began from `from` on, before `to`.
    pub(super) fn between(&self, from: Duration, to: Duration) -> Self {
        Self(self.0.iter().filter(|it| it.at >= from && it.at < to).copied().collect())
    }

    pub(super) fn count(&self) -> u64 {
        self.0.len() as u64
    }

    pub(super) fn failed(&self) -> u64 {
        self.0.iter().filter(|it| it.code != Code::Ok).count() as u64
    }

    /// In per cent; what was never called has failed.
    pub(super) fn failed_share(&self) -> f64 {
        if self.0.is_empty() { 100.0 } else { self.failed() as f64 * 100.0 / self.count() as f64 }
    }

    /// How long the longest took, in milliseconds.
    pub(super) fn longest_ms(&self) -> u64 {
        let longest = self.0.iter().map(|it| it.took).max().unwrap_or_default();
        u64::try_from(longest.as_millis()).unwrap_or(u64::MAX)
    }

    /// The codes of those that failed, for a message.
    pub(super) fn codes(&self) -> String {
        let mut codes: Vec<String> = self
            .0
            .iter()
            .filter(|it| it.code != Code::Ok)
            .map(|it| format!("{:?}", it.code))
            .collect();
        codes.sort();
        codes.dedup();
        codes.join(" ")
    }
}

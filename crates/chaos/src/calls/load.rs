//! An open-loop load: calls at a steady rate, and their outcomes.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::task::{AbortHandle, JoinSet};
use tonic::{Code, Status};

/// Maximum number of calls in flight; further ones are skipped, which bounds memory while a server hangs.
const MAX_IN_FLIGHT: usize = 20_000;

/// The outcome of a call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    /// Time of its start, since the start of the load.
    pub(super) at: Duration,
    pub(super) took: Duration,
    pub(super) code: Code,
}

/// Calls at a steady rate, independent of their latency.
pub(super) struct Load {
    began: Instant,
    samples: Arc<Mutex<Vec<Sample>>>,
    calling: AbortHandle,
    ended: tokio::sync::oneshot::Receiver<()>,
}

impl Load {
    /// Starts `rate` calls per second.
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
                if calls.len() < MAX_IN_FLIGHT {
                    calls.spawn(sample(call(), began, Arc::clone(&log)));
                }
            }
        });
        Self { began, samples, calling: calling.abort_handle(), ended }
    }

    /// Time since the start.
    pub(super) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Waits `grace` for calls in flight, then stops and returns the outcomes.
    pub(super) async fn stop(self, grace: Duration) -> Samples {
        tokio::time::sleep(grace).await;
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
    let result = call.await;
    let took = began.elapsed() - at;
    let code = result.map_or_else(|status| status.code(), |()| Code::Ok);
    samples.lock().unwrap_or_else(PoisonError::into_inner).push(Sample { at, took, code });
}

/// Outcomes of calls.
#[derive(Debug, Clone, Default)]
pub(super) struct Samples(pub(super) Vec<Sample>);

impl Samples {
    /// Calls that started from `from` on and before `to`.
    pub(super) fn between(&self, from: Duration, to: Duration) -> Self {
        Self(self.0.iter().filter(|it| it.at >= from && it.at < to).copied().collect())
    }

    pub(super) fn count(&self) -> u64 {
        self.0.len() as u64
    }

    pub(super) fn failed(&self) -> u64 {
        self.0.iter().filter(|it| it.code != Code::Ok).count() as u64
    }

    /// Share of failed calls in per cent; 100 without calls.
    pub(super) fn failed_share(&self) -> f64 {
        if self.0.is_empty() { 100.0 } else { self.failed() as f64 * 100.0 / self.count() as f64 }
    }

    /// Maximum latency in milliseconds.
    pub(super) fn longest_ms(&self) -> u64 {
        let longest = self.0.iter().map(|it| it.took).max().unwrap_or_default();
        u64::try_from(longest.as_millis()).unwrap_or(u64::MAX)
    }

    /// Status codes of failed calls, for messages.
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

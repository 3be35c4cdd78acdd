//! Hedging: a second attempt at another endpoint when the first is slow.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    pin, select,
    time::{Instant, sleep},
};
use tower::retry::budget::{Budget as _, TpsBudget};

use crate::{
    call::Call,
    call_service::CallService,
    counters,
    response::{CallResponse, CallResult},
};

/// The budget: hedges as a share of the calls that may be hedged.
const BUDGET: f32 = 0.05;
/// How long a call counts for the budget.
const WINDOW: Duration = Duration::from_secs(10);
/// A call is slow when it takes longer than this share of the calls before it.
const QUANTILE: f64 = 0.95;
/// The number of latencies that the quantile is taken of, and after how many it is updated.
const SAMPLES: usize = 512;
const UPDATE_EVERY: usize = 64;

/// Starts a second attempt of a slow read at another endpoint. The first healthy response wins, and
/// the other attempt is cancelled. Off unless the settings name the method.
///
/// **Invariant:** at most one call in twenty is hedged, and no write.
#[derive(Debug)]
pub(crate) struct Hedge<S> {
    inner: S,
    upstream: &'static str,
    budget: TpsBudget,
    latencies: Mutex<Latencies>,
    /// In nanoseconds. Zero until the first update.
    slow_after: AtomicU64,
}

impl<S: CallService> Hedge<S> {
    pub(crate) fn new(upstream: &'static str, inner: S) -> Self {
        Self {
            inner,
            upstream,
            budget: TpsBudget::new(WINDOW, 0, BUDGET),
            latencies: Mutex::default(),
            slow_after: AtomicU64::new(0),
        }
    }

    async fn timed(&self, call: &mut Call) -> CallResult {
        self.budget.deposit();
        let began = Instant::now();
        let result = match self.slow_after.load(Ordering::Relaxed) {
            0 => self.inner.call(call).await,
            nanos => self.hedged(call, Duration::from_nanos(nanos)).await,
        };
        if is_healthy(&result) {
            self.record(began.elapsed());
        }
        result
    }

    async fn hedged(&self, call: &mut Call, slow_after: Duration) -> CallResult {
        // The first attempt's endpoint, which the second avoids.
        let endpoint = Arc::new(AtomicU64::new(u64::MAX));
        call.current_endpoint = Some(Arc::clone(&endpoint));
        let mut duplicate = call.duplicate();
        let first = self.inner.call(call);
        pin!(first);
        select! {
            biased;
            result = &mut first => return result,
            () = sleep(slow_after) => {}
        }
        if !self.budget.withdraw() {
            return first.await;
        }
        counters::hedged(self.upstream);
        duplicate.failed_endpoints.push(endpoint.load(Ordering::Relaxed));
        let second = self.inner.call(&mut duplicate);
        pin!(second);
        // The future that is dropped here is cancelled, and has no effect on breakers.
        select! {
            biased;
            result = &mut first => {
                if is_healthy(&result) { result } else { better(result, second.await) }
            }
            result = &mut second => {
                if is_healthy(&result) { result } else { better(result, first.await) }
            }
        }
    }

    fn record(&self, latency: Duration) {
        let mut latencies = self.latencies.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slow_after) = latencies.add(latency) {
            let nanos = u64::try_from(slow_after.as_nanos()).unwrap_or(u64::MAX);
            self.slow_after.store(nanos.max(1), Ordering::Relaxed);
        }
    }
}

impl<S: CallService> CallService for Hedge<S> {
    async fn call(&self, call: &mut Call) -> CallResult {
        if !(call.hedged && call.method.has_no_side_effects() && call.is_repeatable()) {
            return self.inner.call(call).await;
        }
        // Boxed, so that calls without hedging do not hold memory for two attempts.
        Box::pin(self.timed(call)).await
    }
}

fn is_healthy(result: &CallResult) -> bool {
    result.as_ref().is_ok_and(CallResponse::is_healthy)
}

/// The second of two results, unless only the first has a response.
fn better(one: CallResult, other: CallResult) -> CallResult {
    if one.is_ok() && other.is_err() { one } else { other }
}

/// The latest latencies, in a ring buffer.
#[derive(Debug, Default)]
struct Latencies {
    ring: Vec<Duration>,
    added: usize,
}

impl Latencies {
    /// Adds a latency. Returns the quantile after every [`UPDATE_EVERY`]th.
    fn add(&mut self, latency: Duration) -> Option<Duration> {
        match self.ring.get_mut(self.added % SAMPLES) {
            Some(oldest) => *oldest = latency,
            None => self.ring.push(latency),
        }
        self.added += 1;
        self.added.is_multiple_of(UPDATE_EVERY).then(|| {
            let mut sorted = self.ring.clone();
            let index = ((sorted.len() - 1) as f64 * QUANTILE) as usize;
            *sorted.select_nth_unstable(index).1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantile_follows_the_latest_latencies() {
        let mut latencies = Latencies::default();
        let mut quantiles = Vec::new();
        for millis in (1..=100).cycle().take(1_000) {
            quantiles.extend(latencies.add(Duration::from_millis(millis)));
        }
        assert_eq!(quantiles.len(), 1_000 / UPDATE_EVERY);
        let last = quantiles[quantiles.len() - 1].as_millis();
        assert!((92..=98).contains(&last), "{last}");
        for _ in 0..2 * SAMPLES {
            quantiles.extend(latencies.add(Duration::from_millis(1)));
        }
        assert_eq!(quantiles[quantiles.len() - 1], Duration::from_millis(1));
    }
}

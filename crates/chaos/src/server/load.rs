//! Loads: calls at a steady rate, or with a fixed concurrency.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};
use tonic::Status;

/// Interval at which due calls are started together.
const TICK: Duration = Duration::from_millis(2);

/// The outcome of a call.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) took: Duration,
    pub(super) failed: Option<Status>,
}

/// Outcomes of calls, and the duration of the load.
#[derive(Debug, Default)]
pub(super) struct Calls {
    pub(super) all: Vec<Call>,
    pub(super) lasted: Duration,
}

impl Calls {
    pub(super) fn succeeded(&self) -> impl Iterator<Item = &Call> {
        self.all.iter().filter(|call| call.failed.is_none())
    }

    pub(super) fn failed(&self) -> impl Iterator<Item = (&Call, &Status)> {
        self.all.iter().filter_map(|call| Some((call, call.failed.as_ref()?)))
    }

    /// Successful calls per second.
    pub(super) fn goodput(&self) -> f64 {
        self.succeeded().count() as f64 / self.lasted.as_secs_f64()
    }
}

/// The latency quantile `share` in milliseconds; 0 without calls.
pub(super) fn quantile<'a>(calls: impl Iterator<Item = &'a Call>, share: f64) -> f64 {
    let mut took: Vec<_> = calls.map(|call| call.took).collect();
    took.sort_unstable();
    let at = (took.len() as f64 * share) as usize;
    took.get(at.min(took.len().saturating_sub(1))).map_or(0.0, |took| took.as_secs_f64() * 1_000.0)
}

/// Makes `rate` calls per second for `time`, independent of their latency. Passes the number of each call.
pub(super) async fn at_rate<F, Fut>(rate: f64, time: Duration, call: F) -> Calls
where
    F: Fn(u64) -> Fut,
    Fut: Future<Output = Result<(), Status>> + Send + 'static,
{
    let (done, mut all) = mpsc::unbounded_channel();
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (began, mut next) = (Instant::now(), 0_u64);
    let mut tasks = JoinSet::new();
    while began.elapsed() < time {
        ticks.tick().await;
        let due = (began.elapsed().as_secs_f64() * rate) as u64;
        for number in next..due {
            let (call, done) = (call(number), done.clone());
            let started = Instant::now();
            tasks.spawn(async move {
                let failed = call.await.err();
                done.send(Call { took: started.elapsed(), failed }).ok();
            });
        }
        next = due;
        while tasks.try_join_next().is_some() {}
    }
    let lasted = began.elapsed();
    tasks.join_all().await;
    drop(done);
    let mut calls = Calls { all: Vec::new(), lasted };
    while let Some(call) = all.recv().await {
        calls.all.push(call);
    }
    calls
}

/// Makes `rate` calls per second until `stop` is set.
pub(super) async fn until_stopped<F, Fut>(rate: f64, stop: Arc<AtomicBool>, call: F) -> Calls
where
    F: Fn(u64) -> Fut,
    Fut: Future<Output = Result<(), Status>> + Send + 'static,
{
    let mut all = Calls::default();
    while !stop.load(Relaxed) {
        let more = at_rate(rate, Duration::from_secs(1), &call).await;
        all.lasted += more.lasted;
        all.all.extend(more.all);
    }
    all
}

/// Makes calls for `time` with a fixed concurrency.
pub(super) async fn concurrently<F, Fut>(count: u64, time: Duration, call: F) -> Calls
where
    F: Fn(u64) -> Fut,
    Fut: Future<Output = Result<(), Status>>,
{
    let began = Instant::now();
    let client = async |mut number: u64| {
        let mut calls = Vec::new();
        while began.elapsed() < time {
            let started = Instant::now();
            let failed = call(number).await.err();
            calls.push(Call { took: started.elapsed(), failed });
            number += count;
        }
        calls
    };
    let all = futures::future::join_all((0..count).map(client)).await;
    Calls { all: all.into_iter().flatten().collect(), lasted: began.elapsed() }
}

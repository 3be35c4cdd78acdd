//! Calls at a rate, whatever becomes of those before.

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

/// How often calls are begun: those of one tick together.
const TICK: Duration = Duration::from_millis(2);

/// How one call went.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) took: Duration,
    pub(super) failed: Option<Status>,
}

/// How calls went.
#[derive(Debug, Default)]
pub(super) struct Calls {
    pub(super) all: Vec<Call>,
    pub(super) lasted: Duration,
}

impl Calls {
    pub(super) fn answered(&self) -> impl Iterator<Item = &Call> {
        self.all.iter().filter(|call| call.failed.is_none())
    }

    pub(super) fn failed(&self) -> impl Iterator<Item = (&Call, &Status)> {
        self.all.iter().filter_map(|call| Some((call, call.failed.as_ref()?)))
    }

    /// Answered a second.
    pub(super) fn goodput(&self) -> f64 {
        self.answered().count() as f64 / self.lasted.as_secs_f64()
    }
}

/// Milliseconds that so much of the calls took no longer than; 0 of none.
pub(super) fn quantile<'a>(calls: impl Iterator<Item = &'a Call>, share: f64) -> f64 {
    let mut took: Vec<_> = calls.map(|call| call.took).collect();
    took.sort_unstable();
    let at = (took.len() as f64 * share) as usize;
    took.get(at.min(took.len().saturating_sub(1))).map_or(0.0, |took| took.as_secs_f64() * 1_000.0)
}

/// Makes calls for `time`, so many a second; `call` is given each one's number.
pub(super) async fn at_rate<F, Fut>(rate: f64, time: Duration, call: F) -> Calls
where
    F: Fn(u64) -> Fut,
    Fut: Future<Output = Result<(), Status>> + Send + 'static,
{
    let (done, mut all) = mpsc::unbounded_channel();
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (began, mut begun) = (Instant::now(), 0_u64);
    let mut tasks = JoinSet::new();
    while began.elapsed() < time {
        ticks.tick().await;
        let due = (began.elapsed().as_secs_f64() * rate) as u64;
        for number in begun..due {
            let (call, done) = (call(number), done.clone());
            let started = Instant::now();
            tasks.spawn(async move {
                let failed = call.await.err();
                done.send(Call { took: started.elapsed(), failed }).ok();
            });
        }
        begun = due;
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

/// Makes calls until it is over, so many a second.
pub(super) async fn until_over<F, Fut>(rate: f64, over: Arc<AtomicBool>, call: F) -> Calls
where
    F: Fn(u64) -> Fut,
    Fut: Future<Output = Result<(), Status>> + Send + 'static,
{
    let mut all = Calls::default();
    while !over.load(Relaxed) {
        let more = at_rate(rate, Duration::from_secs(1), &call).await;
        all.lasted += more.lasted;
        all.all.extend(more.all);
    }
    all
}

/// Makes calls for `time`, so many at once.
pub(super) async fn at_once<F, Fut>(count: u64, time: Duration, call: F) -> Calls
where
    F: Fn(u64) -> Fut,
    Fut: Future<Output = Result<(), Status>>,
{
    let began = Instant::now();
    let one = async |mut number: u64| {
        let mut calls = Vec::new();
        while began.elapsed() < time {
            let started = Instant::now();
            let failed = call(number).await.err();
            calls.push(Call { took: started.elapsed(), failed });
            number += count;
        }
        calls
    };
    let all = futures::future::join_all((0..count).map(one)).await;
    Calls { all: all.into_iter().flatten().collect(), lasted: began.elapsed() }
}

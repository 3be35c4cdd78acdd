//! Loads: calls at a steady rate or with a fixed concurrency, and their outcomes.

use std::{
    pin::pin,
    time::{Duration, Instant},
};

use tokio::{
    sync::{mpsc, oneshot},
    task::{JoinHandle, JoinSet},
    time::{MissedTickBehavior, interval, sleep, timeout},
};
use tonic::Status;

/// Interval at which due calls are started together.
const TICK: Duration = Duration::from_millis(2);
/// Maximum time that a [`Load`] catches up with after a delay of its task: calls that a busy machine delayed
/// must not become a burst that overloads the server.
const MAX_CATCH_UP: Duration = Duration::from_millis(5);
/// Maximum number of calls in flight; further ones are skipped, which bounds memory while a server hangs.
const MAX_IN_FLIGHT: usize = 20_000;

/// The outcome of a call.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) number: u64,
    /// Time of its start, since the start of the load.
    pub(crate) at: Duration,
    pub(crate) took: Duration,
    pub(crate) failed: Option<Status>,
}

/// Outcomes of calls, and the duration of the load.
#[derive(Debug, Clone, Default)]
pub(crate) struct Calls {
    pub(crate) all: Vec<Call>,
    pub(crate) lasted: Duration,
}

impl Calls {
    pub(crate) fn count(&self) -> u64 {
        self.all.len() as u64
    }

    pub(crate) fn succeeded(&self) -> impl Iterator<Item = &Call> {
        self.all.iter().filter(|call| call.failed.is_none())
    }

    pub(crate) fn failed(&self) -> impl Iterator<Item = (&Call, &Status)> {
        self.all.iter().filter_map(|call| Some((call, call.failed.as_ref()?)))
    }

    /// Calls that started from `from` on and before `to`.
    pub(crate) fn between(&self, from: Duration, to: Duration) -> Self {
        let calls = self.all.iter().filter(|call| call.at >= from && call.at < to);
        Self { all: calls.cloned().collect(), lasted: to.min(self.lasted).saturating_sub(from) }
    }

    /// Successful calls per second.
    pub(crate) fn goodput(&self) -> f64 {
        self.succeeded().count() as f64 / self.lasted.as_secs_f64()
    }

    /// Share of failed calls in per cent; 100 without calls.
    pub(crate) fn failed_share(&self) -> f64 {
        let failed = self.failed().count() as f64;
        if self.all.is_empty() { 100.0 } else { failed * 100.0 / self.all.len() as f64 }
    }

    /// Status codes of failed calls, for messages.
    pub(crate) fn codes(&self) -> String {
        let mut codes: Vec<_> =
            self.failed().map(|(_, status)| format!("{:?}", status.code())).collect();
        codes.sort();
        codes.dedup();
        codes.join(" ")
    }

    /// Maximum latency in milliseconds.
    pub(crate) fn longest_ms(&self) -> u64 {
        let longest = self.all.iter().map(|call| call.took).max().unwrap_or_default();
        u64::try_from(longest.as_millis()).unwrap_or(u64::MAX)
    }
}

/// The latency quantile `share` in milliseconds; 0 without calls.
pub(crate) fn quantile<'a>(calls: impl Iterator<Item = &'a Call>, share: f64) -> f64 {
    let mut took: Vec<_> = calls.map(|call| call.took).collect();
    took.sort_unstable();
    let at = (took.len() as f64 * share) as usize;
    took.get(at.min(took.len().saturating_sub(1))).map_or(0.0, |took| took.as_secs_f64() * 1_000.0)
}

/// A running load at a steady rate.
pub(crate) struct Load {
    began: Instant,
    stop: oneshot::Sender<Duration>,
    calls: JoinHandle<Calls>,
}

impl Load {
    /// Starts at most `rate` calls per second, independent of their latency. Passes the number of each call.
    pub(crate) fn start<F, Fut>(rate: f64, call: F) -> Self
    where
        F: Fn(u64) -> Fut + Send + 'static,
        Fut: Future<Output = Result<(), Status>> + Send + 'static,
    {
        let (stop, stopped) = oneshot::channel();
        // A dropped load is stopped without grace.
        let stopped = async { stopped.await.unwrap_or_default() };
        Self {
            began: Instant::now(),
            stop,
            calls: tokio::spawn(run(rate, MAX_CATCH_UP, stopped, call)),
        }
    }

    /// Time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Stops starting calls, waits `grace` for those in flight, and returns the outcomes of completed calls.
    ///
    /// # Errors
    /// Starting a call panicked.
    pub(crate) async fn stop(self, grace: Duration) -> anyhow::Result<Calls> {
        self.stop.send(grace).ok();
        Ok(self.calls.await?)
    }
}

/// Makes `rate` calls per second for `time`, independent of their latency, and waits for all of them. Passes
/// the number of each call.
pub(crate) async fn at_rate<F, Fut>(rate: f64, time: Duration, call: F) -> Calls
where
    F: Fn(u64) -> Fut,
    Fut: Future<Output = Result<(), Status>> + Send + 'static,
{
    let stop = async {
        sleep(time).await;
        Duration::MAX
    };
    run(rate, Duration::MAX, stop, call).await
}

/// Makes calls until `stop` returns the time to wait for calls in flight.
async fn run<F, Fut>(
    rate: f64,
    max_catch_up: Duration,
    stop: impl Future<Output = Duration>,
    call: F,
) -> Calls
where
    F: Fn(u64) -> Fut,
    Fut: Future<Output = Result<(), Status>> + Send + 'static,
{
    let (done, mut outcomes) = mpsc::unbounded_channel();
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let began = Instant::now();
    let (mut number, mut due, mut last_tick) = (0_u64, 0.0, began);
    let (mut tasks, mut stop) = (JoinSet::new(), pin!(stop));
    let grace = loop {
        tokio::select! {
            biased;
            grace = &mut stop => break grace,
            _ = ticks.tick() => {}
        }
        while tasks.try_join_next().is_some() {}
        due += last_tick.elapsed().min(max_catch_up).as_secs_f64() * rate;
        last_tick = Instant::now();
        while due >= 1.0 {
            due -= 1.0;
            if tasks.len() >= MAX_IN_FLIGHT {
                continue;
            }
            let (call, done, at) = (call(number), done.clone(), began.elapsed());
            tasks.spawn(async move {
                let failed = call.await.err();
                done.send(Call { number, at, took: began.elapsed() - at, failed }).ok();
            });
            number += 1;
        }
    };
    let lasted = began.elapsed();
    timeout(grace, async { while tasks.join_next().await.is_some() {} }).await.ok();
    tasks.shutdown().await;
    drop(done);
    let mut calls = Calls { all: Vec::new(), lasted };
    while let Some(call) = outcomes.recv().await {
        calls.all.push(call);
    }
    calls
}

/// Makes calls for `time` with a fixed concurrency.
pub(crate) async fn concurrently<F, Fut>(count: u64, time: Duration, call: F) -> Calls
where
    F: Fn(u64) -> Fut,
    Fut: Future<Output = Result<(), Status>>,
{
    let began = Instant::now();
    let client = async |mut number: u64| {
        let mut calls = Vec::new();
        while began.elapsed() < time {
            let at = began.elapsed();
            let failed = call(number).await.err();
            calls.push(Call { number, at, took: began.elapsed() - at, failed });
            number += count;
        }
        calls
    };
    let all = futures::future::join_all((0..count).map(client)).await;
    Calls { all: all.into_iter().flatten().collect(), lasted: began.elapsed() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn calls_are_counted_and_those_in_flight_end_with_the_grace() {
        let load = Load::start(1_000.0, async |number| match number {
            0 => std::future::pending().await,
            1 => Err(Status::aborted("by the test")),
            _ => Ok(()),
        });
        while load.elapsed() < Duration::from_millis(50) {
            sleep(TICK).await;
        }
        let calls = load.stop(Duration::from_millis(10)).await.unwrap();
        assert!(calls.count() > 10, "{calls:?}");
        assert_eq!(calls.codes(), "Aborted");
        assert!(calls.all.iter().all(|call| call.number != 0), "{calls:?}");
        let first = calls.between(Duration::ZERO, Duration::from_millis(20));
        assert!(first.count() > 0 && first.count() < calls.count(), "{calls:?}");
    }
}

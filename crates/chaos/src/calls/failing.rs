//! One of three replicas fails.

use std::time::Duration;

use testkit::{Figure, fake::Reply};
use tonic::Code;

use super::balanced::{Balanced, read, write};
use crate::{RunConfig, load::Load};

const RATE: f64 = 500.0;
const TIMEOUT: Duration = Duration::from_secs(5);

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let always = Reply::Status(Code::Unavailable);
    let half = Reply::Half(Code::Unavailable);
    let immediately = Reply::Status(Code::Internal);
    for (what, reply, bound) in
        [("always", always, 1.0), ("half", half, 1.0), ("immediately", immediately, 1.0)]
    {
        for retried in [false, true] {
            // INTERNAL is not retried.
            if retried && matches!(reply, Reply::Status(Code::Internal)) {
                continue;
            }
            let outcome = measure(config, reply.clone(), retried).await?;
            let kind = if retried { "reads" } else { "writes" };
            if retried {
                figures.push(Figure::exactly(format!("{what}: {kind} failed"), outcome.failed, 0));
            } else {
                figures.push(Figure::at_most(
                    format!("{what}: {kind} failed after 2 s, %"),
                    outcome.failed_share,
                    bound,
                ));
                figures.push(Figure::at_most(
                    format!("{what}: share of all {kind} of the failing replica, %"),
                    outcome.share,
                    5.0,
                ));
                figures.push(Figure::at_most(
                    format!("{what}: share of the failing replica after 2 s, %"),
                    outcome.later_share,
                    1.0,
                ));
            }
        }
    }
    Ok(figures)
}

struct Outcome {
    failed: usize,
    failed_share: f64,
    share: f64,
    later_share: f64,
}

async fn measure(config: &RunConfig, reply: Reply, retried: bool) -> anyhow::Result<Outcome> {
    let balanced = Balanced::start(3, Reply::Ok).await;
    balanced.fakes[0].set(reply);
    let upstream = balanced.upstream.clone();
    let load = Load::start(RATE, move |_| {
        let upstream = upstream.clone();
        async move {
            if retried { read(upstream, TIMEOUT).await } else { write(upstream, TIMEOUT).await }
        }
    });
    let two = Duration::from_secs(2);
    tokio::time::sleep(two).await;
    let middle = balanced.calls();
    tokio::time::sleep(config.time(Duration::from_secs(10)).max(two)).await;
    let end = balanced.calls();
    let calls = load.stop(TIMEOUT).await?;
    let later = calls.between(two, Duration::MAX);
    let share = |from: &[u64]| {
        let all: u64 = end.iter().zip(from).map(|(end, from)| end - from).sum();
        (end[0] - from[0]) as f64 * 100.0 / all.max(1) as f64
    };
    Ok(Outcome {
        failed: calls.failed().count(),
        failed_share: later.failed_share(),
        share: share(&[0, 0, 0]),
        later_share: share(&middle),
    })
}

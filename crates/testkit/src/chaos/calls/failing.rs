//! One of three fails.

use std::time::Duration;

use tonic::Code;

use super::{
    balanced::{Balanced, read, write},
    load::Load,
};
use crate::{Figure, Setting, fake::Reply};

const RATE: u32 = 500;
const WITHIN: Duration = Duration::from_secs(5);

pub(super) async fn run(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let always = Reply::Status(Code::Unavailable);
    let half = Reply::Half(Code::Unavailable);
    let at_once = Reply::Status(Code::Internal);
    for (what, reply, bound) in
        [("always", always, 1.0), ("half", half, 1.0), ("at once", at_once, 1.0)]
    {
        for retried in [false, true] {
            // INTERNAL is nobody's to retry.
            if retried && matches!(reply, Reply::Status(Code::Internal)) {
                continue;
            }
            let seen = one(setting, reply.clone(), retried).await;
            let how = if retried { "reads" } else { "writes" };
            if retried {
                figures.push(Figure::exactly(format!("{what}: {how} failed"), seen.failed, 0));
            } else {
                figures.push(Figure::at_most(
                    format!("{what}: {how} failed after 2 s, %"),
                    seen.failed_share,
                    bound,
                ));
                figures.push(Figure::at_most(
                    format!("{what}: its share of all {how}, %"),
                    seen.share,
                    5.0,
                ));
                figures.push(Figure::at_most(
                    format!("{what}: its share after 2 s, %"),
                    seen.later_share,
                    1.0,
                ));
            }
        }
    }
    Ok(figures)
}

struct Seen {
    failed: u64,
    failed_share: f64,
    share: f64,
    later_share: f64,
}

async fn one(setting: &Setting, reply: Reply, retried: bool) -> Seen {
    let balanced = Balanced::start(3, Reply::Ok).await;
    balanced.fakes[0].set(reply);
    let upstream = balanced.upstream.clone();
    let load = Load::start(RATE, move || {
        let upstream = upstream.clone();
        async move { if retried { read(upstream, WITHIN).await } else { write(upstream, WITHIN).await } }
    });
    let two = Duration::from_secs(2);
    tokio::time::sleep(two).await;
    let middle = balanced.calls();
    tokio::time::sleep(setting.time(Duration::from_secs(10)).max(two)).await;
    let end = balanced.calls();
    let samples = load.stop(Duration::from_millis(500)).await;
    let later = samples.between(two, Duration::MAX);
    let share = |from: &[u64]| {
        let all: u64 = end.iter().zip(from).map(|(end, from)| end - from).sum();
        (end[0] - from[0]) as f64 * 100.0 / all.max(1) as f64
    };
    Seen {
        failed: samples.failed(),
        failed_share: later.failed_share(),
        share: share(&[0, 0, 0]),
        later_share: share(&middle),
    }
}

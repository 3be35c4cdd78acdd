//! Callers who give up after a millisecond.

use std::time::Duration;

use super::balanced::{Balanced, read};
use crate::{Figure, Setting, fake::Reply, until};

const WORK: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_millis(1);
const AT_ONCE: u64 = 100;

pub(super) async fn run(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let balanced = Balanced::start(3, Reply::Late(WORK)).await;
    let calls = setting.count(5_000);
    for first in (0..calls).step_by(AT_ONCE as usize) {
        let round = (first..calls.min(first + AT_ONCE)).map(|number| {
            let upstream = balanced.upstream.clone();
            async move {
                if number % 2 == 0 {
                    read(upstream, PATIENCE).await.ok();
                } else {
                    let patient = read(upstream, Duration::from_secs(5));
                    tokio::time::timeout(PATIENCE, patient).await.ok();
                }
            }
        });
        futures::future::join_all(round).await;
    }
    let report = balanced.upstream.report();
    let trips =
        report.breaker.changes + report.endpoints.iter().map(|it| it.breaker.changes).sum::<u64>();
    until("no call is left under way", async || {
        (0..3).all(|index| balanced.seen(index).in_flight == 0).then_some(())
    })
    .await;
    Ok(vec![
        Figure::exactly("calls given up", calls, calls),
        Figure::exactly("changes of breakers", trips, 0),
        Figure::exactly(
            "then fails",
            u64::from(read(balanced.upstream, WORK * 100).await.is_err()),
            0,
        ),
    ])
}

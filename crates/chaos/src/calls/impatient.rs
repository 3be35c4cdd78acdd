//! Clients that cancel calls after a millisecond.

use std::time::Duration;

use testkit::{Figure, fake::Reply, until};
use tonic::Code;

use super::balanced::{Balanced, read};
use crate::RunConfig;

const WORK: Duration = Duration::from_millis(50);
const TIMEOUT: Duration = Duration::from_millis(1);
const CONCURRENCY: u64 = 100;

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let balanced = Balanced::start(3, Reply::Late(WORK)).await;
    let calls = config.count(5_000);
    let mut cancelled = 0;
    for first in (0..calls).step_by(CONCURRENCY as usize) {
        let round = (first..calls.min(first + CONCURRENCY)).map(|number| {
            let upstream = balanced.upstream.clone();
            async move {
                if number % 2 == 0 {
                    let result = read(upstream, TIMEOUT).await;
                    result.is_err_and(|status| status.code() == Code::DeadlineExceeded)
                } else {
                    let call = read(upstream, Duration::from_secs(5));
                    tokio::time::timeout(TIMEOUT, call).await.is_err()
                }
            }
        });
        let round = futures::future::join_all(round).await;
        cancelled += round.into_iter().filter(|is_cancelled| *is_cancelled).count() as u64;
    }
    let report = balanced.upstream.report();
    let trips =
        report.breaker.changes + report.endpoints.iter().map(|it| it.breaker.changes).sum::<u64>();
    until("no call is in flight", async || {
        (0..3).all(|index| balanced.report(index).in_flight == 0).then_some(())
    })
    .await;
    Ok(vec![
        Figure::exactly("calls cancelled", cancelled, calls),
        Figure::exactly("state changes of breakers", trips, 0),
        Figure::exactly(
            "failures of the next call",
            u64::from(read(balanced.upstream, WORK * 100).await.is_err()),
            0,
        ),
    ])
}

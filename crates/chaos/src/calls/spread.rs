//! Distribution of calls over replicas.

use std::time::{Duration, Instant};

use testkit::{
    Figure,
    fake::{Fake, Reply},
    until,
};

use super::balanced::{Balanced, read};
use crate::RunConfig;

const CALLERS: u64 = 16;
const TIMEOUT: Duration = Duration::from_secs(10);
/// Latency of a replica, and the additional latency of the slow one.
const WORK: Duration = Duration::from_millis(1);
const FURTHER: Duration = Duration::from_millis(20);

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut balanced = Balanced::start(3, Reply::Late(WORK)).await;
    let calls = config.count(30_000).max(3_000);
    closed_loop(&balanced, calls).await;
    let equal = balanced.calls();
    let most = equal.iter().copied().max().unwrap_or_default() as f64;
    let least = equal.iter().copied().min().unwrap_or_default().max(1) as f64;

    balanced.fakes[0].set(Reply::Late(WORK + FURTHER));
    let before = balanced.calls();
    closed_loop(&balanced, (calls / 3).max(10_000)).await;
    let after = balanced.calls();
    let slow = (after[0] - before[0]) as f64;
    let all = (after.iter().sum::<u64>() - before.iter().sum::<u64>()) as f64;

    let new = Fake::start(Reply::Late(WORK)).await;
    balanced.fakes.push(new);
    let endpoints = balanced.fakes.iter().map(Fake::endpoint).collect();
    balanced.publisher.publish(endpoints);
    let joined = Instant::now();
    until("the new replica is used", async || {
        read(balanced.upstream.clone(), TIMEOUT).await.ok();
        (balanced.fakes[3].calls() > 0).then_some(())
    })
    .await;
    Ok(vec![
        Figure::at_least("calls to three equal replicas", equal.iter().sum::<u64>(), calls),
        Figure {
            value: format!("{:.2}", most / least),
            ..Figure::at_most("most / least", most / least, 1.3)
        },
        Figure::at_most("share of a replica 20 ms slower, %", slow * 100.0 / all, 12.0),
        Figure::at_most("new replica used after, ms", joined.elapsed().as_millis(), 2_000),
    ])
}

async fn closed_loop(balanced: &Balanced, calls: u64) {
    let callers = (0..CALLERS).map(|_| async {
        for _ in 0..calls.div_ceil(CALLERS) {
            read(balanced.upstream.clone(), TIMEOUT).await.ok();
        }
    });
    futures::future::join_all(callers).await;
}

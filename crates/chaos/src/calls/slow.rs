//! A replica with ten times the latency.

use std::time::Duration;

use testkit::{Figure, fake::Reply};

use super::balanced::{Balanced, read};
use crate::{RunConfig, load::Load};

const RATE: f64 = 300.0;
const WORK: Duration = Duration::from_millis(5);

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let balanced = Balanced::start(3, Reply::Late(WORK)).await;
    let upstream = balanced.upstream.clone();
    let load = Load::start(RATE, move |_| read(upstream.clone(), Duration::from_secs(5)));
    tokio::time::sleep(Duration::from_secs(1)).await;
    balanced.fakes[0].set(Reply::Late(WORK * 10));
    tokio::time::sleep(Duration::from_secs(3)).await;
    let before = balanced.calls();
    tokio::time::sleep(config.time(Duration::from_secs(12))).await;
    let after = balanced.calls();
    let calls = load.stop(Duration::from_secs(5)).await?;
    let slow = (after[0] - before[0]) as f64;
    let all = (after.iter().sum::<u64>() - before.iter().sum::<u64>()) as f64;
    Ok(vec![
        Figure::exactly("failed", calls.failed().count(), 0),
        Figure::at_most("share of the slow replica after 3 s, %", slow * 100.0 / all, 5.0),
    ])
}

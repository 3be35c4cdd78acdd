//! All replicas fail, and recover.

use std::time::{Duration, Instant};

use testkit::{Figure, fake::Reply};
use tonic::Code;

use super::balanced::{Balanced, write};
use crate::{RunConfig, load::Load};

const RATE: f64 = 200.0;
const TIMEOUT: Duration = Duration::from_secs(5);

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let balanced = Balanced::start(3, Reply::Ok).await;
    let upstream = balanced.upstream.clone();
    let load = Load::start(RATE, move |_| write(upstream.clone(), TIMEOUT));
    tokio::time::sleep(Duration::from_secs(1)).await;
    for fake in &balanced.fakes {
        fake.set(Reply::Status(Code::Unavailable));
    }
    let outage = config.time(Duration::from_secs(10)).max(Duration::from_secs(2));
    let began = Instant::now();
    let mut most_ejected = 0;
    while began.elapsed() < outage {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let endpoints = balanced.upstream.report().endpoints;
        most_ejected = most_ejected.max(endpoints.iter().filter(|it| it.ejected).count());
    }
    for fake in &balanced.fakes {
        fake.set(Reply::Ok);
    }
    let healed = load.elapsed();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let calls = load.stop(TIMEOUT).await?;
    let after = calls.between(healed, Duration::MAX);
    let first = after.succeeded().map(|call| call.at + call.took).min();
    let first = first.map_or(f64::INFINITY, |at| (at - healed).as_secs_f64() * 1e3);
    let settled = calls.between(healed + Duration::from_secs(2), Duration::MAX);
    Ok(vec![
        Figure::at_most("replicas ejected at once", most_ejected, 1),
        Figure::at_most("first success after, ms", first, 1_000.0),
        Figure::exactly("failed after 2 s", settled.failed().count(), 0),
    ])
}

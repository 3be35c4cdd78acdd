//! An agent that returns wrong data.

use std::time::{Duration, Instant};

use testkit::{ConsulFault, FakeConsul, Figure};

use super::{
    load,
    shop::{CATALOGUE, Shop, bound, seconds_until},
};
use crate::RunConfig;

/// Maximum time from the end of a fault until all instances pass.
const RECOVERY: Duration = Duration::from_secs(10);

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let fake = FakeConsul::start().await;
    let shop = Shop::start(fake.registry()).await?;
    let replicas = usize::from(Shop::REPLICAS);
    let all_pass = async || Ok(fake.passing(CATALOGUE).len() == replicas);
    seconds_until(RECOVERY, all_pass).await;
    let load = load::start(&shop, config)?;
    let each = config.time(Duration::from_secs(60)).max(Duration::from_secs(1));
    let mut slowest = 0_f64;
    for fault in [
        ConsulFault::Empty,
        ConsulFault::Fails,
        ConsulFault::Garbage,
        ConsulFault::GarbageHeaders,
        ConsulFault::Cut,
        ConsulFault::Endless,
        ConsulFault::Index(0),
        ConsulFault::Hangs,
    ] {
        fake.set_fault(Some(fault));
        tokio::time::sleep(each).await;
        fake.lose_data();
        fake.set_fault(None);
        slowest = slowest.max(seconds_until(RECOVERY, all_pass).await);
    }
    // Registers and removes an instance of another service, which must not cause queries for this one.
    let (began, mut ticks) = (Instant::now(), tokio::time::interval(Duration::from_millis(1)));
    let before = fake.requests("/v1/health/service/catalogue").len();
    let mut flaps = 0_u64;
    while began.elapsed() < each.max(Duration::from_secs(5)) {
        ticks.tick().await;
        flaps += 1;
        if flaps.is_multiple_of(2) { fake.remove("flap") } else { fake.add("elsewhere", "flap", 1) }
    }
    let requests = fake.requests("/v1/health/service/catalogue").len() - before;
    // Only the gateway queries the catalogue.
    let per_second = (requests as f64 - 2.0).max(0.0) / began.elapsed().as_secs_f64();
    let mut figures = load::figures(load, &[]).await?;
    figures.push(Figure::at_most("all pass again after, s", slowest, bound(config, RECOVERY)));
    figures.push(Figure::at_least("changes of another service", flaps, 500));
    figures.push(Figure::at_most("queries per second meanwhile", per_second, 2.0));
    Ok(figures)
}

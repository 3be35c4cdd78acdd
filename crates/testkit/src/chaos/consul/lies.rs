//! An agent that is not to be believed.

use std::time::{Duration, Instant};

use super::{
    load::Load,
    shop::{CATALOGUE, Shop, bound, seconds_until},
};
use crate::{ConsulFault, FakeConsul, Figure, Setting};

const BACK_WITHIN: Duration = Duration::from_secs(10);

pub(super) async fn run(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let fake = FakeConsul::start().await;
    let shop = Shop::open(fake.registry()).await?;
    let replicas = usize::from(Shop::REPLICAS);
    let all_pass = async || Ok(fake.passing(CATALOGUE).len() == replicas);
    seconds_until(BACK_WITHIN, all_pass).await;
    let load = Load::start(&shop, setting)?;
    let each = setting.time(Duration::from_secs(60)).max(Duration::from_secs(1));
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
        fake.forget();
        fake.set_fault(None);
        slowest = slowest.max(seconds_until(BACK_WITHIN, all_pass).await);
    }
    // An instance that nobody runs comes and goes; whoever believed it would be refused.
    let (began, mut ticks) = (Instant::now(), tokio::time::interval(Duration::from_millis(1)));
    let before = fake.asked("/v1/health/service/catalogue").len();
    let mut flaps = 0_u64;
    while began.elapsed() < each.max(Duration::from_secs(5)) {
        ticks.tick().await;
        flaps += 1;
        if flaps.is_multiple_of(2) { fake.remove("flap") } else { fake.add("elsewhere", "flap", 1) }
    }
    let asked = fake.asked("/v1/health/service/catalogue").len() - before;
    // One follows the catalogue: the gateway.
    let a_second = (asked as f64 - 2.0).max(0.0) / began.elapsed().as_secs_f64();
    let mut figures = load.figures(&[]).await?;
    figures.push(Figure::at_most(
        "back and passing after, s",
        slowest,
        bound(setting, BACK_WITHIN),
    ));
    figures.push(Figure::at_least("changes that concern nobody", flaps, 500));
    figures.push(Figure::at_most("questions a second meanwhile", a_second, 2.0));
    Ok(figures)
}

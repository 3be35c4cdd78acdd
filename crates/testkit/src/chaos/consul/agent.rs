//! The agent dies, freezes, forgets.

use std::time::Duration;

use anyhow::Context as _;

use super::{
    load::Load,
    shop::{CATALOGUE, Shop, bound, seconds_until},
};
use crate::{Consul, ConsulOptions, Figure, Setting};

/// How soon all must be back once the agent is.
const BACK_WITHIN: Duration = Duration::from_secs(10);

async fn consul(keeps: bool) -> anyhow::Result<Consul> {
    let started = Consul::start(ConsulOptions { keeps, ..ConsulOptions::default() }).await?;
    started.context("there is no Consul here")
}

async fn all_pass(consul: &Consul) -> anyhow::Result<bool> {
    Ok(consul.passing(CATALOGUE).await?.len() == usize::from(Shop::REPLICAS))
}

pub(super) async fn killed(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let mut consul = consul(false).await?;
    let shop = Shop::open(consul.registry()).await?;
    seconds_until(BACK_WITHIN, async || all_pass(&consul).await).await;
    let load = Load::start(&shop, setting)?;
    let away = setting.time(Duration::from_secs(20)).max(Duration::from_millis(500));
    let (rounds, mut slowest) = (setting.count(20), 0_f64);
    for _ in 0..rounds {
        consul.kill(0).await;
        tokio::time::sleep(away).await;
        consul.restart(0).await?;
        let took = seconds_until(BACK_WITHIN, async || all_pass(&consul).await).await;
        slowest = slowest.max(took);
    }
    let listed = consul.listed(CATALOGUE).await?.len();
    let mut figures = load.figures(&[]).await?;
    figures.push(Figure::at_least("times killed and emptied", rounds, 1));
    figures.push(Figure::at_most(
        "back and passing after, s",
        slowest,
        bound(setting, BACK_WITHIN),
    ));
    figures.push(Figure::exactly("instances listed", listed, usize::from(Shop::REPLICAS)));
    Ok(figures)
}

pub(super) async fn frozen(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let consul = consul(false).await?;
    let shop = Shop::open(consul.registry()).await?;
    seconds_until(BACK_WITHIN, async || all_pass(&consul).await).await;
    let load = Load::start(&shop, setting)?;
    consul.pause(0);
    // Longer than the longest question takes, so that the age must show.
    tokio::time::sleep(setting.time(Duration::from_secs(600)).max(Duration::from_secs(18))).await;
    let stale = stalest(&shop).await?;
    consul.resume(0);
    let took = seconds_until(BACK_WITHIN, async || {
        Ok(all_pass(&consul).await? && stalest(&shop).await? == 0)
    })
    .await;
    let mut figures = load.figures(&[]).await?;
    figures.push(Figure::at_least("age of what is known, s", stale, 10));
    figures.push(Figure::at_most(
        "known to be true again after, s",
        took,
        bound(setting, BACK_WITHIN),
    ));
    Ok(figures)
}

/// The age that the gateway's admin port shows of the set of catalogues, in seconds.
async fn stalest(shop: &Shop) -> anyhow::Result<u64> {
    let shown = shop.gateway("/endpoints").await?;
    let ages = ages(&shown);
    ages.into_iter().max().context("the admin port shows how old a set is")
}

/// All values named `stale_s`, wherever they are.
fn ages(value: &serde_json::Value) -> Vec<u64> {
    use serde_json::Value;
    match value {
        Value::Object(fields) => {
            let own = fields.get("stale_s").and_then(Value::as_u64);
            own.into_iter().chain(fields.values().flat_map(ages)).collect()
        }
        Value::Array(items) => items.iter().flat_map(ages).collect(),
        _ => Vec::new(),
    }
}

pub(super) async fn restarted(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let mut consul = consul(true).await?;
    let shop = Shop::open(consul.registry()).await?;
    seconds_until(BACK_WITHIN, async || all_pass(&consul).await).await;
    let before = consul.listed(CATALOGUE).await?;
    let load = Load::start(&shop, setting)?;
    let (rounds, mut slowest) = (setting.count(10), 0_f64);
    for _ in 0..rounds {
        consul.kill(0).await;
        consul.restart(0).await?;
        let took = seconds_until(BACK_WITHIN, async || all_pass(&consul).await).await;
        slowest = slowest.max(took);
    }
    let same = consul.listed(CATALOGUE).await? == before;
    let mut figures = load.figures(&[]).await?;
    figures.push(Figure::at_least("times restarted", rounds, 1));
    figures.push(Figure::at_most(
        "back and passing after, s",
        slowest,
        bound(setting, BACK_WITHIN),
    ));
    figures.push(Figure::exactly("the same instances are listed", same, true));
    Ok(figures)
}

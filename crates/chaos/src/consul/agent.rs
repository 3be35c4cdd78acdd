//! Agents that die, freeze, or lose their data.

use std::time::Duration;

use anyhow::Context as _;
use testkit::{Consul, ConsulOptions, Figure};

use super::{
    load,
    shop::{CATALOGUE, Shop, bound, seconds_until},
};
use crate::RunConfig;

/// Maximum time from the recovery of the agent until all instances pass.
const RECOVERY: Duration = Duration::from_secs(10);

async fn consul(persistent: bool) -> anyhow::Result<Consul> {
    let started = Consul::start(ConsulOptions { persistent, ..ConsulOptions::default() }).await?;
    started.context("Consul is not installed")
}

async fn all_pass(consul: &Consul) -> anyhow::Result<bool> {
    Ok(consul.passing(CATALOGUE).await?.len() == usize::from(Shop::REPLICAS))
}

pub(super) async fn killed(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut consul = consul(false).await?;
    let shop = Shop::start(consul.registry()).await?;
    seconds_until(RECOVERY, async || all_pass(&consul).await).await;
    let load = load::start(&shop, config)?;
    let away = config.time(Duration::from_secs(20)).max(Duration::from_millis(500));
    let (rounds, mut kills, mut slowest) = (config.count(20), 0, 0_f64);
    for _ in 0..rounds {
        kills += u64::from(consul.kill(0).await);
        tokio::time::sleep(away).await;
        consul.restart(0).await?;
        let took = seconds_until(RECOVERY, async || all_pass(&consul).await).await;
        slowest = slowest.max(took);
    }
    let listed = consul.listed(CATALOGUE).await?.len();
    let mut figures = load::figures(load, &[]).await?;
    figures.push(Figure::exactly("kills", kills, rounds));
    figures.push(Figure::at_most("all pass again after, s", slowest, bound(config, RECOVERY)));
    figures.push(Figure::exactly("instances listed", listed, usize::from(Shop::REPLICAS)));
    Ok(figures)
}

pub(super) async fn frozen(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let consul = consul(false).await?;
    let shop = Shop::start(consul.registry()).await?;
    seconds_until(RECOVERY, async || all_pass(&consul).await).await;
    let load = load::start(&shop, config)?;
    consul.pause(0);
    // Longer than a blocking query, so that the age increases.
    tokio::time::sleep(config.time(Duration::from_secs(600)).max(Duration::from_secs(18))).await;
    let age = oldest(&shop).await?;
    consul.resume(0);
    let took =
        seconds_until(RECOVERY, async || Ok(all_pass(&consul).await? && oldest(&shop).await? == 0))
            .await;
    let mut figures = load::figures(load, &[]).await?;
    figures.push(Figure::at_least("age of the endpoints, s", age, 10));
    figures.push(Figure::at_most("up to date again after, s", took, bound(config, RECOVERY)));
    Ok(figures)
}

/// The maximum age of endpoints in the report of the gateway, in seconds.
async fn oldest(shop: &Shop) -> anyhow::Result<u64> {
    let report = shop.gateway("/endpoints").await?;
    let ages = ages(&report);
    ages.into_iter().max().context("the report has no age")
}

/// All values of `stale_s`, at any depth.
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

pub(super) async fn restarted(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut consul = consul(true).await?;
    let shop = Shop::start(consul.registry()).await?;
    seconds_until(RECOVERY, async || all_pass(&consul).await).await;
    let before = consul.listed(CATALOGUE).await?;
    let load = load::start(&shop, config)?;
    let (rounds, mut kills, mut slowest) = (config.count(10), 0, 0_f64);
    for _ in 0..rounds {
        kills += u64::from(consul.kill(0).await);
        consul.restart(0).await?;
        let took = seconds_until(RECOVERY, async || all_pass(&consul).await).await;
        slowest = slowest.max(took);
    }
    let same = consul.listed(CATALOGUE).await? == before;
    let mut figures = load::figures(load, &[]).await?;
    figures.push(Figure::exactly("kills", kills, rounds));
    figures.push(Figure::at_most("all pass again after, s", slowest, bound(config, RECOVERY)));
    figures.push(Figure::exactly("the same instances are listed", same, true));
    Ok(figures)
}

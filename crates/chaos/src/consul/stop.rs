//! Replicas that are stopped or killed.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use testkit::{Consul, ConsulOptions, Figure};

use super::{
    load,
    shop::{CATALOGUE, Shop, bound, seconds_until},
};
use crate::RunConfig;

const DEREGISTERED_WITHIN: Duration = Duration::from_secs(1);
const LISTED_WITHIN: Duration = Duration::from_secs(10);
/// Consul removes an instance that has been critical for a minute, and checks every 30 s.
const REMOVED_WITHIN: Duration = Duration::from_secs(95);
/// Time after a kill during which calls may fail.
const GRACE: Duration = Duration::from_secs(2);

async fn start() -> anyhow::Result<(Consul, Shop)> {
    let consul =
        Consul::start(ConsulOptions::default()).await?.context("Consul is not installed")?;
    let shop = Shop::start(consul.registry()).await?;
    ensure!(all_pass(&consul).await < LISTED_WITHIN.as_secs_f64() * 4.0, "not all instances pass");
    Ok((consul, shop))
}

async fn all_pass(consul: &Consul) -> f64 {
    let replicas = usize::from(Shop::REPLICAS);
    let pass = async || Ok(consul.passing(CATALOGUE).await?.len() == replicas);
    seconds_until(LISTED_WITHIN, pass).await
}

/// Whether an instance at this address is registered, passing or not.
async fn is_listed(consul: &Consul, addr: &str) -> anyhow::Result<bool> {
    let (_, port) = addr.rsplit_once(':').context("host:port")?;
    let ids = consul.listed(CATALOGUE).await?;
    Ok(ids.iter().any(|id| id.contains(&format!("-{port}-"))))
}

pub(super) async fn graceful(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let (consul, mut shop) = start().await?;
    let load = load::start(&shop, config)?;
    let rounds = config.count(20);
    let (mut stops, mut slowest, mut recovery) = (0, 0_f64, 0_f64);
    for round in 0..rounds {
        let replica = (round % u64::from(Shop::REPLICAS)) as u16;
        let addr = shop.addr_of(replica);
        let mut process = shop.terminate(replica)?;
        let gone = async || Ok(!is_listed(&consul, &addr).await?);
        slowest = slowest.max(seconds_until(DEREGISTERED_WITHIN, gone).await);
        let ended = async || Ok(process.exit_status().is_some());
        seconds_until(Duration::from_secs(15), ended).await;
        let status = process.exit_status().context("the replica is still running")?;
        ensure!(status.success(), "the replica ended with {status}: {}", process.log());
        stops += 1;
        shop.start_replica(replica).await?;
        recovery = recovery.max(all_pass(&consul).await);
    }
    let mut figures = load::figures(load, &[]).await?;
    figures.push(Figure::exactly("stops", stops, rounds));
    figures.push(Figure::at_most(
        "deregistered after, s",
        slowest,
        bound(config, DEREGISTERED_WITHIN),
    ));
    figures.push(Figure::at_most(
        "registered again after, s",
        recovery,
        bound(config, LISTED_WITHIN),
    ));
    Ok(figures)
}

pub(super) async fn killed(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let (consul, mut shop) = start().await?;
    let load = load::start(&shop, config)?;
    let (addr, began) = (shop.addr_of(0), load.elapsed());
    shop.take(0)?.kill();
    let expected = [(began, began + GRACE)];
    let critical = async || Ok(consul.passing(CATALOGUE).await?.len() == 2);
    let critical_after = seconds_until(LISTED_WITHIN, critical).await;
    // Only at full size, because Consul takes more than a minute.
    let waits = config.scale() >= 1.0;
    let mut removed_after = None;
    if waits {
        let gone = async || Ok(!is_listed(&consul, &addr).await?);
        removed_after = Some(seconds_until(REMOVED_WITHIN, gone).await + critical_after);
    }
    tokio::time::sleep(config.time(Duration::from_secs(10)).max(Duration::from_secs(3))).await;
    shop.start_replica(0).await?;
    let recovery = all_pass(&consul).await;
    let registered = consul.listed(CATALOGUE).await?.len();
    let mut figures = load::figures(load, &expected).await?;
    figures.push(Figure::at_most(
        "critical after, s",
        critical_after,
        bound(config, LISTED_WITHIN),
    ));
    if let Some(removed_after) = removed_after {
        figures.push(Figure::at_most(
            "deregistered after, s",
            removed_after,
            bound(config, REMOVED_WITHIN),
        ));
    }
    figures.push(Figure::at_most(
        "its successor passes after, s",
        recovery,
        bound(config, LISTED_WITHIN),
    ));
    figures.push(Figure::exactly(
        "instances registered afterwards",
        registered,
        usize::from(Shop::REPLICAS),
    ));
    Ok(figures)
}

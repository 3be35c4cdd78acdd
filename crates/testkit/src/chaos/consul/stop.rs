//! Replicas leave, in order or not.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use super::{
    load::Load,
    shop::{CATALOGUE, Shop, bound, seconds_until},
};
use crate::{Consul, ConsulOptions, Figure, Setting};

const GONE_WITHIN: Duration = Duration::from_secs(1);
const LISTED_WITHIN: Duration = Duration::from_secs(10);
/// Consul forgets no ghost sooner: it must have been critical for a minute, and it looks every 30 s.
const GHOST_WITHIN: Duration = Duration::from_secs(95);
/// How long callers may notice a kill.
const NOTICED_FOR: Duration = Duration::from_secs(2);

async fn open() -> anyhow::Result<(Consul, Shop)> {
    let consul =
        Consul::start(ConsulOptions::default()).await?.context("there is no Consul here")?;
    let shop = Shop::open(consul.registry()).await?;
    ensure!(all_pass(&consul).await < LISTED_WITHIN.as_secs_f64() * 4.0, "not all pass");
    Ok((consul, shop))
}

async fn all_pass(consul: &Consul) -> f64 {
    let replicas = usize::from(Shop::REPLICAS);
    let pass = async || Ok(consul.passing(CATALOGUE).await?.len() == replicas);
    seconds_until(LISTED_WITHIN, pass).await
}

/// Whether an instance at this address is listed, passing or not.
async fn is_listed(consul: &Consul, addr: &str) -> anyhow::Result<bool> {
    let (_, port) = addr.rsplit_once(':').context("host:port")?;
    let ids = consul.listed(CATALOGUE).await?;
    Ok(ids.iter().any(|id| id.contains(&format!("-{port}-"))))
}

pub(super) async fn in_order(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let (consul, mut shop) = open().await?;
    let load = Load::start(&shop, setting)?;
    let rounds = setting.count(20);
    let (mut slowest, mut back) = (0_f64, 0_f64);
    for round in 0..rounds {
        let replica = (round % u64::from(Shop::REPLICAS)) as u16;
        let addr = shop.addr_of(replica);
        let mut process = shop.tell_to_stop(replica)?;
        let gone = async || Ok(!is_listed(&consul, &addr).await?);
        slowest = slowest.max(seconds_until(GONE_WITHIN, gone).await);
        let ended = async || Ok(process.ended().is_some());
        seconds_until(Duration::from_secs(15), ended).await;
        let status = process.ended().context("it ends")?;
        ensure!(status.success(), "it ended with {status}: {}", process.log());
        shop.start(replica).await?;
        back = back.max(all_pass(&consul).await);
    }
    let mut figures = load.figures(&[]).await?;
    figures.push(Figure::at_least("stops", rounds, 1));
    figures.push(Figure::at_most("off the list after, s", slowest, bound(setting, GONE_WITHIN)));
    figures.push(Figure::at_most("on it again after, s", back, bound(setting, LISTED_WITHIN)));
    Ok(figures)
}

pub(super) async fn killed(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let (consul, mut shop) = open().await?;
    let load = Load::start(&shop, setting)?;
    let (addr, began) = (shop.addr_of(0), Instant::now());
    shop.take(0)?.kill();
    let noticed = [(began, began + NOTICED_FOR)];
    let critical = async || Ok(consul.passing(CATALOGUE).await?.len() == 2);
    let told = seconds_until(LISTED_WITHIN, critical).await;
    // A ghost is waited for at full size only: it takes a minute and more, whatever we do.
    let waits = setting.scale() >= 1.0;
    let mut ghost = None;
    if waits {
        let gone = async || Ok(!is_listed(&consul, &addr).await?);
        ghost = Some(seconds_until(GHOST_WITHIN, gone).await + told);
    }
    tokio::time::sleep(setting.time(Duration::from_secs(10)).max(Duration::from_secs(3))).await;
    shop.start(0).await?;
    let back = all_pass(&consul).await;
    let listed = consul.listed(CATALOGUE).await?.len();
    let mut figures = load.figures(&noticed).await?;
    figures.push(Figure::at_most("critical after, s", told, bound(setting, LISTED_WITHIN)));
    if let Some(ghost) = ghost {
        figures.push(Figure::at_most("off the list after, s", ghost, bound(setting, GHOST_WITHIN)));
    }
    figures.push(Figure::at_most(
        "its successor passes after, s",
        back,
        bound(setting, LISTED_WITHIN),
    ));
    figures.push(Figure::exactly("instances listed then", listed, usize::from(Shop::REPLICAS)));
    Ok(figures)
}

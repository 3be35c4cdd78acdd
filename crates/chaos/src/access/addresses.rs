//! Many addresses: named by a trusted proxy, or claimed by a client.

use std::{net::Ipv4Addr, time::Duration};

use anyhow::Result;
use testkit::Figure;
use tonic::Code;

use super::shop::{Client, Shop};
use crate::{
    RunConfig,
    load::{Calls, at_rate},
};

const ADDRESSES: u64 = 1_000_000;
/// Calls with a claimed address, each second, in a short run and at full size: a load that leaves the machine time for
/// others, so that the figure is about limits and not about a full processor.
const RATE: [f64; 2] = [500.0, 6_000.0];
/// Maximum memory of the table of addresses, in MB.
const MAX_MEMORY: f64 = 100.0;
/// Burst of one address; in the time of the experiment hardly a call more.
const LIMIT: u64 = 50;

/// Calls for distinct addresses behind a trusted proxy.
pub(super) async fn many(config: &RunConfig) -> Result<Vec<Figure>> {
    let mut shop = Shop::open(&["--rate-limits", "--trusted-proxy=127.0.0.1/32"]).await?;
    let (proxy, other) = (shop.client(None).await?, shop.client(Some("other")).await?);
    let count = config.count(ADDRESSES);
    let quiet = other.quiet(config).await;
    let before = shop.memory();
    let (claimed, beside) = quiet.beside(claim(&proxy, count, rate(config))).await;
    let grown = (shop.memory() - before).max(0.0);
    println!("{} addresses took {grown:.1} MB", claimed.count());
    let mut figures = vec![
        // The load keeps its rate in ticks.
        Figure::at_least("addresses", claimed.count(), count * 9 / 10),
        Figure::exactly("calls that failed", claimed.failed().count(), 0),
        Figure::at_most("memory for the addresses, MB", grown, MAX_MEMORY),
    ];
    figures.extend(beside);
    Ok(figures)
}

/// Calls of one client, which no proxy stands before.
pub(super) async fn forged(config: &RunConfig) -> Result<Vec<Figure>> {
    let limit = format!("--limit-address=read=1/m+{LIMIT}");
    let shop = Shop::open(&[&limit, "--trusted-proxy=10.0.0.0/8"]).await?;
    let (forger, other) = (shop.client(None).await?, shop.client(Some("other")).await?);
    let quiet = other.quiet(config).await;
    let count = config.count(120_000).max(4 * LIMIT);
    let (claimed, beside) = quiet.beside(claim(&forger, count, rate(config))).await;
    let served = claimed.succeeded().count() as u64;
    let strange =
        claimed.failed().filter(|(_, status)| status.code() != Code::ResourceExhausted).count();
    let mut figures = vec![
        Figure::at_least("served", served, LIMIT),
        // One a minute more.
        Figure::at_most("served", served, LIMIT + 3),
        Figure::at_least("refused", claimed.failed().count(), 1),
        Figure::exactly("other errors", strange, 0),
    ];
    figures.extend(beside);
    Ok(figures)
}

fn rate(config: &RunConfig) -> f64 {
    RATE[usize::from(config.scale() >= 1.0)]
}

/// Makes calls that each claim another address.
async fn claim(client: &Client, count: u64, rate: f64) -> Calls {
    at_rate(rate, Duration::from_secs_f64(count as f64 / rate), |number| {
        // Not of a network that is trusted.
        let claimed = Ipv4Addr::from_bits(0xc000_0000 + number as u32).to_string();
        client.clone().call(number, Some(claimed))
    })
    .await
}

//! Many addresses: named by a trusted proxy, or claimed by a client.

use std::{net::Ipv4Addr, time::Duration};

use anyhow::Result;
use futures::future::join_all;
use testkit::Figure;
use tonic::Code;

use super::shop::{Client, Shop};
use crate::{RunConfig, load::quantile};

const ADDRESSES: u64 = 1_000_000;
/// Calls in flight.
const IN_FLIGHT: u64 = 64;
/// Maximum memory of the table of addresses, in MB.
const MAX_MEMORY: f64 = 100.0;
/// Burst of one address; in the time of the experiment hardly a call more.
const LIMIT: u64 = 50;

/// Calls for distinct addresses behind a trusted proxy.
pub(super) async fn many(config: &RunConfig) -> Result<Vec<Figure>> {
    let mut shop = Shop::open(&["--rate-limits", "--trusted-proxy=127.0.0.1/32"]).await?;
    let (proxy, other) = (shop.client(None).await?, shop.client(Some("other")).await?);
    let count = config.count(ADDRESSES);
    let time = config.time(Duration::from_secs(20)).max(Duration::from_secs(1));
    let quiet = other.calls(100.0, time).await;
    let before = shop.memory();
    let (codes, beside) = tokio::join!(claim(&proxy, count), other.calls(100.0, time));
    let grown = (shop.memory() - before).max(0.0);
    let failed = codes.iter().filter(|code| **code != Code::Ok).count();
    let p99 = |calls| quantile(calls, 0.99);
    let (without, during) = (p99(quiet.succeeded()), p99(beside.succeeded()));
    println!(
        "{count} addresses took {grown:.1} MB; others: p99 {without:.2} ms, then {during:.2} ms"
    );
    Ok(vec![
        Figure::exactly("calls that failed", failed, 0),
        Figure::exactly("others: errors", beside.failed().count(), 0),
        Figure::at_most("memory for the addresses, MB", grown, MAX_MEMORY),
    ])
}

/// Calls of one client, which no proxy stands before.
pub(super) async fn forged(config: &RunConfig) -> Result<Vec<Figure>> {
    let limit = format!("--limit-address=read=1/m+{LIMIT}");
    let shop = Shop::open(&[&limit, "--trusted-proxy=10.0.0.0/8"]).await?;
    let codes = claim(&shop.client(None).await?, config.count(10_000).max(4 * LIMIT)).await;
    let served = codes.iter().filter(|code| **code == Code::Ok).count() as u64;
    let strange = |code: &&Code| !matches!(code, Code::Ok | Code::ResourceExhausted);
    Ok(vec![
        Figure::at_least("served", served, LIMIT),
        // One a minute more.
        Figure::at_most("served", served, LIMIT + 3),
        Figure::exactly("other errors", codes.iter().filter(strange).count(), 0),
    ])
}

/// Makes calls that each claim another address; returns their codes.
async fn claim(client: &Client, count: u64) -> Vec<Code> {
    let caller = async |first: u64| {
        let mut codes = Vec::new();
        for number in (first..count).step_by(IN_FLIGHT as usize) {
            // Not of a network that is trusted.
            let claimed = Ipv4Addr::from_bits(0xc000_0000 + number as u32).to_string();
            let called = client.clone().call(number, Some(claimed)).await;
            codes.push(called.err().map_or(Code::Ok, |status| status.code()));
        }
        codes
    };
    join_all((0..IN_FLIGHT).map(caller)).await.into_iter().flatten().collect()
}

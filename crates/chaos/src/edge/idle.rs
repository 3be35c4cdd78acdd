//! More idle connections than the process may have open files.

use std::time::Duration;

use anyhow::Result;
use testkit::{Figure, HttpClient, Service};
use tokio::time::{Instant, sleep, timeout};

use super::{attacker, shop::Shop};
use crate::RunConfig;

const CONNECTIONS: u64 = 1_100;
/// Addresses that open them, each with its share.
const ADDRESSES: u64 = 3;
const OPEN_FILES: &str = "--nofile=1024:1024";
/// Time for the admin port to answer, in milliseconds.
const ANSWER: f64 = 1_000.0;

pub(super) async fn run(config: &RunConfig) -> Result<Vec<Figure>> {
    let mut shop = Shop::open().await?;
    shop.fleet.restart_under(Service::Gateway, &["prlimit", OPEN_FILES]).await;
    let addr = shop.addr()?;
    let admin = HttpClient::new(shop.fleet.admin(Service::Gateway, ""));
    let (probes, beside) = shop
        .attack(config, async |time| {
            let mut peers = Vec::new();
            for number in 0..CONNECTIONS {
                let address = u8::try_from(2 + number % ADDRESSES)?;
                peers.push(attacker::http2(addr, address).await?);
            }
            let began = Instant::now();
            let mut probes = Probes::default();
            while began.elapsed() < time || probes.all == 0 {
                for path in ["/readyz", "/metrics"] {
                    probes.add(&admin, path).await;
                }
                sleep(Duration::from_millis(100)).await;
            }
            drop(peers);
            Ok(probes)
        })
        .await?;
    let mut figures = vec![
        Figure::exactly("requests to the admin port that failed", probes.failed, 0),
        Figure::at_most("its slowest response, ms", probes.slowest, ANSWER),
    ];
    figures.extend(beside.figures(config));
    Ok(figures)
}

/// Requests to the admin port, each over a new connection or the last one.
#[derive(Debug, Default)]
struct Probes {
    all: u64,
    failed: u64,
    /// In milliseconds.
    slowest: f64,
}

impl Probes {
    async fn add(&mut self, admin: &HttpClient, path: &str) {
        let began = Instant::now();
        let response = timeout(Duration::from_secs(10), admin.get(path)).await;
        let is_success = matches!(response, Ok(Ok(response)) if response.status.is_success());
        self.all += 1;
        self.failed += u64::from(!is_success);
        self.slowest = self.slowest.max(began.elapsed().as_secs_f64() * 1_000.0);
    }
}

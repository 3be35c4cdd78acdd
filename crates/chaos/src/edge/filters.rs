//! Filters that cost as much as they may, and more.

use std::time::Duration;

use anyhow::{Result, ensure};
use futures::future::join_all;
use testkit::Figure;
use tokio::{io::AsyncReadExt as _, time::Instant};

use super::{attacker, shop::Shop};
use crate::RunConfig;

const ADDRESS: u8 = 2;
const AT_ONCE: u64 = 30;
/// Tests of attributes: refused, and allowed.
const TESTS: [usize; 2] = [60, 10];

pub(super) async fn run(config: &RunConfig) -> Result<Vec<Figure>> {
    let shop = Shop::open().await?;
    let addr = shop.addr()?;
    let (counts, beside) = shop
        .attack(config, async |time| {
            let began = Instant::now();
            let attackers = (0..AT_ONCE).map(async |number| {
                let mut counts = Counts::default();
                while began.elapsed() < time {
                    let tests = TESTS[number as usize % TESTS.len()];
                    let response = list(addr, tests).await?;
                    counts.all += 1;
                    counts.refused += u64::from(response.contains("FILTER_TOO_COSTLY"));
                    counts.served += u64::from(response.starts_with("HTTP/1.1 200"));
                }
                anyhow::Ok(counts)
            });
            let counts = join_all(attackers).await.into_iter().collect::<Result<Vec<_>>>()?;
            Ok(counts.into_iter().fold(Counts::default(), Counts::add))
        })
        .await?;
    println!("{counts:?}");
    let mut figures = vec![
        Figure::at_least("filters beyond the bound that were refused", counts.refused, 1),
        Figure::at_least("filters within it that were served", counts.served, 1),
    ];
    figures.extend(beside.figures(config));
    Ok(figures)
}

#[derive(Debug, Default)]
struct Counts {
    all: u64,
    refused: u64,
    served: u64,
}

impl Counts {
    fn add(self, other: Self) -> Self {
        Self {
            all: self.all + other.all,
            refused: self.refused + other.refused,
            served: self.served + other.served,
        }
    }
}

/// The response to a list with this many tests in its filter.
pub(super) async fn list(addr: std::net::SocketAddr, tests: usize) -> Result<String> {
    let tests = (0..tests).map(|number| format!("attributes.a{number}:%22zz%22"));
    let filter = tests.collect::<Vec<_>>().join("%20OR%20");
    let request = format!(
        "GET /v1/products?filter={filter} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
    );
    let mut stream = attacker::send(addr, ADDRESS, &request).await?;
    let mut response = Vec::new();
    let read = stream.read_to_end(&mut response);
    ensure!(tokio::time::timeout(Duration::from_secs(60), read).await.is_ok(), "no response");
    Ok(String::from_utf8_lossy(&response).into_owned())
}

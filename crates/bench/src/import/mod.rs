//! Import of the real data set until all products are in the index, its round trip in each format, and a shop's export
//! with damaged rows: `cargo xtask bench import`.
//!
//! Requires the product data beside the checkout.

mod round_trip;
mod shop;

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use testkit::{Fleet, Service, get, repository, shared_data, until};

/// Maximum time of the import by a release build on two cores (README).
const MAX_TIME: Duration = Duration::from_secs(60);
const MEGABYTE: u64 = 1 << 20;

pub(crate) async fn run() -> Result<bool> {
    let Some(file) = shared_data("products.jsonl.gz") else { return Ok(true) };
    let map = repository().join("examples/icecat.toml");
    let mut fleet = Fleet::start().await;
    let began = Instant::now();
    let arguments =
        ["import", file.to_str().expect("UTF-8"), "--map", map.to_str().expect("UTF-8")];
    let output = fleet.catctl(&arguments).await;
    let imported = began.elapsed();
    print!("{}{}", output.out, output.err);
    ensure!(output.code == Some(0), "the import failed");
    let url = fleet.url("/v1/search?pageSize=1");
    until("all products are in the index", async || {
        (get(&url).await.ok()?.json()["totalSize"] == 19_406).then_some(())
    })
    .await;
    println!("imported in {imported:.1?}, all searchable after {:.1?}", began.elapsed());
    for service in [Service::Catalogue, Service::Search, Service::Gateway] {
        let resident = fleet.process(service).resident_bytes() / MEGABYTE;
        println!("{service:?}: {resident} MB resident");
    }
    let mut figures = round_trip::run(&fleet).await?;
    let mut fleet = Fleet::start().await;
    figures.extend(shop::run(&mut fleet).await?);
    for figure in &figures {
        let mark = if figure.ok { "ok" } else { "FAILED" };
        println!("{}: {} ({}) {mark}", figure.name, figure.value, figure.bound);
    }
    Ok(imported < MAX_TIME && figures.iter().all(|figure| figure.ok))
}

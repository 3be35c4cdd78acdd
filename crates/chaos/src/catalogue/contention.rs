//! Concurrent readers and writers of an SQLite file.

use std::time::{Duration, Instant};

use proto::catalogue::v1::{
    BrowseProductsRequest, CreateProductRequest, GetProductRequest, Product, UpdateProductRequest,
    catalogue_service_client::CatalogueServiceClient,
};
use testkit::{Figure, Random};
use tonic::transport::Channel;

use super::process::{CatalogueProcess, Engine, product};
use crate::RunConfig;

const WRITERS: u64 = 16;
const READERS: u64 = 64;
/// Products at the start.
const PRODUCTS: u64 = 200;

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let catalogue = CatalogueProcess::start(Engine::Sqlite).await?;
    for number in 0..PRODUCTS {
        catalogue.create(product(format!("p-{number}"))).await?;
    }
    let end = Instant::now() + config.time(Duration::from_secs(60));
    let mut tasks = Vec::new();
    for number in 0..WRITERS {
        let client = CatalogueServiceClient::new(catalogue.channel()?);
        let random = config.random(&format!("writer {number}"));
        tasks.push(tokio::spawn(write(client, random, number, end)));
    }
    for number in 0..READERS {
        let client = CatalogueServiceClient::new(catalogue.channel()?);
        let random = config.random(&format!("reader {number}"));
        tasks.push(tokio::spawn(read(client, random, end)));
    }
    let mut all = Tally::default();
    for task in tasks {
        let tally = task.await?;
        all.writes_ms.extend(tally.writes_ms);
        all.reads += tally.reads;
        all.failed.extend(tally.failed);
    }
    anyhow::ensure!(all.failed.is_empty(), "calls failed: {:?}", &all.failed[..1]);
    let locked = catalogue.log().matches("is locked").count();
    let mut figures = vec![
        Figure::at_least("reads", all.reads, READERS),
        Figure::at_least("writes", all.writes_ms.len() as u64, WRITERS),
        Figure::exactly("times the database was locked", locked, 0),
    ];
    // In tests, latencies depend on other tests that run at the same time.
    if config.scale() >= 1.0 {
        let p99 = percentile(&mut all.writes_ms, 0.99);
        figures.push(Figure::at_most("write p99, ms", p99, 250.0));
    }
    Ok(figures)
}

type Client = CatalogueServiceClient<Channel>;

/// Creates and updates products until `end`.
async fn write(mut client: Client, mut random: Random, writer: u64, end: Instant) -> Tally {
    let mut tally = Tally::default();
    for round in 0_u64.. {
        let began = Instant::now();
        if began >= end {
            break;
        }
        let result = if random.chance(0.5) {
            let product = Some(product(format!("w{writer}-{round}")));
            let request = CreateProductRequest { product, ..Default::default() };
            client.create_product(request).await
        } else {
            let id = format!("p-{}", random.below(PRODUCTS));
            let product = Some(Product { brand: format!("Brand {round}"), ..product(id) });
            let update_mask = Some(pbjson_types::FieldMask { paths: vec!["brand".into()] });
            let request = UpdateProductRequest { product, update_mask, ..Default::default() };
            client.update_product(request).await
        };
        tally.failed.extend(result.err().map(|status| status.to_string()));
        tally.writes_ms.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    tally
}

/// Reads products, and some lists, until `end`.
async fn read(mut client: Client, mut random: Random, end: Instant) -> Tally {
    let mut tally = Tally::default();
    while Instant::now() < end {
        let failed = if random.chance(0.9) {
            let product_id = format!("p-{}", random.below(PRODUCTS));
            let request = GetProductRequest { product_id, ..Default::default() };
            client.get_product(request).await.err()
        } else {
            let request = BrowseProductsRequest { page_size: 20, ..Default::default() };
            client.browse_products(request).await.err()
        };
        tally.failed.extend(failed.map(|status| status.to_string()));
        tally.reads += 1;
    }
    tally
}

#[derive(Default)]
struct Tally {
    writes_ms: Vec<f64>,
    reads: u64,
    failed: Vec<String>,
}

/// The percentile `share`, from 0.0 to 1.0.
fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let index = (values.len() as f64 * share).ceil() as usize;
    values.get(index.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

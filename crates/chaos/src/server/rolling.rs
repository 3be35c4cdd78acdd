//! Rolling restarts of all replicas under load.

use std::time::Duration;

use proto::{
    catalogue::v1::{
        AdjustStockRequest, BrowseProductsRequest, CreateProductRequest, GetProductRequest,
        catalogue_service_client::CatalogueServiceClient, stock_service_client::StockServiceClient,
    },
    search::v1::{SearchRequest, search_service_client::SearchServiceClient},
};
use testkit::Figure;
use tonic::{
    Request, Status,
    transport::{Channel, Endpoint},
};

use super::replicas::Replicas;
use crate::catalogue::product;
use crate::{
    RunConfig,
    load::{Load, quantile},
};

const RATE: f64 = 500.0;
/// Deadline of a call.
const TIMEOUT: Duration = Duration::from_secs(5);
const CATALOGUES: u16 = 3;
const SEARCHES: u16 = 2;
const PRODUCTS: u64 = 100;

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut replicas = Replicas::start(CATALOGUES, SEARCHES).await?;
    let endpoint = Endpoint::from_shared(format!("http://{}", replicas.gateway()))?;
    let channel = endpoint.tcp_nodelay(true).connect().await?;
    for number in 0..PRODUCTS {
        let product = Some(product(id(number)));
        let request = CreateProductRequest { product, ..Default::default() };
        CatalogueServiceClient::new(channel.clone()).create_product(request).await?;
    }
    // Lower at a small scale, because other tests run at the same time.
    let rate = RATE * config.scale().clamp(0.1, 1.0);
    let load = Load::start(rate, move |number| call(channel.clone(), number));
    let mut slowest = Duration::ZERO;
    let (rounds, mut restarts) = (config.count(10), 0);
    for _ in 0..rounds {
        for index in 0..replicas.behind() {
            slowest = slowest.max(replicas.restart(index).await?);
            restarts += 1;
        }
    }
    let calls = load.stop(TIMEOUT).await?;
    for (call, status) in calls.failed().take(5) {
        println!("after {:?}: {status}", call.took);
    }
    println!("p99 {:.1} ms", quantile(calls.succeeded(), 0.99));
    Ok(vec![
        Figure::exactly("restarts", restarts, rounds * u64::from(CATALOGUES + SEARCHES)),
        Figure::at_least("calls", calls.all.len() as f64, rate / 2.0),
        Figure::exactly("failed calls", calls.failed().count(), 0),
        Figure::at_most("slowest shutdown, s", slowest.as_secs_f64(), 30.0),
    ])
}

/// Makes a read, a list, a search or, once in ten, a write.
async fn call(channel: Channel, number: u64) -> Result<(), Status> {
    let product_id = id(number % PRODUCTS);
    match number % 10 {
        0 => {
            let request = AdjustStockRequest { product_id, delta: 1, ..Default::default() };
            StockServiceClient::new(channel).adjust_stock(timed(request)).await.map(drop)
        }
        1 | 2 => {
            let request = SearchRequest { query: "product".to_owned(), ..Default::default() };
            SearchServiceClient::new(channel).search(timed(request)).await.map(drop)
        }
        3 => {
            let request = BrowseProductsRequest { page_size: 10, ..Default::default() };
            CatalogueServiceClient::new(channel).browse_products(timed(request)).await.map(drop)
        }
        _ => {
            let request = GetProductRequest { product_id, ..Default::default() };
            CatalogueServiceClient::new(channel).get_product(timed(request)).await.map(drop)
        }
    }
}

fn timed<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(TIMEOUT);
    request
}

fn id(number: u64) -> String {
    format!("p-{number:03}")
}

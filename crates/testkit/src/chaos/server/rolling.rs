//! Every replica is restarted, one after the other, while calls go on.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use proto::{
    catalogue::v1::{
        AdjustStockRequest, BrowseProductsRequest, CreateProductRequest, GetProductRequest,
        catalogue_service_client::CatalogueServiceClient, stock_service_client::StockServiceClient,
    },
    search::v1::{SearchRequest, search_service_client::SearchServiceClient},
};
use tonic::{
    Request, Status,
    transport::{Channel, Endpoint},
};

use super::{
    super::catalogue::subject::product,
    load::{quantile, until_over},
    replicas::Replicas,
};
use crate::{Figure, Setting};

const RATE: f64 = 500.0;
const CATALOGUES: u16 = 3;
const SEARCHES: u16 = 2;
const PRODUCTS: u64 = 100;

pub(super) async fn run(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let mut replicas = Replicas::start(CATALOGUES, SEARCHES).await?;
    let endpoint = Endpoint::from_shared(format!("http://{}", replicas.gateway()))?;
    let channel = endpoint.tcp_nodelay(true).connect().await?;
    for number in 0..PRODUCTS {
        let product = Some(product(id(number)));
        let request = CreateProductRequest { product, ..Default::default() };
        CatalogueServiceClient::new(channel.clone()).create_product(request).await?;
    }
    let over = Arc::new(AtomicBool::new(false));
    // A smaller experiment is a slower one, too: it runs beside other tests.
    let rate = RATE * setting.scale().clamp(0.1, 1.0);
    let load = until_over(rate, over.clone(), move |number| one(channel.clone(), number));
    let load = tokio::spawn(load);
    let mut slowest = Duration::ZERO;
    let rounds = setting.count(10);
    for _ in 0..rounds {
        for index in 0..replicas.behind() {
            slowest = slowest.max(replicas.restart(index).await?);
        }
    }
    over.store(true, Relaxed);
    let calls = load.await?;
    for (call, status) in calls.failed().take(5) {
        println!("after {:?}: {status}", call.took);
    }
    println!("p99 {:.1} ms", quantile(calls.answered(), 0.99));
    Ok(vec![
        Figure::exactly("restarts", rounds * replicas.behind() as u64, rounds * 5),
        Figure::at_least("calls", calls.all.len() as f64, rate / 2.0),
        Figure::exactly("failed calls of any kind", calls.failed().count(), 0),
        Figure::at_most("slowest to leave, s", slowest.as_secs_f64(), 30.0),
    ])
}

/// A read, a list, a search or, one in ten, a write.
async fn one(channel: Channel, number: u64) -> Result<(), Status> {
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
    request.set_timeout(Duration::from_secs(5));
    request
}

fn id(number: u64) -> String {
    format!("p-{number:03}")
}

//! Attacks, kills and load together.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use anyhow::{Context as _, Result, ensure};
use http::Method;
use proto::catalogue::v1::{
    AdjustStockRequest, GetProductRequest, catalogue_service_client::CatalogueServiceClient,
    stock_service_client::StockServiceClient,
};
use testkit::{Figure, HttpClient, Service, until_within};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;
use tonic::{
    Code, Status,
    transport::{Channel, Endpoint},
};

use super::{
    attacker, filters,
    floods::floods,
    shop::{PRODUCTS, Shop, id},
};
use crate::{
    RunConfig,
    load::{Load, concurrently},
};

const TIME: Duration = Duration::from_secs(20 * 60);
const LEAST_TIME: Duration = Duration::from_secs(20);
/// Pause between kills.
const BETWEEN_KILLS: Duration = Duration::from_secs(4);
const WRITERS: u64 = 8;
/// Pause of a writer between its writes.
const BETWEEN_WRITES: Duration = Duration::from_millis(100);
/// Time for the system to become whole by itself.
const HEAL: Duration = Duration::from_secs(60);
const ADDRESS: u8 = 2;
/// Sockets of an attack that wait for nothing.
const SOCKETS: usize = 100;

pub(super) async fn run(config: &RunConfig) -> Result<Vec<Figure>> {
    let mut shop = Shop::open().await?;
    let addr = shop.addr()?;
    let channel =
        Endpoint::from_shared(shop.fleet.url(""))?.timeout(Duration::from_secs(5)).connect_lazy();
    let json = HttpClient::new(shop.fleet.url(""));
    let reader = json.clone();
    let read = move |number: u64| read(reader.clone(), number);
    let peak = concurrently(32, Duration::from_secs(2), &read).await.goodput();
    ensure!(peak > 0.0, "no read succeeded before the attacks");
    let stop = CancellationToken::new();
    let load = Load::start(peak / 2.0, read);
    let writers: Vec<_> =
        (0..WRITERS).map(|number| Writer::start(number, channel.clone(), stop.clone())).collect();
    let attacks = attack(addr, &stop);
    let (began, mut kills, mut random) = (Instant::now(), 0_u64, config.random("kills"));
    while began.elapsed() < config.time(TIME).max(LEAST_TIME) {
        sleep(BETWEEN_KILLS).await;
        let services = [Service::Catalogue, Service::Search, Service::Gateway];
        let service = services[random.below(3) as usize];
        shop.fleet.kill(service);
        // As a supervisor does.
        shop.fleet.restart(service);
        kills += 1;
    }
    stop.cancel();
    let reads = load.stop(Duration::from_secs(10)).await?;
    for task in attacks {
        task.abort();
    }
    let mut acknowledged = BTreeMap::<String, i64>::new();
    for writer in writers {
        for product in writer.await? {
            *acknowledged.entry(product).or_default() += 1;
        }
    }
    let healed = Instant::now();
    for service in [Service::Catalogue, Service::Search, Service::Gateway] {
        shop.fleet.ready(service).await;
    }
    let wrong = wrong_stock(&channel, &acknowledged).await?;
    until_within(HEAL, "search has every product", async || {
        let found = json.get("/v1/search?pageSize=1").await.ok()?;
        let total = found.status.is_success().then(|| found.json()["totalSize"].as_u64())?;
        (total == Some(PRODUCTS)).then_some(())
    })
    .await;
    println!(
        "{} reads at half of {peak:.0}/s, of which {:.2} % failed; whole after {:.1} s",
        reads.count(),
        reads.failed_share(),
        healed.elapsed().as_secs_f64()
    );
    Ok(vec![
        Figure::at_least("kills", kills, 1),
        Figure::at_least("acknowledged sales", acknowledged.values().sum(), WRITERS as i64),
        Figure::exactly("products whose stock is not what was acknowledged", wrong, 0),
        Figure::at_least("reads that succeeded", reads.succeeded().count(), 1),
    ])
}

async fn read(json: HttpClient, number: u64) -> Result<(), Status> {
    let path = format!("/v1/products/{}", id(number % PRODUCTS));
    let response =
        tokio::time::timeout(Duration::from_secs(5), json.send(Method::GET, &path, &[], ""));
    match response.await {
        Ok(Ok(response)) if response.status.is_success() => Ok(()),
        Ok(Ok(response)) => Err(Status::unknown(response.status.to_string())),
        Ok(Err(error)) => Err(Status::unavailable(format!("{error:#}"))),
        Err(_) => Err(Status::deadline_exceeded("no response")),
    }
}

/// A client that raises stock by one, again and again.
struct Writer;

impl Writer {
    /// Returns the products of its writes, all of which are acknowledged in the end: one of unknown outcome is
    /// repeated with its id.
    fn start(writer: u64, channel: Channel, stop: CancellationToken) -> JoinHandle<Vec<String>> {
        tokio::spawn(async move {
            let mut stock = StockServiceClient::new(channel);
            let mut written = Vec::new();
            for number in 0.. {
                if stop.is_cancelled() {
                    break;
                }
                let product_id = id((writer + number * WRITERS) % PRODUCTS);
                let request = AdjustStockRequest {
                    product_id: product_id.clone(),
                    delta: 1,
                    request_id: format!("sale-{writer}-{number}"),
                    ..Default::default()
                };
                while stock.adjust_stock(request.clone()).await.is_err() {
                    sleep(BETWEEN_WRITES).await;
                }
                written.push(product_id);
                sleep(BETWEEN_WRITES).await;
            }
            written
        })
    }
}

/// The number of products with a stock other than the sum of the acknowledged writes.
async fn wrong_stock(channel: &Channel, acknowledged: &BTreeMap<String, i64>) -> Result<u64> {
    let catalogue = CatalogueServiceClient::new(channel.clone());
    let mut wrong = 0;
    for number in 0..PRODUCTS {
        let product_id = id(number);
        let expected = acknowledged.get(&product_id).copied().unwrap_or_default();
        let request = GetProductRequest { product_id, ..Default::default() };
        let read = until_within(HEAL, "the product is read", async || {
            match catalogue.clone().get_product(request.clone()).await {
                Ok(product) => Some(Ok(product.into_inner())),
                Err(status) if status.code() == Code::NotFound => Some(Err(status)),
                Err(_) => None,
            }
        });
        let product = read.await.context("a product is missing")?;
        wrong += u64::from(i64::from(product.stock_qty) != expected);
    }
    Ok(wrong)
}

/// Starts all attacks. They ignore errors: the gateway dies now and then.
fn attack(addr: SocketAddr, stop: &CancellationToken) -> [JoinHandle<()>; 3] {
    let repeated = |attack: fn(SocketAddr) -> futures::future::BoxFuture<'static, Result<()>>| {
        let stop = stop.clone();
        tokio::spawn(async move {
            while !stop.is_cancelled() {
                if attack(addr).await.is_err() {
                    sleep(Duration::from_millis(100)).await;
                }
            }
        })
    };
    [
        repeated(|addr| {
            Box::pin(async move {
                for flood in floods() {
                    flood.run(addr).await?;
                }
                Ok(())
            })
        }),
        repeated(|addr| Box::pin(async move { filters::list(addr, 60).await.map(drop) })),
        repeated(|addr| Box::pin(hold(addr))),
    ]
}

/// Requests without their bodies, and unread event streams, for some seconds.
async fn hold(addr: SocketAddr) -> Result<()> {
    let mut sockets = Vec::new();
    for number in 0..SOCKETS {
        let request = match number % 2 {
            0 => "POST /v1/products HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n",
            _ => "GET /v1/changes HTTP/1.1\r\nhost: localhost\r\n\r\n",
        };
        sockets.push(attacker::send(addr, ADDRESS, request).await?);
    }
    sleep(BETWEEN_KILLS).await;
    Ok(())
}

//! Thousands of open event streams, half of which are not read.

use std::{collections::BTreeMap, time::Duration};

use anyhow::Result;
use proto::catalogue::v1::{
    AdjustStockRequest, CreateProductRequest, GetProductRequest,
    catalogue_service_client::CatalogueServiceClient, stock_service_client::StockServiceClient,
};
use testkit::{Figure, Fleet, Service, peak_bytes};
use tokio::{
    net::TcpStream,
    time::{Instant, sleep},
};
use tonic::transport::{Channel, Endpoint};

use super::event_reader::{Reader, Received, has_begun, open};
use crate::{RunConfig, catalogue::product, load::at_rate};

/// Streams of `/v1/changes`, and as many of `/v1/availability`.
const STREAMS: u64 = 5_000;
const PRODUCTS: u64 = 1_000;
const CHANGES_PER_SECOND: f64 = 500.0;
/// The same of debug builds at a small scale, with other tests beside.
const FEW_CHANGES_PER_SECOND: f64 = 20.0;
const TIME: Duration = Duration::from_secs(60);
/// Calls of others per second: a product through the gateway.
const READS_PER_SECOND: f64 = 100.0;
/// Number of unread streams that follow the changes of all products, and therefore fall behind.
const FOLLOW_ALL: u64 = 50;
/// Timeout until readers have received the changes, after the load.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Receive buffer of an unread socket in bytes: small, so that the sender soon blocks. Those that are
/// read later have a usual one: TCP opens a small window again only after seconds.
const SMALL_BUFFER: usize = 4_096;
const MEGABYTE: f64 = 1_048_576.0;

pub(super) async fn run(config: &RunConfig) -> Result<Vec<Figure>> {
    let mut fleet = Fleet::start().await;
    let channel = connect(&fleet, Service::Catalogue).await?;
    let products = config.count(PRODUCTS);
    create(&channel, products).await?;
    let gateway = fleet.addr(Service::Gateway);
    let streams = Streams::open(config, &gateway, products).await?;
    let others = CatalogueServiceClient::new(connect(&fleet, Service::Gateway).await?);
    let reads = at_rate(READS_PER_SECOND, config.time(TIME), |number: u64| {
        let mut others = others.clone();
        let product_id = id(number % products);
        let request = GetProductRequest { product_id, ..Default::default() };
        async move { others.get_product(request).await.map(drop) }
    });
    let stock = StockServiceClient::new(channel);
    let rate = if config.scale() < 1.0 { FEW_CHANGES_PER_SECOND } else { CHANGES_PER_SECOND };
    let changes = at_rate(rate, config.time(TIME), |number: u64| {
        let request = AdjustStockRequest {
            product_id: id(number % products),
            delta: 1,
            request_id: format!("change-{number}"),
            ..Default::default()
        };
        let mut stock = stock.clone();
        async move { stock.adjust_stock(request).await.map(drop) }
    });
    let (reads, changes) = tokio::join!(reads, changes);
    let mut written = Written::new();
    for call in changes.succeeded() {
        let ids = written.entry(id(call.number % products)).or_default();
        ids.push(format!("change-{}", call.number));
    }
    let opened = streams.count();
    let verdict = streams.check(&written, stock).await?;
    let memory = |process: u32| anyhow::Ok(peak_bytes(process)? as f64 / MEGABYTE);
    Ok(vec![
        Figure::at_least("open streams", opened as f64, 2.0 * config.count(STREAMS) as f64),
        Figure::exactly("failed changes", changes.failed().count(), 0),
        Figure::exactly("failed calls of others", reads.failed().count(), 0),
        Figure::at_least("changes", changes.succeeded().count() as f64, 1.0),
        Figure::exactly("readers of changes that missed one", verdict.changes, 0),
        Figure::exactly("readers of stock with a wrong value", verdict.stock, 0),
        Figure::exactly("laggards without a single resync", verdict.laggards, 0),
        Figure::at_most(
            "gateway peak memory, MB",
            memory(fleet.process(Service::Gateway).id())?,
            400.0,
        ),
        Figure::at_most(
            "catalogue peak memory, MB",
            memory(fleet.process(Service::Catalogue).id())?,
            400.0,
        ),
    ])
}

/// The request ids of the changes of each product.
type Written = BTreeMap<String, Vec<String>>;

/// The open streams.
struct Streams {
    /// By the product that they are about.
    changes: Vec<(String, Reader)>,
    stock: Vec<(String, Reader)>,
    /// Unread, of all changes.
    laggards: Vec<TcpStream>,
    unread: Vec<TcpStream>,
}

/// The numbers of readers that received something else than they should.
struct Verdict {
    changes: usize,
    stock: usize,
    laggards: usize,
}

impl Streams {
    async fn open(config: &RunConfig, gateway: &str, products: u64) -> Result<Self> {
        let (changes, stock) = (Vec::new(), Vec::new());
        let mut streams = Self { changes, stock, laggards: Vec::new(), unread: Vec::new() };
        let small = Some(SMALL_BUFFER);
        for number in 0..config.count(STREAMS) {
            let product_id = id(number / 2 % products);
            let changes = format!("/v1/changes?start=now&productId={product_id}");
            let stock = format!("/v1/availability?productId={product_id}");
            if number % 2 == 0 {
                let reader = Reader::start(open(gateway, &changes, None).await?);
                streams.changes.push((product_id.clone(), reader));
                let reader = Reader::start(open(gateway, &stock, None).await?);
                streams.stock.push((product_id, reader));
            } else if number / 2 < config.count(FOLLOW_ALL) {
                let laggard = open(gateway, "/v1/changes?start=now", None).await?;
                has_begun(&laggard).await?;
                streams.laggards.push(laggard);
                streams.unread.push(open(gateway, &stock, small).await?);
            } else {
                streams.unread.push(open(gateway, &changes, small).await?);
                streams.unread.push(open(gateway, &stock, small).await?);
            }
        }
        let readers = || streams.changes.iter().chain(&streams.stock);
        until(|| readers().all(|(_, reader)| reader.received().has_begun)).await;
        Ok(streams)
    }

    fn count(&self) -> usize {
        self.changes.len() + self.stock.len() + self.laggards.len() + self.unread.len()
    }

    /// Waits until the readers have received what was written, and counts those that have not.
    async fn check(
        self,
        written: &Written,
        mut stock: StockServiceClient<Channel>,
    ) -> Result<Verdict> {
        let none = Vec::new();
        let of = |id: &String| written.get(id).unwrap_or(&none);
        let changes = missed(&self.changes, |id, received| is_all(&received.changes, of(id))).await;
        let has_last = |id: &String, received: &Received| {
            received.wrong_stock == 0 && received.stock == 1 + of(id).len() as i64
        };
        let wrong_stock = missed(&self.stock, has_last).await;
        let all: Vec<String> = written.values().flatten().cloned().collect();
        let laggards = self.laggards.into_iter().map(|it| (String::new(), Reader::start(it)));
        let laggards: Vec<_> = laggards.collect();
        missed(&laggards, |_, it| it.resyncs == 1 || is_all(&it.changes, &all)).await;
        let (product_id, request_id) = (id(0), "last".to_owned());
        let last = AdjustStockRequest { product_id, delta: 1, request_id, ..Default::default() };
        stock.adjust_stock(last).await?;
        let goes_on = |_: &String, it: &Received| {
            let has_resync =
                it.resyncs == 1 || it.resyncs == 0 && it.changes.len() == all.len() + 1;
            has_resync && it.changes.last().is_some_and(|change| change == "last")
        };
        let laggards = missed(&laggards, goes_on).await;
        Ok(Verdict { changes, stock: wrong_stock, laggards })
    }
}

/// Whether these are the changes, in any order, each once.
fn is_all(received: &[String], written: &[String]) -> bool {
    let sorted = |ids: &[String]| {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids
    };
    received.len() == written.len() && sorted(received) == sorted(written)
}

/// The number of readers that have not received what they should, after some time.
async fn missed(readers: &[(String, Reader)], has: impl Fn(&String, &Received) -> bool) -> usize {
    let has_not = || readers.iter().filter(|(id, reader)| !has(id, &reader.received())).count();
    until(|| has_not() == 0).await;
    has_not()
}

/// Waits until a condition holds, at most [`TIMEOUT`].
async fn until(condition: impl Fn() -> bool) {
    let began = Instant::now();
    while !condition() && began.elapsed() < TIMEOUT {
        sleep(Duration::from_millis(50)).await;
    }
}

async fn connect(fleet: &Fleet, service: Service) -> Result<Channel> {
    Ok(Endpoint::from_shared(format!("http://{}", fleet.addr(service)))?.connect().await?)
}

async fn create(channel: &Channel, products: u64) -> Result<()> {
    let mut catalogue = CatalogueServiceClient::new(channel.clone());
    for number in 0..products {
        let mut product = product(id(number));
        product.stock_qty = 1;
        let request = CreateProductRequest { product: Some(product), ..Default::default() };
        catalogue.create_product(request).await?;
    }
    Ok(())
}

fn id(number: u64) -> String {
    format!("p-{number:04}")
}

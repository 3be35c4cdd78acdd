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
use crate::{
    RunConfig,
    catalogue::product,
    load::{Calls, at_rate, concurrently},
};

/// Streams of `/v1/changes`, and as many of `/v1/availability`.
const STREAMS: u64 = 5_000;
const PRODUCTS: u64 = 1_000;
const CHANGES_PER_SECOND: f64 = 500.0;
/// Clients that make the changes.
const WRITERS: u64 = 32;
/// The scale from which on changes come at that rate, so that laggards miss some.
const FULL_RATE: f64 = 0.1;
/// The rate at a smaller scale, for debug builds with other tests beside.
const FEW_CHANGES_PER_SECOND: f64 = 20.0;
const TIME: Duration = Duration::from_secs(60);
/// Calls of others per second: a product through the gateway.
const READS_PER_SECOND: f64 = 100.0;
/// Number of further streams, which follow the changes of all products and are not read at first, so that they fall
/// behind.
const FOLLOW_ALL: u64 = 50;
/// Timeout until readers have received the changes, after the load.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Laggards read nothing for so long before the end of the load. The server ends streams that are not read for 30 s.
const UNREAD: Duration = Duration::from_secs(15);
/// Receive buffer of an unread socket in bytes: small, so that the sender soon blocks. Sockets that are read later have
/// a usual one: TCP opens a small window again only after seconds.
const SMALL_BUFFER: usize = 4_096;
/// One address opens all streams.
const ARGUMENTS: [&str; 4] =
    ["--peer-share=0", "--max-connections=15000", "--max-open-streams=15000", "--log=warn"];
const OF_GATEWAY: &str = "--max-event-streams=15000";
/// Length of a product's description, in characters. Buffers of sockets hold megabytes: smaller changes would
/// fit into them.
const DESCRIPTION: usize = 4_000;
const MEGABYTE: f64 = 1_048_576.0;

pub(super) async fn run(config: &RunConfig) -> Result<Vec<Figure>> {
    let mut fleet = Fleet::start_each(arguments).await;
    let channel = connect(&fleet, Service::Catalogue).await?;
    let products = config.count(PRODUCTS);
    create(&channel, products).await?;
    let gateway = fleet.addr(Service::Gateway);
    let mut streams = Streams::open(config, &gateway, products).await?;
    let count = config.count(FOLLOW_ALL);
    let unread_from = config.time(TIME).saturating_sub(UNREAD);
    if unread_from.is_zero() {
        streams.laggards = laggards(&gateway, count).await?;
    }
    let others = CatalogueServiceClient::new(connect(&fleet, Service::Gateway).await?);
    let reads = at_rate(READS_PER_SECOND, config.time(TIME), |number: u64| {
        let mut others = others.clone();
        let product_id = id(number % products);
        let request = GetProductRequest { product_id, ..Default::default() };
        async move { others.get_product(request).await.map(drop) }
    });
    let stock = StockServiceClient::new(channel);
    let lags = config.scale() >= FULL_RATE;
    let rate = if lags { CHANGES_PER_SECOND } else { FEW_CHANGES_PER_SECOND };
    let changes = changes(stock.clone(), rate, config.time(TIME), products);
    let late = async {
        if !unread_from.is_zero() {
            sleep(unread_from).await;
            streams.laggards = laggards(&gateway, count).await?;
        }
        anyhow::Ok(())
    };
    let (reads, changes, late) = tokio::join!(reads, changes, late);
    late?;
    println!("{:.0} changes a second", changes.goodput());
    let mut written = Written::new();
    for call in changes.succeeded() {
        let ids = written.entry(id(call.number % products)).or_default();
        ids.push(format!("change-{}", call.number));
    }
    let opened = streams.count();
    let least = if config.scale() >= 1.0 { 0.9 * rate } else { 1.0 };
    let verdict = streams.check(&written, stock, lags).await?;
    let mut figures = vec![
        Figure::at_least("open streams", opened as f64, 2.0 * config.count(STREAMS) as f64),
        Figure::exactly("failed changes", changes.failed().count(), 0),
        Figure::exactly("failed calls of others", reads.failed().count(), 0),
        Figure::at_least("changes a second", changes.goodput(), least),
    ];
    figures.extend(verdict.figures());
    for service in [Service::Gateway, Service::Catalogue] {
        let peak = peak_bytes(fleet.process(service).id())? as f64 / MEGABYTE;
        figures.push(Figure::at_most(format!("{service:?} peak memory, MB"), peak, 400.0));
    }
    Ok(figures)
}

fn arguments(service: Service) -> Vec<String> {
    let of_gateway = (service == Service::Gateway).then_some(OF_GATEWAY);
    ARGUMENTS.into_iter().chain(of_gateway).map(str::to_owned).collect()
}

/// Makes changes at a rate, or as fast as a few clients are answered: a busy machine then makes fewer, instead of
/// having them refused for overload.
async fn changes(
    stock: StockServiceClient<Channel>,
    rate: f64,
    time: Duration,
    products: u64,
) -> Calls {
    let interval = Duration::from_secs_f64(WRITERS as f64 / rate);
    concurrently(WRITERS, time, |number: u64| {
        let mut stock = stock.clone();
        let request = AdjustStockRequest {
            product_id: id(number % products),
            delta: 1,
            request_id: format!("change-{number}"),
            ..Default::default()
        };
        async move {
            let next = sleep(interval);
            let changed = stock.adjust_stock(request).await.map(drop);
            next.await;
            changed
        }
    })
    .await
}

/// Opens unread streams of all changes.
async fn laggards(gateway: &str, count: u64) -> Result<Vec<TcpStream>> {
    let mut laggards = Vec::new();
    for _ in 0..count {
        let laggard = open(gateway, "/v1/changes?start=now", None).await?;
        has_begun(&laggard).await?;
        laggards.push(laggard);
    }
    Ok(laggards)
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

impl Verdict {
    fn figures(&self) -> [Figure; 3] {
        [
            Figure::exactly("readers of changes that missed one", self.changes, 0),
            Figure::exactly("readers of stock with a wrong value", self.stock, 0),
            Figure::exactly("laggards without a single resync", self.laggards, 0),
        ]
    }
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

    /// Waits until the readers have received all writes, and counts the readers that have not. With `lags`, laggards
    /// must have missed changes.
    async fn check(
        self,
        written: &Written,
        mut stock: StockServiceClient<Channel>,
        lags: bool,
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
                it.resyncs == 1 || !lags && it.resyncs == 0 && it.changes.len() == all.len() + 1;
            has_resync && it.changes.last().is_some_and(|change| change == "last")
        };
        let behind = missed(&laggards, goes_on).await;
        for (_, laggard) in laggards.iter().take(behind) {
            let laggard = laggard.received();
            println!("laggard: {} changes, {} resyncs", laggard.changes.len(), laggard.resyncs);
        }
        let laggards = behind;
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

/// The number of readers that lack a required change, after some time.
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
        product.description = "x".repeat(DESCRIPTION);
        let request = CreateProductRequest { product: Some(product), ..Default::default() };
        catalogue.create_product(request).await?;
    }
    Ok(())
}

fn id(number: u64) -> String {
    format!("p-{number:04}")
}

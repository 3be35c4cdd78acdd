//! Writers with overlapping transactions, and followers that resume from earlier cursors.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use proto::catalogue::v1::{
    GetWatermarkRequest, ListChangesRequest, Product, ReservationLine, ReserveStockRequest,
    WatchChangesRequest, feed_service_client::FeedServiceClient,
    stock_service_client::StockServiceClient, watch_changes_response::Event,
};
use sqlx::{Connection as _, PgConnection};
use testkit::{Figure, Random};
use tokio::time::timeout;
use tonic::{Code, transport::Channel};

use super::process::{CatalogueProcess, Engine, product};
use crate::RunConfig;

const WRITERS: u64 = 8;
/// Transactions per writer, at full size.
const TRANSACTIONS: u64 = 10_000;
const MAX_LINES: u64 = 8;
/// Number of products in use at a time: few, so that transactions conflict.
const ACTIVE: u64 = 20;
/// Enough products that the history of each holds all of its changes.
const PRODUCTS: u64 = 2_200;
/// A product without stock: its reservation fails.
const SOLD_OUT: &str = "sold-out";
/// Half of them stream changes, half of them poll.
const FOLLOWERS: u64 = 4;
/// Timeout until a follower has all changes.
const TIMEOUT: Duration = Duration::from_secs(30);

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut catalogue = CatalogueProcess::start(Engine::Postgres).await?;
    let products = config.count(PRODUCTS).max(2 * ACTIVE);
    create_products(&catalogue, products).await?;

    let mut feed = FeedServiceClient::new(catalogue.channel()?);
    let oldest = feed.get_watermark(GetWatermarkRequest {}).await?.into_inner().oldest_cursor;
    let expected = Arc::new(AtomicU64::new(u64::MAX));
    let mut followers = Vec::new();
    for number in 0..FOLLOWERS {
        let follower = Follower {
            feed: FeedServiceClient::new(catalogue.channel()?),
            random: config.random(&format!("follower {number}")),
            seen: Vec::new(),
            marks: vec![(0, oldest.clone())],
            resumed: 0,
        };
        let expected = Arc::clone(&expected);
        followers.push(tokio::spawn(follower.run(number % 2 == 0, expected)));
    }
    let rounds = config.count(TRANSACTIONS);
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let stock = StockServiceClient::new(catalogue.channel()?);
        let random = config.random(&format!("writer {writer}"));
        writers.push(tokio::spawn(write(stock, random, writer, rounds, products)));
    }
    let mut written = Written::default();
    for writer in writers {
        written.add(&writer.await??);
    }
    expected.store(written.changes, Ordering::SeqCst);

    let history = history(&mut catalogue).await?;
    let in_history: usize = history.values().map(Vec::len).sum();
    ensure!(in_history as u64 == written.changes, "the history has {in_history} changes");
    let (mut lost, mut disordered, mut resumed) = (0, 0, 0);
    for follower in followers {
        let follower = follower.await?.context("a follower failed")?;
        resumed += follower.resumed;
        let received = follower.by_product();
        for (product, requests) in &history {
            let received = received.get(product).map(Vec::as_slice).unwrap_or_default();
            let missing = requests.iter().filter(|request| !received.contains(request)).count();
            lost += missing as u64;
            disordered += u64::from(missing == 0 && received != requests.as_slice());
        }
    }
    Ok(vec![
        Figure::exactly("transactions", written.committed + written.rolled_back, rounds * WRITERS),
        Figure::at_least("transactions rolled back", written.rolled_back, rounds * WRITERS / 20),
        Figure::at_least("changes", written.changes, written.committed),
        Figure::at_least("resumes of followers", resumed, FOLLOWERS),
        Figure::exactly("changes lost, over all followers", lost, 0),
        Figure::exactly("products with changes out of order", disordered, 0),
    ])
}

async fn create_products(catalogue: &CatalogueProcess, count: u64) -> anyhow::Result<()> {
    for number in 0..count {
        catalogue.create(Product { stock_qty: 1_000_000, ..product(id(number)) }).await?;
    }
    catalogue.create(product(SOLD_OUT)).await?;
    Ok(())
}

#[derive(Default)]
struct Written {
    committed: u64,
    rolled_back: u64,
    changes: u64,
}

impl Written {
    fn add(&mut self, other: &Self) {
        self.committed += other.committed;
        self.rolled_back += other.rolled_back;
        self.changes += other.changes;
    }
}

/// Reserves one to eight products per transaction; a tenth of the transactions is rolled back.
async fn write(
    mut stock: StockServiceClient<Channel>,
    mut random: Random,
    writer: u64,
    rounds: u64,
    products: u64,
) -> anyhow::Result<Written> {
    let mut written = Written::default();
    for round in 0..rounds {
        let first = round * (products - ACTIVE) / rounds;
        let count = 1 + random.below(MAX_LINES);
        let mut chosen: Vec<u64> = (0..ACTIVE).collect();
        let mut lines = Vec::new();
        for _ in 0..count {
            let taken = chosen.swap_remove(random.below(chosen.len() as u64) as usize);
            lines.push(line(id(first + taken)));
        }
        let is_impossible = random.chance(0.05);
        let validate_only = !is_impossible && random.chance(0.05);
        if is_impossible {
            lines.push(line(SOLD_OUT.to_owned()));
        }
        let request = ReserveStockRequest {
            lines,
            ttl: Some(pbjson_types::Duration { seconds: 24 * 60 * 60, nanos: 0 }),
            request_id: format!("w{writer}-{round}"),
            validate_only,
        };
        // Repeated conflicts fail the call, which is then retried.
        loop {
            match stock.reserve_stock(request.clone()).await {
                Ok(_) if validate_only => written.rolled_back += 1,
                Ok(_) => {
                    written.committed += 1;
                    written.changes += count;
                }
                Err(status) if status.code() == Code::FailedPrecondition && is_impossible => {
                    written.rolled_back += 1;
                }
                Err(status) if matches!(status.code(), Code::Aborted | Code::Unavailable) => {
                    continue;
                }
                Err(status) => bail!("a reservation failed: {status}"),
            }
            break;
        }
    }
    Ok(written)
}

fn id(number: u64) -> String {
    format!("p-{number:04}")
}

fn line(product_id: String) -> ReservationLine {
    ReservationLine { product_id, quantity: 1, ..Default::default() }
}

/// A change: product id and request id.
type Change = (String, String);

/// A reader of the feed that repeatedly resumes from an earlier cursor.
struct Follower {
    feed: FeedServiceClient<Channel>,
    random: Random,
    /// Changes of the writers, in the order of the feed.
    seen: Vec<Change>,
    /// Cursors, with the number of changes before each.
    marks: Vec<(usize, String)>,
    resumed: u64,
}

impl Follower {
    /// Follows until it has the expected number of changes, or receives none before the timeout.
    async fn run(mut self, watches: bool, expected: Arc<AtomicU64>) -> anyhow::Result<Self> {
        let mut last_change = Instant::now();
        loop {
            let before = self.seen.len();
            let back = self.random.below(self.marks.len().min(50) as u64) as usize;
            let (at, cursor) = self.marks[self.marks.len() - 1 - back].clone();
            let max = 1 + self.random.below(2_000) as usize;
            if watches {
                self.watch(at, cursor, max).await?;
            } else {
                self.poll(at, cursor, max).await?;
            }
            self.resumed += 1;
            if self.seen.len() as u64 >= expected.load(Ordering::SeqCst) {
                return Ok(self);
            }
            if self.seen.len() > before {
                last_change = Instant::now();
            } else if expected.load(Ordering::SeqCst) != u64::MAX && last_change.elapsed() > TIMEOUT
            {
                return Ok(self);
            }
        }
    }

    /// Streams up to `max` changes after a cursor; fewer if none arrives for a moment.
    async fn watch(&mut self, mut at: usize, cursor: String, max: usize) -> anyhow::Result<()> {
        const QUIET: Duration = Duration::from_millis(300);
        let request = WatchChangesRequest { cursor, ..WatchChangesRequest::default() };
        let mut events = self.feed.watch_changes(request).await?.into_inner();
        let end = at + max;
        while at < end
            && let Ok(event) = timeout(QUIET, events.message()).await
        {
            let event = event?.context("the stream ended")?;
            if let Some(Event::Change(change)) = event.event {
                at = self.record(at, (change.product_id, change.request_id))?;
                self.mark(at, event.cursor);
            }
        }
        Ok(())
    }

    /// Reads up to `max` changes after a cursor, page by page.
    async fn poll(&mut self, mut at: usize, mut cursor: String, max: usize) -> anyhow::Result<()> {
        let end = at + max;
        while at < end {
            let page_size = 1 + self.random.below(200) as i32;
            let request = ListChangesRequest { cursor, page_size, ..Default::default() };
            let page = self.feed.list_changes(request).await?.into_inner();
            for change in page.changes {
                at = self.record(at, (change.product_id, change.request_id))?;
            }
            self.mark(at, page.next_cursor.clone());
            cursor = page.next_cursor;
            if page.caught_up {
                tokio::task::yield_now().await;
                break;
            }
        }
        Ok(())
    }

    /// Records the change at position `at`; one that was read before must be the same. Returns the next
    /// position.
    fn record(&mut self, at: usize, change: Change) -> anyhow::Result<usize> {
        // The creation of the products, before the writers started.
        if !change.1.starts_with('w') {
            return Ok(at);
        }
        match self.seen.get(at) {
            Some(before) => ensure!(*before == change, "first {before:?}, then {change:?} at {at}"),
            None => self.seen.push(change),
        }
        Ok(at + 1)
    }

    fn mark(&mut self, at: usize, cursor: String) {
        if self.marks.last().is_none_or(|(last, _)| *last < at) {
            self.marks.push((at, cursor));
        }
        // Bounds the list; only the latest are used.
        if self.marks.len() > 1_000 {
            self.marks.drain(..500);
        }
    }

    /// Ids of the requests that changed each product, in the order of the feed.
    fn by_product(self) -> BTreeMap<String, Vec<String>> {
        let mut requests = BTreeMap::<_, Vec<_>>::new();
        for (product, request) in self.seen {
            requests.entry(product).or_default().push(request);
        }
        requests
    }
}

/// Ids of the requests that changed each product, by revision, from the database.
async fn history(
    catalogue: &mut CatalogueProcess,
) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
    const SQL: &str = "SELECT product_id, request_id FROM product_revisions \
        WHERE request_id LIKE 'w%' ORDER BY product_id, revision";
    let (_, url) = catalogue.postgres()?;
    let mut other = PgConnection::connect(url).await?;
    let rows: Vec<Change> = sqlx::query_as(SQL).fetch_all(&mut other).await?;
    let mut history = BTreeMap::<_, Vec<_>>::new();
    for (product, request) in rows {
        history.entry(product).or_default().push(request);
    }
    Ok(history)
}

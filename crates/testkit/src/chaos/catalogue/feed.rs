//! Many writers whose transactions overlap, and followers who lose their place.

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
use tokio::time::timeout;
use tonic::{Code, transport::Channel};

use super::subject::{Engine, Subject, product};
use crate::{Figure, Random, Setting};

const WRITERS: u64 = 8;
/// A transaction of each writer, at full size.
const TRANSACTIONS: u64 = 10_000;
const MOST_LINES: u64 = 8;
/// So many products are in demand at a time, so that transactions get in each other's way.
const IN_DEMAND: u64 = 20;
/// Over all products: few enough changes of each for its history to hold them.
const PRODUCTS: u64 = 2_200;
/// A product that is sold out: whoever asks for it too gets nothing.
const SOLD_OUT: &str = "sold-out";
/// Half of them watch, half of them ask.
const FOLLOWERS: u64 = 4;
/// When nothing has come for so long, nothing will.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) async fn run(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let mut subject = Subject::start(Engine::Postgres).await?;
    let products = setting.count(PRODUCTS).max(2 * IN_DEMAND);
    for number in 0..products {
        subject.create(Product { stock_qty: 1_000_000, ..product(id(number)) }).await?;
    }
    subject.create(product(SOLD_OUT)).await?;

    let mut feed = FeedServiceClient::new(subject.channel()?);
    let oldest = feed.get_watermark(GetWatermarkRequest {}).await?.into_inner().oldest_cursor;
    let expected = Arc::new(AtomicU64::new(u64::MAX));
    let mut followers = Vec::new();
    for number in 0..FOLLOWERS {
        let follower = Follower {
            feed: FeedServiceClient::new(subject.channel()?),
            random: setting.random(&format!("follower {number}")),
            seen: Vec::new(),
            marks: vec![(0, oldest.clone())],
            resumed: 0,
        };
        let expected = Arc::clone(&expected);
        followers.push(tokio::spawn(follower.run(number % 2 == 0, expected)));
    }
    let rounds = setting.count(TRANSACTIONS);
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let stock = StockServiceClient::new(subject.channel()?);
        let random = setting.random(&format!("writer {writer}"));
        writers.push(tokio::spawn(write(stock, random, writer, rounds, products)));
    }
    let mut written = Written::default();
    for writer in writers {
        let one = writer.await??;
        written.committed += one.committed;
        written.rolled_back += one.rolled_back;
        written.changes += one.changes;
    }
    expected.store(written.changes, Ordering::SeqCst);

    let truth = history(&mut subject).await?;
    let in_history: usize = truth.values().map(Vec::len).sum();
    ensure!(in_history as u64 == written.changes, "the history has {in_history} changes");
    let (mut lost, mut disordered, mut resumed) = (0, 0, 0);
    for follower in followers {
        let heard = follower.await?.context("a follower failed")?;
        resumed += heard.resumed;
        let told = heard.by_product();
        for (product, requests) in &truth {
            let told = told.get(product).map(Vec::as_slice).unwrap_or_default();
            let missing = requests.iter().filter(|request| !told.contains(request)).count();
            lost += missing as u64;
            disordered += u64::from(missing == 0 && told != requests.as_slice());
        }
    }
    Ok(vec![
        Figure::exactly("transactions", written.committed + written.rolled_back, rounds * WRITERS),
        Figure::at_least("of them rolled back", written.rolled_back, rounds * WRITERS / 20),
        Figure::at_least("changes", written.changes, written.committed),
        Figure::at_least("times a follower resumed somewhere", resumed, FOLLOWERS),
        Figure::exactly("changes lost, over all followers", lost, 0),
        Figure::exactly("products whose changes came in another order", disordered, 0),
    ])
}

#[derive(Default)]
struct Written {
    committed: u64,
    rolled_back: u64,
    changes: u64,
}

/// Takes goods of one to eight products at a time; a tenth of it comes to nothing.
async fn write(
    mut stock: StockServiceClient<Channel>,
    mut random: Random,
    writer: u64,
    rounds: u64,
    products: u64,
) -> anyhow::Result<Written> {
    let mut written = Written::default();
    for round in 0..rounds {
        let first = round * (products - IN_DEMAND) / rounds;
        let count = 1 + random.below(MOST_LINES);
        let mut chosen: Vec<u64> = (0..IN_DEMAND).collect();
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
        // One that got in each other's way too often says so; it is asked for again.
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

/// A change: of which product, by which request.
type Told = (String, String);

/// One who reads the feed, forgets how far, and goes on from an earlier place.
struct Follower {
    feed: FeedServiceClient<Channel>,
    random: Random,
    /// Every change of the writers, in the order they were told.
    seen: Vec<Told>,
    /// Cursors, and how many changes had been seen there.
    marks: Vec<(usize, String)>,
    resumed: u64,
}

impl Follower {
    /// Until it has seen so many changes, or none have come for too long.
    async fn run(mut self, watches: bool, expected: Arc<AtomicU64>) -> anyhow::Result<Self> {
        let mut news = Instant::now();
        loop {
            let before = self.seen.len();
            let back = self.random.below(self.marks.len().min(50) as u64) as usize;
            let (at, cursor) = self.marks[self.marks.len() - 1 - back].clone();
            let most = 1 + self.random.below(2_000) as usize;
            if watches {
                self.watch(at, cursor, most).await?;
            } else {
                self.ask(at, cursor, most).await?;
            }
            self.resumed += 1;
            if self.seen.len() as u64 >= expected.load(Ordering::SeqCst) {
                return Ok(self);
            }
            if self.seen.len() > before {
                news = Instant::now();
            } else if expected.load(Ordering::SeqCst) != u64::MAX && news.elapsed() > PATIENCE {
                return Ok(self);
            }
        }
    }

    /// Some changes behind a cursor, or those that there are when nothing comes for a moment.
    async fn watch(&mut self, mut at: usize, cursor: String, most: usize) -> anyhow::Result<()> {
        const QUIET: Duration = Duration::from_millis(300);
        let request = WatchChangesRequest { cursor, ..WatchChangesRequest::default() };
        let mut events = self.feed.watch_changes(request).await?.into_inner();
        let end = at + most;
        while at < end
            && let Ok(event) = timeout(QUIET, events.message()).await
        {
            let event = event?.context("a watch ended by itself")?;
            if let Some(Event::Change(change)) = event.event {
                at = self.hear(at, (change.product_id, change.request_id))?;
                self.mark(at, event.cursor);
            }
        }
        Ok(())
    }

    async fn ask(&mut self, mut at: usize, mut cursor: String, most: usize) -> anyhow::Result<()> {
        let end = at + most;
        while at < end {
            let page_size = 1 + self.random.below(200) as i32;
            let request = ListChangesRequest { cursor, page_size, ..Default::default() };
            let page = self.feed.list_changes(request).await?.into_inner();
            for change in page.changes {
                at = self.hear(at, (change.product_id, change.request_id))?;
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

    /// What comes again must be what came before. Returns how many have been seen there.
    fn hear(&mut self, at: usize, told: Told) -> anyhow::Result<usize> {
        // What came into being before the writers began.
        if !told.1.starts_with('w') {
            return Ok(at);
        }
        match self.seen.get(at) {
            Some(before) => ensure!(*before == told, "first {before:?}, then {told:?} at {at}"),
            None => self.seen.push(told),
        }
        Ok(at + 1)
    }

    fn mark(&mut self, at: usize, cursor: String) {
        if self.marks.last().is_none_or(|(last, _)| *last < at) {
            self.marks.push((at, cursor));
        }
        // The oldest are of no use any more.
        if self.marks.len() > 1_000 {
            self.marks.drain(..500);
        }
    }

    /// The requests that have changed each product, in the order they were told.
    fn by_product(self) -> BTreeMap<String, Vec<String>> {
        let mut told = BTreeMap::<_, Vec<_>>::new();
        for (product, request) in self.seen {
            told.entry(product).or_default().push(request);
        }
        told
    }
}

/// The same as the database has it, by revision.
async fn history(subject: &mut Subject) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
    const SQL: &str = "SELECT product_id, request_id FROM product_revisions \
        WHERE request_id LIKE 'w%' ORDER BY product_id, revision";
    let (_, url) = subject.postgres()?;
    let mut other = PgConnection::connect(url).await?;
    let rows: Vec<Told> = sqlx::query_as(SQL).fetch_all(&mut other).await?;
    let mut history = BTreeMap::<_, Vec<_>>::new();
    for (product, request) in rows {
        history.entry(product).or_default().push(request);
    }
    Ok(history)
}

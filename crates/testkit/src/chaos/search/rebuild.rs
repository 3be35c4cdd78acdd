//! The index built anew while it is asked, and while the process is killed.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use proto::{
    catalogue::v1::{AdjustStockRequest, stock_service_client::StockServiceClient},
    position::Position,
    search::v1::{
        RebuildIndexRequest, SearchRequest, SearchResponse,
        search_admin_service_client::SearchAdminServiceClient,
        search_service_client::SearchServiceClient,
    },
};
use tokio::{sync::mpsc, task::JoinSet, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;

use super::subject::{COLOURS, Replica};
use crate::{Figure, Setting, until, until_within};

/// 50 queries a second.
const EVERY: Duration = Duration::from_millis(20);
/// How long a rebuild may take at full size on a busy machine.
const PATIENCE: Duration = Duration::from_secs(15 * 60);
/// How long queries go on before it and after it.
const AROUND: Duration = Duration::from_secs(1);

/// Queries at a steady pace all through a rebuild.
pub(super) async fn under_load(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let replica = Replica::start().await?;
    let products = setting.count(100_000).max(2_000);
    replica.fill(products).await?;
    let expected: Arc<[(String, i32)]> = totals(&replica.channel()?).await?.into();

    let stop = CancellationToken::new();
    let (answers, mut answered) = mpsc::unbounded_channel();
    let asking =
        tokio::spawn(ask(replica.channel()?, Arc::clone(&expected), answers, stop.clone()));
    let selling = tokio::spawn(sell(replica.catalogue.channel()?, products, stop.clone()));
    tokio::time::sleep(AROUND).await;
    let before = replica.indexes()?;
    let began = Instant::now();
    rebuild(&replica.channel()?).await?;
    until_within(PATIENCE, "the index is rebuilt", async || {
        let status = replica.status().await.ok()?;
        (!status.rebuilding).then_some(())
    })
    .await;
    let took = began.elapsed();
    tokio::time::sleep(AROUND).await;
    stop.cancel();
    asking.await?;
    let sold = selling.await??;
    let after = replica.indexes()?;

    let (mut failed, mut partial, mut older, mut times) = (0, 0, 0, Vec::new());
    while let Ok(answer) = answered.try_recv() {
        times.push(answer.took);
        match answer.found {
            Ok(found) => {
                partial += u64::from(found.total != answer.expected);
                older += u64::from(found.is_older);
            }
            Err(status) => {
                if failed == 0 {
                    println!("the first that failed: {status}");
                }
                failed += 1;
            }
        }
    }
    times.sort_unstable();
    let p99 = times[(times.len() - 1) * 99 / 100].as_millis();
    println!("rebuilt {products} products in {:.1} s, {sold} sold meanwhile", took.as_secs_f64());
    Ok(vec![
        Figure::at_least("queries", times.len(), 50),
        Figure::exactly("queries failed", failed, 0),
        Figure::exactly("answers from a part", partial, 0),
        Figure::exactly("answers older than one before", older, 0),
        Figure::at_most("query p99, ms", p99, 1_000),
        Figure::exactly("another index", after.len() == 1 && after != before, true),
        Figure::exactly("products", replica.status().await?.product_count, products as i64),
    ])
}

/// kill -9 in the middle of rebuilds.
pub(super) async fn killed(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let mut replica = Replica::start().await?;
    let products = 3_000;
    replica.fill(products).await?;
    let expected = totals(&replica.channel()?).await?;
    let mut random = setting.random("when");
    let kills = setting.count(60);
    let (mut whole, mut left) = (0, 0);
    for _ in 0..kills {
        rebuild(&replica.channel()?).await?;
        tokio::time::sleep(Duration::from_millis(random.below(1_500))).await;
        replica.kill();
        replica.restart()?;
        replica.ready().await;
        whole += u64::from(totals(&replica.channel()?).await? == expected);
        left += replica.indexes()?.len() - 1;
    }
    let before = replica.indexes()?;
    rebuild(&replica.channel()?).await?;
    until("the index is rebuilt", async || {
        let status = replica.status().await.ok()?;
        (!status.rebuilding && status.caught_up).then_some(())
    })
    .await;
    let another = replica.indexes()? != before;
    Ok(vec![
        Figure::exactly("kills", kills, kills),
        Figure::exactly("whole at once after the restart", whole, kills),
        Figure::exactly("indexes left behind", left, 0),
        Figure::exactly("another index in the end", another, true),
        Figure::exactly(
            "the same answers in the end",
            totals(&replica.channel()?).await? == expected,
            true,
        ),
    ])
}

async fn rebuild(channel: &Channel) -> anyhow::Result<()> {
    let mut admin = SearchAdminServiceClient::new(channel.clone());
    admin.rebuild_index(RebuildIndexRequest {}).await?;
    Ok(())
}

/// What is asked, and how many products match.
async fn totals(channel: &Channel) -> anyhow::Result<Vec<(String, i32)>> {
    let mut totals = Vec::new();
    for query in COLOURS.iter().copied().chain([""]) {
        let answer = search(channel, query).await?;
        totals.push((query.to_owned(), answer.total_size));
    }
    Ok(totals)
}

async fn search(channel: &Channel, query: &str) -> Result<SearchResponse, tonic::Status> {
    let mut client = SearchServiceClient::new(channel.clone());
    let query = query.to_owned();
    let request = SearchRequest { query, page_size: 5, unlogged: true, ..Default::default() };
    Ok(client.search(request).await?.into_inner())
}

struct Found {
    total: i32,
    /// Than an answer that was there before it was asked.
    is_older: bool,
}

struct Answer {
    found: Result<Found, tonic::Status>,
    expected: i32,
    took: Duration,
}

/// Asks at its pace, whatever becomes of the queries before.
async fn ask(
    channel: Channel,
    expected: Arc<[(String, i32)]>,
    answers: mpsc::UnboundedSender<Answer>,
    stop: CancellationToken,
) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut tasks = JoinSet::new();
    let newest = Arc::new(AtomicI64::new(0));
    for number in 0.. {
        tokio::select! {
            _ = ticks.tick() => {}
            () = stop.cancelled() => break,
        }
        while tasks.try_join_next().is_some() {}
        let (channel, answers, expected) = (channel.clone(), answers.clone(), expected.clone());
        let newest = Arc::clone(&newest);
        tasks.spawn(async move {
            let (query, total) = &expected[number % expected.len()];
            let (began, seen) = (Instant::now(), newest.load(Ordering::SeqCst));
            let found = search(&channel, query).await.map(|answer| {
                let revision = Position::decode(&answer.indexed_revision);
                let sequence = revision.map_or(0, |(revision, _)| revision.sequence);
                newest.fetch_max(sequence, Ordering::SeqCst);
                Found { total: answer.total_size, is_older: sequence < seen }
            });
            answers.send(Answer { found, expected: *total, took: began.elapsed() }).ok();
        });
    }
    tasks.join_all().await;
}

/// Sells something now and then: what changes is not how many products there are.
async fn sell(channel: Channel, products: u64, stop: CancellationToken) -> anyhow::Result<u64> {
    let mut stock = StockServiceClient::new(channel);
    let mut ticks = tokio::time::interval(Duration::from_millis(50));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for sold in 0.. {
        tokio::select! {
            _ = ticks.tick() => {}
            () = stop.cancelled() => return Ok(sold),
        }
        let product_id = super::subject::id_of(sold * 7_919 % products);
        let request = AdjustStockRequest { product_id, delta: 1, ..Default::default() };
        stock.adjust_stock(request).await?;
    }
    unreachable!("numbers do not end")
}

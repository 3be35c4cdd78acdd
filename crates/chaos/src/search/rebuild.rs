//! Rebuilds of the index under load, and with kills.

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
use testkit::{Figure, until, until_within};
use tokio::{sync::mpsc, task::JoinSet, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;

use super::replica::{COLOURS, SearchReplica};
use crate::RunConfig;

/// Interval of 50 queries per second.
const QUERY_INTERVAL: Duration = Duration::from_millis(20);
/// Timeout of a rebuild at full size on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(15 * 60);
/// Duration of the load before and after the rebuild.
const MARGIN: Duration = Duration::from_secs(1);

/// Queries at a steady rate during a rebuild.
pub(super) async fn under_load(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let replica = SearchReplica::start().await?;
    let products = config.count(100_000).max(2_000);
    replica.fill(products).await?;
    let expected: Arc<[(String, i32)]> = totals(&replica.channel()?).await?.into();

    let stop = CancellationToken::new();
    let (outcomes, mut received) = mpsc::unbounded_channel();
    let querying =
        tokio::spawn(query(replica.channel()?, Arc::clone(&expected), outcomes, stop.clone()));
    let changing = tokio::spawn(change_stock(replica.catalogue.channel()?, products, stop.clone()));
    tokio::time::sleep(MARGIN).await;
    let before = replica.indexes()?;
    let began = Instant::now();
    rebuild(&replica.channel()?).await?;
    until_within(TIMEOUT, "the index is rebuilt", async || {
        let status = replica.status().await.ok()?;
        (!status.rebuilding).then_some(())
    })
    .await;
    let took = began.elapsed();
    tokio::time::sleep(MARGIN).await;
    stop.cancel();
    querying.await?;
    let changes = changing.await??;
    let after = replica.indexes()?;

    let (mut failed, mut partial, mut older, mut times) = (0, 0, 0, Vec::new());
    while let Ok(outcome) = received.try_recv() {
        times.push(outcome.took);
        match outcome.found {
            Ok(found) => {
                partial += u64::from(found.total != outcome.expected);
                older += u64::from(found.is_older);
            }
            Err(status) => {
                if failed == 0 {
                    println!("first failure: {status}");
                }
                failed += 1;
            }
        }
    }
    times.sort_unstable();
    let p99 = times[(times.len() - 1) * 99 / 100].as_millis();
    println!(
        "rebuilt {products} products in {:.1} s, {changes} stock changes meanwhile",
        took.as_secs_f64()
    );
    Ok(vec![
        Figure::at_least("queries", times.len(), 50),
        Figure::exactly("queries failed", failed, 0),
        Figure::exactly("responses from a partial index", partial, 0),
        Figure::exactly("responses older than an earlier one", older, 0),
        Figure::at_most("query p99, ms", p99, 1_000),
        Figure::exactly("index replaced", after.len() == 1 && after != before, true),
        Figure::exactly("products", replica.status().await?.product_count, products as i64),
    ])
}

/// Kills (SIGKILL) during rebuilds.
pub(super) async fn killed(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut replica = SearchReplica::start().await?;
    let products = 3_000;
    replica.fill(products).await?;
    let expected = totals(&replica.channel()?).await?;
    let mut random = config.random("when");
    let (kills, mut killed) = (config.count(60), 0);
    let (mut complete, mut left) = (0, 0);
    for _ in 0..kills {
        rebuild(&replica.channel()?).await?;
        tokio::time::sleep(Duration::from_millis(random.below(1_500))).await;
        killed += u64::from(replica.kill());
        replica.restart()?;
        replica.ready().await;
        complete += u64::from(totals(&replica.channel()?).await? == expected);
        left += replica.indexes()?.len() - 1;
    }
    let before = replica.indexes()?;
    rebuild(&replica.channel()?).await?;
    until("the index is rebuilt", async || {
        let status = replica.status().await.ok()?;
        (!status.rebuilding && status.caught_up).then_some(())
    })
    .await;
    let is_replaced = replica.indexes()? != before;
    Ok(vec![
        Figure::exactly("kills", killed, kills),
        Figure::exactly("complete after the restart", complete, kills),
        Figure::exactly("indexes left behind", left, 0),
        Figure::exactly("index replaced in the end", is_replaced, true),
        Figure::exactly(
            "same responses in the end",
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

/// Queries, with their number of matches.
async fn totals(channel: &Channel) -> anyhow::Result<Vec<(String, i32)>> {
    let mut totals = Vec::new();
    for query in COLOURS.iter().copied().chain([""]) {
        let response = search(channel, query).await?;
        totals.push((query.to_owned(), response.total_size));
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
    /// Whether an earlier response had a newer revision.
    is_older: bool,
}

struct Outcome {
    found: Result<Found, tonic::Status>,
    expected: i32,
    took: Duration,
}

/// Sends queries at a steady rate, independent of earlier ones.
async fn query(
    channel: Channel,
    expected: Arc<[(String, i32)]>,
    outcomes: mpsc::UnboundedSender<Outcome>,
    stop: CancellationToken,
) {
    let mut ticks = tokio::time::interval(QUERY_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut tasks = JoinSet::new();
    let newest = Arc::new(AtomicI64::new(0));
    for number in 0.. {
        tokio::select! {
            _ = ticks.tick() => {}
            () = stop.cancelled() => break,
        }
        while tasks.try_join_next().is_some() {}
        let (channel, outcomes, expected) = (channel.clone(), outcomes.clone(), expected.clone());
        let newest = Arc::clone(&newest);
        tasks.spawn(async move {
            let (query, total) = &expected[number % expected.len()];
            let (began, newest_before) = (Instant::now(), newest.load(Ordering::SeqCst));
            let found = search(&channel, query).await.map(|response| {
                let revision = Position::decode(&response.indexed_revision);
                let sequence = revision.map_or(0, |(revision, _)| revision.sequence);
                newest.fetch_max(sequence, Ordering::SeqCst);
                Found { total: response.total_size, is_older: sequence < newest_before }
            });
            outcomes.send(Outcome { found, expected: *total, took: began.elapsed() }).ok();
        });
    }
    tasks.join_all().await;
}

/// Changes stock at a steady rate, which keeps the number of matches.
async fn change_stock(
    channel: Channel,
    products: u64,
    stop: CancellationToken,
) -> anyhow::Result<u64> {
    let mut stock = StockServiceClient::new(channel);
    let mut ticks = tokio::time::interval(Duration::from_millis(50));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for changes in 0.. {
        tokio::select! {
            _ = ticks.tick() => {}
            () = stop.cancelled() => return Ok(changes),
        }
        let product_id = super::replica::id_of(changes * 7_919 % products);
        let request = AdjustStockRequest { product_id, delta: 1, ..Default::default() };
        stock.adjust_stock(request).await?;
    }
    unreachable!("the range has no end")
}

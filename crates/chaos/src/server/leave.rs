//! Shutdown of a catalogue with open streams.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use nix::sys::signal::Signal;
use proto::catalogue::v1::{
    CreateProductRequest, ListProductsRequest, Product, WatchAvailabilityRequest,
    WatchChangesRequest, WatchChangesResponse, catalogue_service_client::CatalogueServiceClient,
    feed_service_client::FeedServiceClient, stock_service_client::StockServiceClient,
    watch_changes_request::Start, watch_changes_response::Event,
};
use testkit::Figure;
use tokio::time::timeout;
use tonic::{Code, Status, Streaming, transport::Channel};

use super::bound;
use crate::RunConfig;
use crate::catalogue::{CatalogueProcess, Engine, product};

const TIMEOUT: Duration = Duration::from_secs(30);

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut catalogue = CatalogueProcess::start(Engine::Sqlite).await?;
    catalogue.create(product("first")).await?;
    let (mut missed, mut slowest, mut violations) = (0, Duration::ZERO, 0);
    let rounds = config.count(10);
    for round in 0..rounds {
        let Shutdown { lost, took, failed_checks } = shut_down(&mut catalogue, round).await?;
        missed += lost;
        slowest = slowest.max(took);
        violations += failed_checks;
    }
    let after_second = second_signal(&mut catalogue).await?;
    Ok(vec![
        Figure::exactly("changes missed", missed, 0),
        Figure::exactly(
            "streams without status, reason or cursor; exit codes other than 0",
            violations,
            0,
        ),
        Figure::at_most("slowest shutdown, s", slowest.as_secs_f64(), 25.0),
        Figure::at_most(
            "end after a second signal, s",
            after_second.as_secs_f64(),
            bound(config, 1.0),
        ),
    ])
}

struct Shutdown {
    lost: usize,
    took: Duration,
    failed_checks: usize,
}

/// Stops the catalogue during writes and two streams, restarts it, and reads the changes that follow.
async fn shut_down(catalogue: &mut CatalogueProcess, round: u64) -> anyhow::Result<Shutdown> {
    let channel = catalogue.channel()?;
    let request = WatchChangesRequest { start: Start::Now.into(), ..Default::default() };
    let feed = FeedServiceClient::new(channel.clone()).watch_changes(request).await?.into_inner();
    let request = WatchAvailabilityRequest { product_ids: vec!["first".to_owned()] };
    let stock =
        StockServiceClient::new(channel.clone()).watch_availability(request).await?.into_inner();
    let stop = Arc::new(AtomicBool::new(false));
    let writing = tokio::spawn(write(channel.clone(), round, stop.clone()));
    let following = tokio::spawn(follow(feed));
    let watching = tokio::spawn(follow_stock(stock));
    tokio::time::sleep(Duration::from_millis(500)).await;
    let began = Instant::now();
    catalogue.process()?.signal(Signal::SIGTERM);
    let (mut seen, cursor, ended) =
        timeout(TIMEOUT, following).await.context("the feed is still open")??;
    let stock = timeout(TIMEOUT, watching).await.context("the stock stream is still open")??;
    let exit = catalogue.process()?.ends_within(TIMEOUT).await?;
    let took = began.elapsed();
    stop.store(true, Relaxed);
    let written = writing.await?;
    let resume_cursor =
        ended.metadata().get("resume-cursor").and_then(|cursor| cursor.to_str().ok());
    let checks = [
        ended.code() == Code::Unavailable && has_reason(&ended),
        resume_cursor.is_some_and(|it| it == cursor),
        stock.code() == Code::Unavailable && has_reason(&stock),
        exit.code() == Some(0),
    ];
    if checks.contains(&false) {
        println!("{checks:?}: {ended}; {stock}; {exit}");
    }
    catalogue.restart().await?;
    let request = WatchChangesRequest { cursor, ..Default::default() };
    let mut feed =
        FeedServiceClient::new(catalogue.channel()?).watch_changes(request).await?.into_inner();
    while !written.is_subset(&seen) {
        match timeout(Duration::from_secs(10), feed.message())
            .await
            .context("changes are missing")??
        {
            None => bail!("the feed ended"),
            Some(message) => match message.event {
                Some(Event::Change(change)) => {
                    seen.insert(change.product_id);
                }
                // The end of the feed.
                Some(Event::Heartbeat(_)) => break,
                _ => {}
            },
        }
    }
    let lost = written.difference(&seen).count();
    let failed_checks = checks.iter().filter(|check| !**check).count();
    Ok(Shutdown { lost, took, failed_checks })
}

fn has_reason(status: &Status) -> bool {
    status.details().windows(13).any(|bytes| bytes == b"SHUTTING_DOWN")
}

/// Creates products until a call fails. Returns the acknowledged ids.
async fn write(channel: Channel, round: u64, stop: Arc<AtomicBool>) -> BTreeSet<String> {
    let mut client = CatalogueServiceClient::new(channel);
    let mut written = BTreeSet::new();
    for number in 0.. {
        if stop.load(Relaxed) {
            break;
        }
        let id = format!("p-{round}-{number}");
        let request = CreateProductRequest { product: Some(product(&id)), ..Default::default() };
        if client.create_product(request).await.is_err() {
            break;
        }
        written.insert(id);
    }
    written
}

/// Reads a feed to its end. Returns the changed products, the last cursor, and the status.
async fn follow(mut feed: Streaming<WatchChangesResponse>) -> (BTreeSet<String>, String, Status) {
    let (mut seen, mut cursor) = (BTreeSet::new(), String::new());
    loop {
        match feed.message().await {
            Ok(Some(message)) => {
                cursor = message.cursor;
                if let Some(Event::Change(change)) = message.event {
                    seen.insert(change.product_id);
                }
            }
            Ok(None) => return (seen, cursor, Status::ok("no status")),
            Err(status) => return (seen, cursor, status),
        }
    }
}

/// Reads a stream to its end, and returns the status.
async fn follow_stock<T>(mut stock: Streaming<T>) -> Status {
    loop {
        match stock.message().await {
            Ok(Some(_)) => {}
            Ok(None) => return Status::ok("no status"),
            Err(status) => return status,
        }
    }
}

/// Time until the end after a second signal, with a list that the client does not read.
async fn second_signal(catalogue: &mut CatalogueProcess) -> anyhow::Result<Duration> {
    let description = "x".repeat(20_000);
    for number in 0..200 {
        let large =
            Product { description: description.clone(), ..product(format!("large-{number}")) };
        catalogue.create(large).await?;
    }
    let mut client = CatalogueServiceClient::new(catalogue.channel()?);
    let mut list = client.list_products(ListProductsRequest::default()).await?.into_inner();
    list.message().await?;
    let process = catalogue.process()?;
    process.signal(Signal::SIGTERM);
    tokio::time::sleep(Duration::from_secs(1)).await;
    ensure!(process.exit_status().is_none(), "it did not wait for the open list");
    let began = Instant::now();
    process.signal(Signal::SIGTERM);
    process.ends_within(TIMEOUT).await?;
    drop(list);
    Ok(began.elapsed())
}

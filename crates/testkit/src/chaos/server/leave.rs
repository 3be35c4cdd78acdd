//! A catalogue is told to stop while others follow it.

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
use tokio::time::timeout;
use tonic::{Code, Status, Streaming, transport::Channel};

use super::{
    super::catalogue::subject::{Engine, Subject, product},
    bound,
};
use crate::{Figure, Setting};

const PATIENCE: Duration = Duration::from_secs(30);

pub(super) async fn run(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let mut subject = Subject::start(Engine::Sqlite).await?;
    subject.create(product("first")).await?;
    let (mut missed, mut slowest, mut badly) = (0, Duration::ZERO, 0);
    let rounds = setting.count(10);
    for round in 0..rounds {
        let Left { lost, took, ended_badly } = leave(&mut subject, round).await?;
        missed += lost;
        slowest = slowest.max(took);
        badly += ended_badly;
    }
    let at_once = second_signal(&mut subject).await?;
    Ok(vec![
        Figure::exactly("changes missed", missed, 0),
        Figure::exactly("watches without status, reason or cursor; exits but 0", badly, 0),
        Figure::at_most("slowest to leave, s", slowest.as_secs_f64(), 25.0),
        Figure::at_most("after a second signal, s", at_once.as_secs_f64(), bound(setting, 1.0)),
    ])
}

struct Left {
    lost: usize,
    took: Duration,
    ended_badly: usize,
}

/// Stops it under a writer, a follower of the feed and one of the stock, and starts it again.
async fn leave(subject: &mut Subject, round: u64) -> anyhow::Result<Left> {
    let channel = subject.channel()?;
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
    subject.process()?.signal(Signal::SIGTERM);
    let (mut seen, cursor, ended) =
        timeout(PATIENCE, following).await.context("the feed ends")??;
    let stock = timeout(PATIENCE, watching).await.context("the stock ends")??;
    let exit = subject.process()?.ends_within(PATIENCE).await?;
    let took = began.elapsed();
    stop.store(true, Relaxed);
    let written = writing.await?;
    let told = ended.metadata().get("resume-cursor").and_then(|cursor| cursor.to_str().ok());
    let checks = [
        ended.code() == Code::Unavailable && says_why(&ended),
        told.is_some_and(|told| told == cursor),
        stock.code() == Code::Unavailable && says_why(&stock),
        exit.code() == Some(0),
    ];
    if checks.contains(&false) {
        println!("{checks:?}: {ended}; {stock}; {exit}");
    }
    subject.restart().await?;
    let request = WatchChangesRequest { cursor, ..Default::default() };
    let mut feed =
        FeedServiceClient::new(subject.channel()?).watch_changes(request).await?.into_inner();
    while !written.is_subset(&seen) {
        match timeout(Duration::from_secs(10), feed.message()).await.context("all is told")?? {
            None => bail!("the feed ends"),
            Some(message) => match message.event {
                Some(Event::Change(change)) => {
                    seen.insert(change.product_id);
                }
                // There is nothing behind it.
                Some(Event::Heartbeat(_)) => break,
                _ => {}
            },
        }
    }
    let lost = written.difference(&seen).count();
    let ended_badly = checks.iter().filter(|check| !**check).count();
    Ok(Left { lost, took, ended_badly })
}

fn says_why(status: &Status) -> bool {
    status.details().windows(13).any(|bytes| bytes == b"SHUTTING_DOWN")
}

/// Writes until it cannot, and says what was acknowledged.
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

/// What a feed has told, the last cursor, and how it ended.
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
            Ok(None) => return (seen, cursor, Status::ok("without a word")),
            Err(status) => return (seen, cursor, status),
        }
    }
}

async fn follow_stock<T>(mut stock: Streaming<T>) -> Status {
    loop {
        match stock.message().await {
            Ok(Some(_)) => {}
            Ok(None) => return Status::ok("without a word"),
            Err(status) => return status,
        }
    }
}

/// How long it takes to end after a second signal, while someone reads a list and does not go on.
async fn second_signal(subject: &mut Subject) -> anyhow::Result<Duration> {
    let description = "x".repeat(20_000);
    for number in 0..200 {
        let large =
            Product { description: description.clone(), ..product(format!("large-{number}")) };
        subject.create(large).await?;
    }
    let mut client = CatalogueServiceClient::new(subject.channel()?);
    let mut list = client.list_products(ListProductsRequest::default()).await?.into_inner();
    list.message().await?;
    let process = subject.process()?;
    process.signal(Signal::SIGTERM);
    tokio::time::sleep(Duration::from_secs(1)).await;
    ensure!(process.ended().is_none(), "it has not waited for who reads");
    let began = Instant::now();
    process.signal(Signal::SIGTERM);
    process.ends_within(PATIENCE).await?;
    drop(list);
    Ok(began.elapsed())
}

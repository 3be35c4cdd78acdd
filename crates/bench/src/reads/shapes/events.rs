//! Server-sent events: stock changes of a product, sent to all open pages that show it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use devtools::bench::Engine;
use proto::catalogue::v1::{SetStockRequest, stock_service_client::StockServiceClient};
use testkit::{cpu_seconds, until};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

use super::super::{
    calls,
    environment::Environment,
    ours::{self, Cache},
    row::Row,
};

/// Open pages, which show the same product.
const PAGES: u64 = 1_000;
const CHANGES: i32 = 200;
const PAUSE: Duration = Duration::from_millis(10);
/// Its final stock, which every page must receive.
const LAST: i32 = 999_999;

pub(super) async fn measure(environment: &Environment) -> Result<Vec<Row>> {
    const SHAPE: &str = "events";
    let catalogue =
        ours::catalogue(environment, Engine::Sqlite, Cache::Default).start(environment).await?;
    let gateway = ours::gateway(environment, &catalogue, None).start(environment).await?;
    let mut stock = StockServiceClient::new(catalogue.channel().await?);
    let product_id = calls::id(1);
    let set = |stock_qty| SetStockRequest {
        product_id: product_id.clone(),
        stock_qty,
        ..Default::default()
    };
    stock.set_stock(set(0)).await?;
    let (events, finished) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let mut pages = JoinSet::new();
    for _ in 0..PAGES {
        let page = open(&gateway.addr, &product_id).await?;
        pages.spawn(read(page, Arc::clone(&events), Arc::clone(&finished)));
    }
    let all = |what: &'static str, counter: Arc<AtomicU64>| async move {
        until(what, async || (counter.load(Relaxed) >= PAGES).then_some(())).await;
    };
    all("every page has its first event", Arc::clone(&events)).await;
    let (first, memory) = (events.load(Relaxed), gateway.resident_mb());
    let (began, before) = (Instant::now(), cpu_seconds(gateway.id(), false)?);
    for number in 1..=CHANGES {
        let pause = tokio::time::sleep(PAUSE);
        stock.set_stock(set(if number == CHANGES { LAST } else { number })).await?;
        pause.await;
    }
    all("every page has the last change", Arc::clone(&finished)).await;
    let seconds = began.elapsed().as_secs_f64();
    let sent = events.load(Relaxed) - first;
    ensure!(sent > 0, "no page received an event");
    let spent = cpu_seconds(gateway.id(), false)? - before;
    Ok(vec![
        Row::of_value(SHAPE, "events/s to 1,000 pages", sent as f64 / seconds),
        Row::of_value(SHAPE, "gateway CPU s/100k events", spent * 1e5 / sent as f64),
        Row::of_value(SHAPE, "events of 100 that were due", {
            sent as f64 * 100.0 / (f64::from(CHANGES) * PAGES as f64)
        }),
        Row::of_value(SHAPE, "gateway RSS MB", memory),
    ])
}

async fn open(gateway: &str, product_id: &str) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(gateway).await?;
    let request = format!(
        "GET /v1/availability?productId={product_id} HTTP/1.1\r\nhost: {gateway}\r\n\
         accept: text/event-stream\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    Ok(stream)
}

/// Counts the events of a page until one has the final stock.
async fn read(mut page: TcpStream, events: Arc<AtomicU64>, finished: Arc<AtomicU64>) {
    let last = format!("\"stockQty\":{LAST}");
    let (mut buffer, mut line) = (vec![0; 4_096], Vec::new());
    while let Ok(read) = page.read(&mut buffer).await
        && read > 0
    {
        for byte in &buffer[..read] {
            if *byte != b'\n' {
                line.push(*byte);
                continue;
            }
            let text = String::from_utf8_lossy(&line);
            if text.starts_with("data:") && text.contains("stockQty") {
                events.fetch_add(1, Relaxed);
                if text.contains(&last) {
                    finished.fetch_add(1, Relaxed);
                    return;
                }
            }
            line.clear();
        }
    }
}

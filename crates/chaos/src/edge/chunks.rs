//! Large bodies in chunks of one byte.

use std::{
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    time::Duration,
};

use anyhow::Result;
use futures::future::join_all;
use testkit::{Figure, Service, peak_bytes};
use tokio::{
    io::AsyncWriteExt as _,
    net::TcpStream,
    time::{Instant, sleep},
};

use super::{attacker, shop::Shop};
use crate::RunConfig;

const BODIES: u64 = 200;
/// Bytes of a body at full size.
const LENGTH: u64 = 4_000_000;
/// Addresses that send them, so that the bound on all is reached and not only the share of one.
const ADDRESSES: u64 = 4;
/// The gateway's `--max-buffered`.
const BOUND: f64 = 128.0;
/// Memory beyond the bound, in MB: connections, and the allocator's reserve.
const BESIDE: f64 = 50.0;
/// Chunks in one write.
const BATCH: usize = 4_096;

pub(super) async fn run(config: &RunConfig) -> Result<Vec<Figure>> {
    let mut shop = Shop::open().await?;
    let addr = shop.addr()?;
    shop.calls(Duration::from_secs(1)).await;
    let before = shop.memory();
    let length = config.count(LENGTH);
    let sent = AtomicUsize::new(0);
    let (refused, beside) = shop
        .attack(config, async |time| {
            let began = Instant::now();
            let bodies = join_all((0..BODIES).map(async |number| {
                let address = u8::try_from(2 + number % ADDRESSES)?;
                let head = "POST /v1/products HTTP/1.1\r\nhost: localhost\r\n\
                            content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
                let mut stream = attacker::send(addr, address, head).await?;
                send_chunks(&mut stream, length, &sent).await;
                let refused =
                    attacker::status(&mut stream).await.is_none_or(|status| status >= 400);
                anyhow::Ok(u64::from(refused))
            }));
            let refused = bodies.await.into_iter().sum::<Result<u64>>()?;
            sleep(time.saturating_sub(began.elapsed())).await;
            Ok(refused)
        })
        .await?;
    let process = shop.fleet.process(Service::Gateway).id();
    let peak = peak_bytes(process)? as f64 / 1_048_576.0;
    println!("{} MB of chunks sent", sent.load(Relaxed) / 1_000_000);
    let mut figures = vec![
        // None of them is JSON.
        Figure::exactly("bodies that were refused", refused, BODIES),
        Figure::at_most("growth of memory, MB", peak - before, BOUND + BESIDE),
    ];
    figures.extend(beside.figures(config));
    Ok(figures)
}

/// Sends a body, until its end or the server's refusal.
async fn send_chunks(stream: &mut TcpStream, length: u64, sent: &AtomicUsize) {
    let batch = b"1\r\nx\r\n".repeat(BATCH);
    let mut left = length as usize;
    while left > 0 {
        let count = left.min(BATCH);
        if stream.write_all(&batch[..6 * count]).await.is_err() {
            return;
        }
        sent.fetch_add(count, Relaxed);
        left -= count;
    }
    stream.write_all(b"0\r\n\r\n").await.ok();
}

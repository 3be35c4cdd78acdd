//! Calls that the driver cannot make: writes, and a read of each product.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::Result;
use bytes::Bytes;
use prost::Message as _;
use proto::catalogue::v1::{AdjustStockRequest, GetProductRequest};
use testkit::{GrpcClient, Random};
use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};
use tonic::Status;

use super::environment::PRODUCTS;

pub(crate) const GET: &str = "/catalogue.v1.CatalogueService/GetProduct";
pub(crate) const ADJUST: &str = "/catalogue.v1.StockService/AdjustStock";
const CONNECTIONS: usize = 4;
const IN_FLIGHT: usize = 64;
const TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum calls in flight at a fixed rate; further ones wait.
const MAX_IN_FLIGHT: usize = 256;

/// Outcomes of calls.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) ok: u64,
    pub(crate) failed: u64,
    pub(crate) seconds: f64,
    /// Latency of successful calls, in milliseconds.
    pub(crate) p99_ms: f64,
}

/// Makes calls with a concurrency of 64, at most `max` calls and for at most `time`. `message` encodes the
/// request of a call by its number.
///
/// # Errors
/// The connection fails.
pub(crate) async fn closed_loop(
    addr: &str,
    method: &'static str,
    max: u64,
    time: Duration,
    message: impl Fn(u64) -> Bytes + Clone + Send + 'static,
) -> Result<Outcome> {
    let next = Arc::new(AtomicU64::new(0));
    let clients = connect(addr).await?;
    let began = Instant::now();
    let mut callers = JoinSet::new();
    for caller in 0..IN_FLIGHT {
        let (client, next) = (clients[caller % CONNECTIONS].clone(), Arc::clone(&next));
        let message = message.clone();
        callers.spawn(async move {
            let (mut took, mut failed) = (Vec::new(), 0);
            loop {
                let number = next.fetch_add(1, Relaxed);
                if number >= max || began.elapsed() > time {
                    return (took, failed);
                }
                let called = Instant::now();
                match client.clone().call(method, message(number)).await {
                    Ok(()) => took.push(called.elapsed()),
                    Err(_) => failed += 1,
                }
            }
        });
    }
    let (mut took, mut failed) = (Vec::new(), 0);
    while let Some(caller) = callers.join_next().await {
        let (caller_took, caller_failed) = caller?;
        took.extend(caller_took);
        failed += caller_failed;
    }
    let seconds = began.elapsed().as_secs_f64();
    took.sort_unstable();
    let p99 = took.get(took.len() * 99 / 100).copied().unwrap_or_default();
    Ok(Outcome { ok: took.len() as u64, failed, seconds, p99_ms: p99.as_secs_f64() * 1e3 })
}

/// Outcomes of running calls.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) ok: AtomicU64,
    /// By gRPC status.
    pub(crate) failed: Mutex<BTreeMap<String, u64>>,
}

impl Counters {
    fn count(&self, outcome: Result<(), Status>) {
        match outcome {
            Ok(()) => {
                self.ok.fetch_add(1, Relaxed);
            }
            Err(status) => {
                let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
                *failed.entry(format!("{:?}", status.code())).or_default() += 1;
            }
        }
    }
}

/// Makes `rate` calls per second until the task is aborted.
///
/// # Errors
/// The connection fails.
pub(crate) async fn fixed_rate(
    addr: String,
    method: &'static str,
    rate: f64,
    counters: Arc<Counters>,
    mut message: impl FnMut() -> Bytes,
) -> Result<()> {
    let clients = connect(&addr).await?;
    let mut due = interval(Duration::from_secs_f64(1.0 / rate));
    due.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut in_flight = JoinSet::new();
    for client in clients.iter().cycle() {
        due.tick().await;
        while in_flight.try_join_next().is_some() {}
        if in_flight.len() >= MAX_IN_FLIGHT {
            in_flight.join_next().await;
        }
        let (client, message, counters) = (client.clone(), message(), Arc::clone(&counters));
        in_flight.spawn(async move { counters.count(client.call(method, message).await) });
    }
    Ok(())
}

async fn connect(addr: &str) -> Result<Vec<GrpcClient>> {
    let mut clients = Vec::new();
    for _ in 0..CONNECTIONS {
        clients.push(GrpcClient::connect(addr, TIMEOUT).await?);
    }
    Ok(clients)
}

/// Reads each product once, to fill the cache.
///
/// # Errors
/// A call fails.
pub(crate) async fn warm(addr: &str) -> Result<()> {
    let limit = Duration::from_secs(120);
    let outcome = closed_loop(addr, GET, PRODUCTS, limit, |number| get(number + 1)).await?;
    anyhow::ensure!(outcome.ok == PRODUCTS, "not all products were read: {outcome:?}");
    Ok(())
}

/// The id of a product, from 1 on.
pub(crate) fn id(number: u64) -> String {
    format!("p{number:08}")
}

fn get(number: u64) -> Bytes {
    GetProductRequest { product_id: id(number), ..Default::default() }.encode_to_vec().into()
}

/// Encodes a request that adds one to the stock of a product.
pub(crate) fn adjust(number: u64) -> Bytes {
    let request = AdjustStockRequest { product_id: id(number), delta: 1, ..Default::default() };
    request.encode_to_vec().into()
}

/// A random product number with the Zipf distribution of the driver's `-dist zipf`.
pub(crate) fn zipf(random: &mut Random) -> u64 {
    let uniform = random.below(1 << 53) as f64 / (1_u64 << 53) as f64;
    // A uniform logarithm gives a Zipf distribution with exponent 1.
    let rank = (PRODUCTS as f64).powf(uniform) as u64 - 1;
    rank.wrapping_mul(2_654_435_761) % PRODUCTS + 1
}

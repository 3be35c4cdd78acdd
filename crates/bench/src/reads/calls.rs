//! Calls of our own, where the driver has none: writes, and each product once.

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
const PATIENCE: Duration = Duration::from_secs(10);
/// Calls at a fixed rate that may be under way; those beyond are not begun.
const MOST_UNDER_WAY: usize = 256;

/// How calls went.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) ok: u64,
    pub(crate) failed: u64,
    pub(crate) seconds: f64,
    /// Of those that succeeded, in milliseconds.
    pub(crate) p99_ms: f64,
}

/// Makes calls, 64 at a time, until there have been `most` or `time` is over. `message` is given the
/// number of the call.
///
/// # Errors
/// The server cannot be reached.
pub(crate) async fn closed_loop(
    addr: &str,
    method: &'static str,
    most: u64,
    time: Duration,
    message: impl Fn(u64) -> Bytes + Clone + Send + 'static,
) -> Result<Outcome> {
    let next = Arc::new(AtomicU64::new(0));
    let wires = connect(addr).await?;
    let began = Instant::now();
    let mut callers = JoinSet::new();
    for caller in 0..IN_FLIGHT {
        let (wire, next) = (wires[caller % CONNECTIONS].clone(), Arc::clone(&next));
        let message = message.clone();
        callers.spawn(async move {
            let (mut took, mut failed) = (Vec::new(), 0);
            loop {
                let number = next.fetch_add(1, Relaxed);
                if number >= most || began.elapsed() > time {
                    return (took, failed);
                }
                let called = Instant::now();
                match wire.clone().call(method, message(number)).await {
                    Ok(()) => took.push(called.elapsed()),
                    Err(_) => failed += 1,
                }
            }
        });
    }
    let (mut took, mut failed) = (Vec::new(), 0);
    while let Some(caller) = callers.join_next().await {
        let (its, its_failed) = caller?;
        took.extend(its);
        failed += its_failed;
    }
    let seconds = began.elapsed().as_secs_f64();
    took.sort_unstable();
    let p99 = took.get(took.len() * 99 / 100).copied().unwrap_or_default();
    Ok(Outcome { ok: took.len() as u64, failed, seconds, p99_ms: p99.as_secs_f64() * 1e3 })
}

/// Counts of calls that are still being made.
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

/// Makes `rate` calls a second until the task is aborted.
///
/// # Errors
/// The server cannot be reached.
pub(crate) async fn fixed_rate(
    addr: String,
    method: &'static str,
    rate: f64,
    counters: Arc<Counters>,
    mut message: impl FnMut() -> Bytes,
) -> Result<()> {
    let wires = connect(&addr).await?;
    let mut due = interval(Duration::from_secs_f64(1.0 / rate));
    due.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut under_way = JoinSet::new();
    for wire in wires.iter().cycle() {
        due.tick().await;
        while under_way.try_join_next().is_some() {}
        if under_way.len() >= MOST_UNDER_WAY {
            under_way.join_next().await;
        }
        let (wire, message, counters) = (wire.clone(), message(), Arc::clone(&counters));
        under_way.spawn(async move { counters.count(wire.call(method, message).await) });
    }
    Ok(())
}

async fn connect(addr: &str) -> Result<Vec<GrpcClient>> {
    let mut wires = Vec::new();
    for _ in 0..CONNECTIONS {
        wires.push(GrpcClient::connect(addr, PATIENCE).await?);
    }
    Ok(wires)
}

/// Reads each product once, so that a cache has all of them.
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

/// Adds one to the stock of a product.
pub(crate) fn adjust(number: u64) -> Bytes {
    let request = AdjustStockRequest { product_id: id(number), delta: 1, ..Default::default() };
    request.encode_to_vec().into()
}

/// A product drawn with a probability that falls with its rank, the first ranks being those that the
/// driver's `-dist zipf` prefers.
pub(crate) fn zipf(random: &mut Random) -> u64 {
    let uniform = random.below(1 << 53) as f64 / (1_u64 << 53) as f64;
    // Uniform in its logarithm: a Zipf distribution with an exponent of 1.
    let rank = (PRODUCTS as f64).powf(uniform) as u64 - 1;
    rank.wrapping_mul(2_654_435_761) % PRODUCTS + 1
}

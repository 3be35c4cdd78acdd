//! More calls than can be answered: of the cheapest kind there is, where refusing one costs a part of
//! what answering it would, and of a costly kind.
//!
//! Where there are two cores the server has one, by `taskset`, and the callers the other. They speak
//! HTTP/2 without a client library on top, and how busy they were is told: who makes three times as
//! many calls as can be answered must not be the one who is late.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use nix::{
    sched::{CpuSet, sched_setaffinity},
    unistd::Pid,
};
use prost::Message as _;
use proto::catalogue::v1::{BrowseProductsRequest, GetProductRequest};
use tonic::{Code, Status};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

use super::{
    super::catalogue::subject::{Engine, Subject, product},
    load::{Call, Calls, at_once, at_rate, quantile},
};
use crate::{Figure, Setting, Wire, get, processor_seconds};

/// How many calls are under way at once to find how many it can answer.
const AT_ONCE: u64 = 64;
const CONNECTIONS: usize = 4;
const PRODUCTS: u64 = 1_000;
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) async fn run(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let mut subject = Subject::prepare(Engine::Sqlite).await?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if cores > 1 && Path::new("/usr/bin/taskset").exists() {
        subject.run_under(["taskset", "-c", "1"]);
    }
    subject.set(&["--threads=1"]);
    subject.restart().await?;
    for number in 0..PRODUCTS {
        subject.create(product(id(number))).await?;
    }
    let (addr, admin) = (subject.addr(), subject.admin());
    let phase = setting.time(Duration::from_secs(15)).max(Duration::from_secs(3));
    let mut figures = Vec::new();
    for asked in [Asked::Product, Asked::List] {
        let (addr, admin) = (addr.clone(), admin.clone());
        let seen = std::thread::spawn(move || -> anyhow::Result<Seen> {
            if cores > 1 {
                let mut first = CpuSet::new();
                first.set(0)?;
                // This thread alone.
                sched_setaffinity(Pid::from_raw(0), &first)?;
            }
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(load(asked, &addr, &admin, phase))
        });
        let seen = tokio::task::spawn_blocking(move || seen.join()).await?;
        let seen = seen.map_err(|_| anyhow::anyhow!("the load panicked"))??;
        figures.extend(seen.figures(asked.name())?);
    }
    Ok(figures)
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
enum Asked {
    /// One product, by its id.
    Product,
    /// The products that have a name nobody has: all are looked through.
    List,
}

impl Asked {
    fn name(self) -> &'static str {
        match self {
            Self::Product => "products",
            Self::List => "lists",
        }
    }

    /// The method, and one call's message.
    fn call(self, number: u64) -> (&'static str, Bytes) {
        match self {
            Self::Product => {
                let product_id = id(number % PRODUCTS);
                let request = GetProductRequest { product_id, ..Default::default() };
                ("/catalogue.v1.CatalogueService/GetProduct", request.encode_to_vec().into())
            }
            Self::List => {
                let filter = format!("name:\"nobody has {number}\"");
                let request = BrowseProductsRequest { filter, page_size: 1, ..Default::default() };
                ("/catalogue.v1.CatalogueService/BrowseProducts", request.encode_to_vec().into())
            }
        }
    }
}

struct Seen {
    peak: f64,
    /// How long calls take then, p99, in milliseconds.
    peak_p99: f64,
    /// At 1, 2 and 3 times the peak.
    phases: Vec<Calls>,
    /// How busy the callers were at three times the peak, of one core.
    callers_busy: f64,
    probes: Vec<Duration>,
    missed_probes: usize,
}

impl Seen {
    fn figures(self, what: &str) -> anyhow::Result<Vec<Figure>> {
        ensure!(self.phases.len() == 3 && !self.probes.is_empty(), "it was cut short");
        let mut figures = vec![
            Figure::at_least(format!("{what}: peak, calls/s"), self.peak, 100.0),
            Figure::at_most(format!("{what}: callers busy at 3x, %"), self.callers_busy, 90.0),
        ];
        let p99: Vec<f64> =
            self.phases.iter().map(|calls| quantile(calls.answered(), 0.99)).collect();
        for (times, calls) in (1..).zip(&self.phases) {
            let share = calls.goodput() / self.peak * 100.0;
            let refused = |(_, status): &(&Call, &Status)| status.code() == Code::ResourceExhausted;
            let others: Vec<_> = calls.failed().filter(|call| !refused(call)).collect();
            if let Some((_, status)) = others.first() {
                println!("{what} at {times}x: {status}");
            }
            println!(
                "{what} at {times}x: {:.0} answered a second, p50 {:.1} ms, p99 {:.1} ms; refused {}, \
                 p50 {:.1} ms",
                calls.goodput(),
                quantile(calls.answered(), 0.5),
                p99[times - 1],
                calls.failed().filter(refused).count(),
                quantile(calls.failed().filter(refused).map(|(call, _)| call), 0.5),
            );
            let refused = calls.failed().filter(refused).map(|(call, _)| call);
            let refused = quantile(refused, 0.99);
            figures.extend([
                Figure::at_least(format!("{what}: goodput at {times}x, % of peak"), share, 85.0),
                Figure::at_most(format!("{what}: refusals at {times}x, p99, ms"), refused, 5.0),
                Figure::exactly(format!("{what}: other failures at {times}x"), others.len(), 0),
            ]);
        }
        // Not of that at 1x, where the next call may come just before there is room, or just after.
        let late = format!("{what}: answered p99 at 3x, of that at the peak");
        figures.push(Figure::at_most(late, p99[2] / self.peak_p99, 2.0));
        let slowest = self.probes.iter().max().context("it was probed")?.as_secs_f64() * 1_000.0;
        figures.push(Figure::at_most(format!("{what}: slowest probe, ms"), slowest, 100.0));
        figures.push(Figure::exactly(format!("{what}: probes unanswered"), self.missed_probes, 0));
        Ok(figures)
    }
}

async fn load(asked: Asked, addr: &str, admin: &str, phase: Duration) -> anyhow::Result<Seen> {
    let mut wires = Vec::new();
    for _ in 0..CONNECTIONS {
        wires.push(Wire::connect(addr, PATIENCE).await?);
    }
    let call = |number: u64| {
        let (method, message) = asked.call(number);
        wires[number as usize % CONNECTIONS].clone().call(method, message)
    };
    at_once(AT_ONCE, Duration::from_secs(2), call).await;
    let before = at_once(AT_ONCE, phase, call).await;
    let peak = before.goodput();
    let over = Arc::new(AtomicBool::new(false));
    let probe = tokio::spawn(probe(addr.to_owned(), admin.to_owned(), over.clone()));
    let (mut phases, mut callers_busy) = (Vec::new(), 0.0);
    for times in 1..=3 {
        let before = processor_seconds(std::process::id(), false)?;
        phases.push(at_rate(peak * f64::from(times), phase, call).await);
        let spent = processor_seconds(std::process::id(), false)? - before;
        callers_busy = spent / phase.as_secs_f64() * 100.0;
    }
    over.store(true, Relaxed);
    let (probes, missed_probes) = probe.await??;
    // The machine may have become slower meanwhile, or faster.
    let after = at_once(AT_ONCE, phase, call).await;
    let mean = |of: fn(&Calls) -> f64| (of(&before) + of(&after)) / 2.0;
    let (peak, peak_p99) = (mean(Calls::goodput), mean(|it| quantile(it.answered(), 0.99)));
    println!("{} at the peak: {peak:.0} answered a second, p99 {peak_p99:.1} ms", asked.name());
    Ok(Seen { peak, peak_p99, phases, callers_busy, probes, missed_probes })
}

/// Asks what is never refused, and how long it takes.
async fn probe(
    addr: String,
    admin: String,
    over: Arc<AtomicBool>,
) -> anyhow::Result<(Vec<Duration>, usize)> {
    let channel =
        tonic::transport::Endpoint::from_shared(format!("http://{addr}"))?.connect().await?;
    let (mut probes, mut missed) = (Vec::new(), 0);
    while !over.load(Relaxed) {
        let mut health = HealthClient::new(channel.clone());
        let began = Instant::now();
        match health.check(HealthCheckRequest::default()).await {
            Ok(_) => probes.push(began.elapsed()),
            Err(_) => missed += 1,
        }
        for path in ["livez", "metrics"] {
            let began = Instant::now();
            match get(&format!("http://{admin}/{path}")).await {
                Ok(answer) if answer.status.is_success() => probes.push(began.elapsed()),
                _ => missed += 1,
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok((probes, missed))
}

fn id(number: u64) -> String {
    format!("p-{number:04}")
}

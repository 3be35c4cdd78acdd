//! More calls than can be answered.
//!
//! Where there are two cores the server has one, by `taskset`, and the callers the other. What is
//! asked for costs the server much and its callers little (a list of products that nobody has, which
//! it looks through all for): who makes three times as many calls must not be the one who is late.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use nix::{
    sched::{CpuSet, sched_setaffinity},
    unistd::Pid,
};
use proto::catalogue::v1::{
    BrowseProductsRequest, catalogue_service_client::CatalogueServiceClient,
};
use tonic::{Code, Request, Status, transport::Channel};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

use super::{
    super::catalogue::subject::{Engine, Subject, product},
    load::{Call, Calls, at_once, at_rate, quantile},
};
use crate::{Figure, Setting, get};

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
    let seen = std::thread::spawn(move || -> anyhow::Result<Seen> {
        if cores > 1 {
            let mut first = CpuSet::new();
            first.set(0)?;
            // This thread alone.
            sched_setaffinity(Pid::from_raw(0), &first)?;
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(load(&addr, &admin, phase))
    });
    let seen = tokio::task::spawn_blocking(move || seen.join()).await?;
    seen.map_err(|_| anyhow::anyhow!("the load panicked"))??.figures()
}

struct Seen {
    peak: f64,
    /// At 1, 2 and 3 times the peak.
    phases: Vec<Calls>,
    probes: Vec<Duration>,
    missed_probes: usize,
}

impl Seen {
    fn figures(self) -> anyhow::Result<Vec<Figure>> {
        ensure!(self.phases.len() == 3 && !self.probes.is_empty(), "it was cut short");
        let mut figures = vec![Figure::at_least("peak, calls/s", self.peak, 100.0)];
        let p99: Vec<f64> =
            self.phases.iter().map(|calls| quantile(calls.answered(), 0.99)).collect();
        for (times, calls) in (1..).zip(&self.phases) {
            let share = calls.goodput() / self.peak * 100.0;
            let refused = |(_, status): &(&Call, &Status)| status.code() == Code::ResourceExhausted;
            let others: Vec<_> = calls.failed().filter(|call| !refused(call)).collect();
            if let Some((_, status)) = others.first() {
                println!("at {times}x: {status}");
            }
            println!(
                "at {times}x: {:.0} answered a second, p50 {:.1} ms, p99 {:.1} ms; refused {}, \
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
                Figure::at_least(format!("goodput at {times}x, % of peak"), share, 85.0),
                Figure::at_most(format!("refusals at {times}x, p99, ms"), refused, 5.0),
                Figure::exactly(format!("other failures at {times}x"), others.len(), 0),
            ]);
        }
        figures.push(Figure::at_most("answered p99 at 3x, of that at 1x", p99[2] / p99[0], 2.0));
        let slowest = self.probes.iter().max().context("it was probed")?.as_secs_f64() * 1_000.0;
        figures.push(Figure::at_most("health, livez, metrics: slowest, ms", slowest, 100.0));
        figures.push(Figure::exactly("health, livez, metrics: unanswered", self.missed_probes, 0));
        Ok(figures)
    }
}

async fn load(addr: &str, admin: &str, phase: Duration) -> anyhow::Result<Seen> {
    let mut channels = Vec::new();
    for _ in 0..CONNECTIONS {
        let endpoint = tonic::transport::Endpoint::from_shared(format!("http://{addr}"))?;
        channels.push(endpoint.tcp_nodelay(true).connect().await?);
    }
    let call = |number: u64| one(channels[number as usize % CONNECTIONS].clone(), number);
    at_once(AT_ONCE, Duration::from_secs(2), call).await;
    let peak = at_once(AT_ONCE, phase, call).await.goodput();
    let over = Arc::new(AtomicBool::new(false));
    let probe = tokio::spawn(probe(addr.to_owned(), admin.to_owned(), over.clone()));
    let mut phases = Vec::new();
    for times in 1..=3 {
        phases.push(at_rate(peak * f64::from(times), phase, call).await);
    }
    over.store(true, Relaxed);
    let (probes, missed_probes) = probe.await??;
    Ok(Seen { peak, phases, probes, missed_probes })
}

async fn one(channel: Channel, number: u64) -> Result<(), Status> {
    let filter = format!("name:\"nobody has {number}\"");
    let mut request =
        Request::new(BrowseProductsRequest { filter, page_size: 1, ..Default::default() });
    request.set_timeout(PATIENCE);
    CatalogueServiceClient::new(channel).browse_products(request).await.map(drop)
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

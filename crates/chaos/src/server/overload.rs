//! Overload: more calls than the server can process, of a cheap kind and of an expensive one.
//!
//! Reading a request and refusing it costs some microseconds. At three times the peak two of three calls are refused, so a
//! call that costs less than fifteen refusals cannot keep its rate: pages of a list are measured, not single cached
//! products. Batches of cached products do not do either, since their bytes keep the client busy.
//!
//! On two cores, `taskset` gives one to the server and one to the client. The client uses h2 without a client library,
//! and its utilization is a figure, because a saturated client would distort latencies.

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
use proto::catalogue::v1::{
    BrowseProductsRequest, CreateProductRequest, catalogue_service_client::CatalogueServiceClient,
};
use testkit::{Figure, Fleet, GrpcClient, Service, cpu_seconds, get};
use tonic::{Code, Status, transport::Endpoint};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

use crate::catalogue::{CatalogueProcess, Engine, product};
use crate::{
    RunConfig,
    load::{Call, Calls, at_rate, concurrently, quantile},
};

/// Concurrency for measuring the peak.
const CONCURRENCY: u64 = 64;
const CONNECTIONS: usize = 4;
const PRODUCTS: u64 = 1_000;
/// Products of a page.
const PAGE: i32 = 50;
const TIMEOUT: Duration = Duration::from_secs(2);

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut catalogue = CatalogueProcess::prepare(Engine::Sqlite).await?;
    catalogue.run_with(second_core());
    catalogue.set_flags(&["--threads=1"]);
    catalogue.restart().await?;
    for number in 0..PRODUCTS {
        catalogue.create(product(id(number))).await?;
    }
    let mut figures = Vec::new();
    for workload in [Workload::page(), Workload::List] {
        figures.extend(measure(workload, catalogue.addr(), catalogue.admin(), config).await?);
    }
    Ok(figures)
}

/// Lists at the gateway's port, over JSON: gateway and catalogue on one core, the client on the other.
pub(super) async fn run_json(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut fleet = Fleet::start_with(&["--log=warn"]).await;
    let channel = Endpoint::from_shared(format!("http://{}", fleet.addr(Service::Catalogue)))?;
    let mut catalogue = CatalogueServiceClient::new(channel.connect().await?);
    for number in 0..PRODUCTS {
        let product = Some(product(id(number)));
        let request = CreateProductRequest { product, ..Default::default() };
        catalogue.create_product(request).await?;
    }
    for service in [Service::Catalogue, Service::Gateway] {
        fleet.add_argument(service, "--threads=1");
        fleet.restart_under(service, second_core()).await;
    }
    let admin = fleet.admin(Service::Gateway, "").trim_start_matches("http://").to_owned();
    measure(Workload::JsonList, fleet.addr(Service::Gateway), admin, config).await
}

/// The command that keeps a program on the second core, if there is one.
fn second_core() -> &'static [&'static str] {
    match cores() > 1 && Path::new("/usr/bin/taskset").exists() {
        true => &["taskset", "-c", "1"],
        false => &[],
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Runs a load from the first core.
async fn measure(
    workload: Workload,
    addr: String,
    admin: String,
    config: &RunConfig,
) -> anyhow::Result<Vec<Figure>> {
    let phase = config.time(Duration::from_secs(15)).max(Duration::from_secs(3));
    let name = workload.name();
    let measured = std::thread::spawn(move || -> anyhow::Result<Measured> {
        if cores() > 1 {
            let mut first = CpuSet::new();
            first.set(0)?;
            // Pid 0 is this thread.
            sched_setaffinity(Pid::from_raw(0), &first)?;
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(load(workload, &addr, &admin, phase))
    });
    let measured = tokio::task::spawn_blocking(move || measured.join()).await?;
    let measured = measured.map_err(|_| anyhow::anyhow!("the load panicked"))??;
    measured.figures(name)
}

/// A kind of call.
#[derive(Debug, Clone)]
enum Workload {
    /// A page of all products.
    Page { message: Bytes },
    /// Products with a name that none has, which scans all.
    List,
    /// The same as [`Workload::List`], as JSON.
    JsonList,
}

impl Workload {
    fn page() -> Self {
        let request = BrowseProductsRequest { page_size: PAGE, ..Default::default() };
        Self::Page { message: request.encode_to_vec().into() }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Page { .. } => "pages",
            Self::List => "lists",
            Self::JsonList => "JSON",
        }
    }

    async fn call(self, client: GrpcClient, number: u64) -> Result<(), Status> {
        match self {
            Self::Page { message } => {
                client.call("/catalogue.v1.CatalogueService/BrowseProducts", message).await
            }
            Self::List => {
                let filter = format!("name:\"unknown {number}\"");
                let request = BrowseProductsRequest { filter, page_size: 1, ..Default::default() };
                let message = request.encode_to_vec().into();
                client.call("/catalogue.v1.CatalogueService/BrowseProducts", message).await
            }
            Self::JsonList => {
                let filter = format!("name:%22unknown%20{number}%22");
                client.get(format!("/v1/products?filter={filter}&pageSize=1")).await
            }
        }
    }
}

struct Measured {
    /// Calls per second.
    peak: f64,
    /// Latency p99 at the peak, in milliseconds.
    peak_p99: f64,
    /// At 1, 2 and 3 times the peak.
    phases: Vec<Calls>,
    /// CPU utilization of the client at three times the peak, in per cent of one core.
    client_busy: f64,
    probes: Vec<Duration>,
    failed_probes: usize,
}

impl Measured {
    fn figures(self, what: &str) -> anyhow::Result<Vec<Figure>> {
        ensure!(self.phases.len() == 3 && !self.probes.is_empty(), "the load was incomplete");
        let mut figures = vec![
            Figure::at_least(format!("{what}: peak, calls/s"), self.peak, 100.0),
            Figure::at_most(format!("{what}: client CPU at 3x, %"), self.client_busy, 90.0),
        ];
        let p99: Vec<f64> =
            self.phases.iter().map(|calls| quantile(calls.succeeded(), 0.99)).collect();
        for (times, calls) in (1..).zip(&self.phases) {
            let share = calls.goodput() / self.peak * 100.0;
            let refused = |(_, status): &(&Call, &Status)| status.code() == Code::ResourceExhausted;
            let others: Vec<_> = calls.failed().filter(|call| !refused(call)).collect();
            if let Some((_, status)) = others.first() {
                println!("{what} at {times}x: {status}");
            }
            println!(
                "{what} at {times}x: {:.0} calls/s, p50 {:.1} ms, p99 {:.1} ms; refused {}, \
                 p50 {:.1} ms",
                calls.goodput(),
                quantile(calls.succeeded(), 0.5),
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
        // Relative to the peak, because at 1x it depends on random arrivals.
        let late = format!("{what}: p99 at 3x, relative to the peak");
        figures.push(Figure::at_most(late, p99[2] / self.peak_p99, 2.0));
        let slowest =
            self.probes.iter().max().context("there were no probes")?.as_secs_f64() * 1_000.0;
        figures.push(Figure::at_most(format!("{what}: slowest probe, ms"), slowest, 100.0));
        figures.push(Figure::exactly(format!("{what}: probes failed"), self.failed_probes, 0));
        Ok(figures)
    }
}

async fn load(
    workload: Workload,
    addr: &str,
    admin: &str,
    phase: Duration,
) -> anyhow::Result<Measured> {
    let mut clients = Vec::new();
    for _ in 0..CONNECTIONS {
        clients.push(GrpcClient::connect(addr, TIMEOUT).await?);
    }
    let name = workload.name();
    let call =
        |number: u64| workload.clone().call(clients[number as usize % CONNECTIONS].clone(), number);
    concurrently(CONCURRENCY, Duration::from_secs(2), call).await;
    let before = concurrently(CONCURRENCY, phase, call).await;
    let peak = before.goodput();
    let stop = Arc::new(AtomicBool::new(false));
    let probe = tokio::spawn(probe(addr.to_owned(), admin.to_owned(), stop.clone()));
    let (mut phases, mut client_busy) = (Vec::new(), 0.0);
    for times in 1..=3 {
        let before = cpu_seconds(std::process::id(), false)?;
        phases.push(at_rate(peak * f64::from(times), phase, call).await);
        let spent = cpu_seconds(std::process::id(), false)? - before;
        client_busy = spent / phase.as_secs_f64() * 100.0;
    }
    stop.store(true, Relaxed);
    let (probes, failed_probes) = probe.await??;
    // Averages the peak before and after, because the speed of a shared machine changes.
    let after = concurrently(CONCURRENCY, phase, call).await;
    let mean = |of: fn(&Calls) -> f64| (of(&before) + of(&after)) / 2.0;
    let (peak, peak_p99) = (mean(Calls::goodput), mean(|it| quantile(it.succeeded(), 0.99)));
    println!("{name} at the peak: {peak:.0} calls/s, p99 {peak_p99:.1} ms");
    Ok(Measured { peak, peak_p99, phases, client_busy, probes, failed_probes })
}

/// Latencies of requests that are never refused, and the number of failed ones.
async fn probe(
    addr: String,
    admin: String,
    stop: Arc<AtomicBool>,
) -> anyhow::Result<(Vec<Duration>, usize)> {
    let channel =
        tonic::transport::Endpoint::from_shared(format!("http://{addr}"))?.connect().await?;
    let (mut probes, mut failed) = (Vec::new(), 0);
    while !stop.load(Relaxed) {
        let mut health = HealthClient::new(channel.clone());
        let began = Instant::now();
        match health.check(HealthCheckRequest::default()).await {
            Ok(_) => probes.push(began.elapsed()),
            Err(_) => failed += 1,
        }
        for path in ["livez", "metrics"] {
            let began = Instant::now();
            match get(&format!("http://{admin}/{path}")).await {
                Ok(response) if response.status.is_success() => probes.push(began.elapsed()),
                _ => failed += 1,
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok((probes, failed))
}

fn id(number: u64) -> String {
    format!("p-{number:04}")
}

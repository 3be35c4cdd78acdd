//! A service process under load.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Result;
use bytes::Bytes;
use nix::sys::signal::Signal;
use prost::Message as _;
use proto::catalogue::v1::{CreateProductRequest, GetProductRequest, Product};
use tempfile::TempDir;
use testkit::{GrpcClient, Process, cpu_seconds, free_ports, peak_bytes, program};

const CONNECTIONS: usize = 4;
const IN_FLIGHT: usize = 32;
const PRODUCTS: usize = 200;
const TIMEOUT: Duration = Duration::from_secs(10);

/// Share of sampled calls.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sampled {
    /// Neither traces nor metrics.
    Off,
    /// 1 % of calls.
    Few,
    /// All calls.
    All,
}

impl Sampled {
    fn variables(self) -> &'static [&'static str] {
        match self {
            Self::Off => &["OTEL_SDK_DISABLED=true"],
            Self::Few => {
                &["OTEL_TRACES_SAMPLER=parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG=0.01"]
            }
            Self::All => &["OTEL_TRACES_SAMPLER=parentbased_always_on"],
        }
    }
}

/// A service process with clients.
pub(crate) struct Service {
    process: Process,
    addr: String,
    clients: Vec<GrpcClient>,
    _dir: TempDir,
}

/// Measurements of a turn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn {
    /// CPU time per call, in microseconds.
    pub(crate) cpu_us: f64,
    pub(crate) p99_ms: f64,
}

impl Service {
    /// Starts a catalogue on SQLite, and creates some products.
    pub(crate) async fn catalogue(sampled: Sampled, collector: Option<&str>) -> Result<Self> {
        let service = Self::start("catalogue", sampled, collector, &["--data-dir=DIR"]).await?;
        for number in 0..PRODUCTS {
            let product = Product {
                id: id(number),
                name: format!("Product {number}"),
                description: "x".repeat(280),
                ..Default::default()
            };
            let request = CreateProductRequest { product: Some(product), ..Default::default() };
            let create = "/catalogue.v1.CatalogueService/CreateProduct";
            service.clients[0].clone().call(create, request.encode_to_vec().into()).await?;
        }
        Ok(service)
    }

    /// Starts a gateway that calls a catalogue.
    pub(crate) async fn gateway(
        sampled: Sampled,
        collector: Option<&str>,
        catalogue: &str,
    ) -> Result<Self> {
        let to = format!("--catalogue=static://{catalogue}");
        Self::start("gateway", sampled, collector, &[&to, "--search=static://127.0.0.1:1"]).await
    }

    async fn start(
        name: &str,
        sampled: Sampled,
        collector: Option<&str>,
        arguments: &[&str],
    ) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let port = free_ports(2);
        let addr = format!("127.0.0.1:{port}");
        let data = dir.path().join("data").display().to_string();
        let mut all: Vec<String> = sampled.variables().iter().map(ToString::to_string).collect();
        all.push(program(name).display().to_string());
        all.push(format!("--listen={addr}"));
        // One thread, because the distribution of connections over threads would vary.
        all.push("--threads=1".to_owned());
        all.push(format!("--admin=127.0.0.1:{}", port + 1));
        all.extend(arguments.iter().map(|argument| argument.replace("DIR", &data)));
        all.extend(collector.map(|collector| format!("--otlp-endpoint={collector}")));
        // `env` replaces itself with the program.
        let mut process = Process::start(Path::new("/usr/bin/env"), all, &dir.path().join("log"))?;
        if name == "catalogue" {
            process.ready(port + 1).await;
        }
        let mut clients = Vec::new();
        for _ in 0..CONNECTIONS {
            let connect = async || GrpcClient::connect(&addr, TIMEOUT).await.ok();
            clients.push(testkit::until("the service accepts connections", connect).await);
        }
        let service = Self { process, addr, clients, _dir: dir };
        testkit::until("the service responds", async || {
            let (method, message) = (METHOD, Bytes::from(get_product(0)));
            let result = service.clients[0].clone().call(method, message).await;
            result.err().is_none_or(|it| it.code() == tonic::Code::NotFound).then_some(())
        })
        .await;
        Ok(service)
    }

    pub(crate) fn addr(&self) -> &str {
        &self.addr
    }

    /// Makes `calls` calls, and measures them.
    pub(crate) async fn turn(&self, calls: usize) -> Result<Turn> {
        let before = cpu_seconds(self.process.id(), false)?;
        let callers: Vec<_> = (0..IN_FLIGHT)
            .map(|caller| {
                let client = self.clients[caller % CONNECTIONS].clone();
                tokio::spawn(async move {
                    let mut took = Vec::new();
                    for number in 0..calls / IN_FLIGHT {
                        let began = Instant::now();
                        let message = Bytes::from(get_product(number + caller));
                        client.clone().call(METHOD, message).await?;
                        took.push(began.elapsed());
                    }
                    Ok::<_, tonic::Status>(took)
                })
            })
            .collect();
        let mut took = Vec::new();
        for caller in callers {
            took.extend(caller.await??);
        }
        let spent = cpu_seconds(self.process.id(), false)? - before;
        took.sort_unstable();
        let p99 = took[took.len() * 99 / 100];
        let cpu_us = spent * 1e6 / took.len() as f64;
        Ok(Turn { cpu_us, p99_ms: p99.as_secs_f64() * 1_000.0 })
    }

    /// Peak resident memory in megabytes.
    pub(crate) fn memory_mb(&self) -> Result<f64> {
        Ok(peak_bytes(self.process.id())? as f64 / 1_048_576.0)
    }

    /// Stops it, and returns the time until its end. Prints the warning about dropped telemetry, if any.
    pub(crate) async fn stop(mut self) -> Result<Duration> {
        drop(self.clients);
        let began = Instant::now();
        self.process.signal(Signal::SIGTERM);
        self.process.ends_within(TIMEOUT).await?;
        let took = began.elapsed();
        if let Some(line) = self.process.log().lines().find(|line| line.contains("dropped due")) {
            println!("       {line}");
        }
        Ok(took)
    }
}

const METHOD: &str = "/catalogue.v1.CatalogueService/GetProduct";

fn id(number: usize) -> String {
    format!("p-{number:04}")
}

fn get_product(number: usize) -> Vec<u8> {
    let product_id = id(number % PRODUCTS);
    GetProductRequest { product_id, ..Default::default() }.encode_to_vec()
}

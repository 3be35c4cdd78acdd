//! A service that is measured.

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
const UNDER_WAY: usize = 32;
const PRODUCTS: usize = 200;
const PATIENCE: Duration = Duration::from_secs(10);

/// How many calls are recorded.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sampled {
    /// No traces at all, and no metrics.
    Off,
    /// One in a hundred.
    Few,
    /// Every one.
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

pub(crate) struct Subject {
    process: Process,
    addr: String,
    wires: Vec<GrpcClient>,
    _dir: TempDir,
}

/// What a turn has shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn {
    /// Of one call, in microseconds.
    pub(crate) processor_us: f64,
    pub(crate) p99_ms: f64,
}

impl Subject {
    /// A catalogue with some products, on SQLite.
    pub(crate) async fn catalogue(sampled: Sampled, collector: Option<&str>) -> Result<Self> {
        let subject = Self::start("catalogue", sampled, collector, &["--data-dir=DIR"]).await?;
        for number in 0..PRODUCTS {
            let product = Product {
                id: id(number),
                name: format!("Product {number}"),
                description: "x".repeat(280),
                ..Default::default()
            };
            let request = CreateProductRequest { product: Some(product), ..Default::default() };
            let create = "/catalogue.v1.CatalogueService/CreateProduct";
            subject.wires[0].clone().call(create, request.encode_to_vec().into()).await?;
        }
        Ok(subject)
    }

    /// A gateway before a catalogue.
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
        // How connections spread over threads would differ from process to process.
        all.push("--threads=1".to_owned());
        all.push(format!("--admin=127.0.0.1:{}", port + 1));
        all.extend(arguments.iter().map(|argument| argument.replace("DIR", &data)));
        all.extend(collector.map(|collector| format!("--otlp-endpoint={collector}")));
        // Which becomes the program.
        let mut process = Process::start(Path::new("/usr/bin/env"), all, &dir.path().join("log"))?;
        if name == "catalogue" {
            process.ready(port + 1).await;
        }
        let mut wires = Vec::new();
        for _ in 0..CONNECTIONS {
            let connect = async || GrpcClient::connect(&addr, PATIENCE).await.ok();
            wires.push(testkit::until("it listens", connect).await);
        }
        let subject = Self { process, addr, wires, _dir: dir };
        testkit::until("it answers", async || {
            let (method, message) = (METHOD, Bytes::from(asked(0)));
            let answered = subject.wires[0].clone().call(method, message).await;
            answered.err().is_none_or(|it| it.code() == tonic::Code::NotFound).then_some(())
        })
        .await;
        Ok(subject)
    }

    pub(crate) fn addr(&self) -> &str {
        &self.addr
    }

    /// Asks for products, so many times, some at once.
    pub(crate) async fn turn(&self, calls: usize) -> Result<Turn> {
        let before = cpu_seconds(self.process.id(), false)?;
        let callers: Vec<_> = (0..UNDER_WAY)
            .map(|caller| {
                let wire = self.wires[caller % CONNECTIONS].clone();
                tokio::spawn(async move {
                    let mut took = Vec::new();
                    for number in 0..calls / UNDER_WAY {
                        let began = Instant::now();
                        let message = Bytes::from(asked(number + caller));
                        wire.clone().call(METHOD, message).await?;
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
        let processor_us = spent * 1e6 / took.len() as f64;
        Ok(Turn { processor_us, p99_ms: p99.as_secs_f64() * 1_000.0 })
    }

    /// The most it has had.
    pub(crate) fn memory_mb(&self) -> Result<f64> {
        Ok(peak_bytes(self.process.id())? as f64 / 1_048_576.0)
    }

    /// Ends it; returns how long that took. Tells if something that was to be sent was dropped.
    pub(crate) async fn stop(mut self) -> Result<Duration> {
        drop(self.wires);
        let began = Instant::now();
        self.process.signal(Signal::SIGTERM);
        self.process.ends_within(PATIENCE).await?;
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

fn asked(number: usize) -> Vec<u8> {
    let product_id = id(number % PRODUCTS);
    GetProductRequest { product_id, ..Default::default() }.encode_to_vec()
}

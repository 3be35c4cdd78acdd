//! CPU time per call with traces and metrics, compared with none, and latency while the collector refuses,
//! hangs, or is slow: `cargo xtask bench telemetry`.
//!
//! All variants run at the same time, each in its own process, and are loaded in turns. Bounds apply to the
//! median of the ratios of a variant to the baseline.

mod service;
pub(crate) mod sink;

use std::time::Duration;

use anyhow::Result;
use service::{Sampled, Service, Turn};
use sink::Sink;
use testkit::{Fault, FaultProxy, free_ports};
use tokio::net::TcpListener;

use crate::sample::{extremes, median, verdict};

const TURNS: usize = 9;
/// Calls per turn.
const CALLS: usize = 30_000;
/// Maximum ratio of CPU time with 1 % of calls sampled.
const MAX_FEW: f64 = 1.10;
/// Maximum ratio of CPU time with all calls sampled.
const MAX_ALL: f64 = 1.40;
/// Maximum ratio of p99 with a failing collector.
const MAX_P99: f64 = 1.05;
/// Maximum additional memory with a failing collector, in megabytes.
const MAX_MORE_MEMORY: f64 = 16.0;
/// Maximum time from SIGTERM to the end, in seconds.
const MAX_SHUTDOWN: f64 = 5.0;

pub(crate) async fn run() -> Result<bool> {
    let mut all_ok = true;
    let sink = Sink::start().await?;
    println!("CPU time per call; off: OTEL_SDK_DISABLED=true");
    let catalogues = [
        Service::catalogue(Sampled::Off, None).await?,
        Service::catalogue(Sampled::Few, Some(&sink.endpoint())).await?,
        Service::catalogue(Sampled::All, Some(&sink.endpoint())).await?,
    ];
    all_ok &= cost("a product, by the catalogue", &catalogues).await?;
    let behind = catalogues[0].addr();
    let gateways = [
        Service::gateway(Sampled::Off, None, behind).await?,
        Service::gateway(Sampled::Few, Some(&sink.endpoint()), behind).await?,
        Service::gateway(Sampled::All, Some(&sink.endpoint()), behind).await?,
    ];
    all_ok &= cost("a product, through the gateway", &gateways).await?;
    for service in gateways.into_iter().chain(catalogues) {
        service.stop().await?;
    }
    println!("the collector received {:.0} MB", sink.received() as f64 / 1e6);
    all_ok &= with_failing_collectors(&sink).await?;
    Ok(all_ok)
}

/// Compares the CPU time per call of three services; the first is the baseline.
async fn cost(what: &str, services: &[Service; 3]) -> Result<bool> {
    let mut turns: [Vec<Turn>; 3] = Default::default();
    for service in services {
        service.turn(CALLS / 5).await?;
    }
    for turn in 0..TURNS {
        for number in 0..services.len() {
            // Rotates the order, so that none is always first.
            let number = (number + turn) % services.len();
            turns[number].push(services[number].turn(CALLS).await?);
        }
    }
    let mut all_ok = true;
    let off = median(turns[0].iter().map(|turn| turn.cpu_us));
    for (turns_of, (name, max)) in
        turns[1..].iter().zip([("1 % sampled", MAX_FEW), ("all sampled", MAX_ALL)])
    {
        let time = median(turns_of.iter().map(|turn| turn.cpu_us));
        let ratios: Vec<_> =
            turns_of.iter().zip(&turns[0]).map(|(one, other)| one.cpu_us / other.cpu_us).collect();
        let ratio = median(ratios.iter().copied());
        let (min_ratio, max_ratio) = extremes(&ratios);
        all_ok &= ratio <= max;
        println!(
            "{} {what}, {name}: {time:.1} us, off {off:.1} us; ratio {ratio:.3} ({min_ratio:.3} to \
             {max_ratio:.3}), at most {max}",
            verdict(ratio <= max),
        );
    }
    Ok(all_ok)
}

/// Compares latency and memory, with all calls sampled, while the collector fails.
async fn with_failing_collectors(sink: &Sink) -> Result<bool> {
    println!("a product, by a catalogue at full load, all calls sampled, and a collector that");
    let hole = TcpListener::bind("127.0.0.1:0").await?;
    let slow = FaultProxy::start(sink.addr(), 1).await;
    slow.set(Fault { latency: Duration::from_secs(1), ..Fault::default() });
    let collectors = [
        ("works", sink.endpoint()),
        ("refuses", format!("http://127.0.0.1:{}", free_ports(1))),
        ("hangs", format!("http://{}", hole.local_addr()?)),
        ("is slow", format!("http://{}", slow.addr)),
    ];
    let mut services = Vec::new();
    for (_, endpoint) in &collectors {
        let service = Service::catalogue(Sampled::All, Some(endpoint)).await?;
        service.turn(CALLS / 5).await?;
        services.push((service, Vec::new()));
    }
    for turn in 0..TURNS {
        for number in 0..services.len() {
            let (service, turns) = &mut services[(number + turn) % collectors.len()];
            turns.push(service.turn(CALLS).await?);
        }
    }
    let baseline: Vec<Turn> = services[0].1.clone();
    let memory = services[0].0.memory_mb()?;
    let mut all_ok = true;
    for ((name, _), (service, turns)) in collectors.iter().zip(services) {
        let p99 = median(turns.iter().map(|turn| turn.p99_ms));
        let ratios: Vec<_> =
            turns.iter().zip(&baseline).map(|(one, other)| one.p99_ms / other.p99_ms).collect();
        let (ratio, more) = (median(ratios.iter().copied()), service.memory_mb()? - memory);
        let shutdown = service.stop().await?.as_secs_f64();
        let is_ok = ratio <= MAX_P99 && more <= MAX_MORE_MEMORY && shutdown <= MAX_SHUTDOWN;
        all_ok &= is_ok;
        println!(
            "{} {name}: p99 {p99:.1} ms, ratio {ratio:.3}, at most {MAX_P99}; peak memory \
             {more:+.1} MB, at most {MAX_MORE_MEMORY:+}; shutdown in {shutdown:.1} s, at most {MAX_SHUTDOWN}",
            verdict(is_ok),
        );
    }
    Ok(all_ok)
}

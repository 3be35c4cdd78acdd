//! What seeing costs: processor time of a call with traces and metrics, beside one without any, and
//! how long calls take while the collector refuses, is silent, or slow. `cargo xtask bench telemetry`.
//!
//! All variants run at once, each a process of its own, and take turns: each turn gives a ratio to the
//! one without, and the median of those is what counts.

pub(crate) mod sink;
mod subject;

use std::time::Duration;

use anyhow::Result;
use sink::Sink;
use subject::{Sampled, Subject, Turn};
use testkit::{Fault, FaultProxy, free_ports};
use tokio::net::TcpListener;

use crate::sample::{extremes, median, verdict};

const TURNS: usize = 9;
/// More calls than these wait for nothing but each other.
const CALLS: usize = 30_000;
const MAX_FEW: f64 = 1.10;
const MAX_ALL: f64 = 1.40;
const MAX_P99: f64 = 1.05;
/// Above what it has with a collector that is well, in megabytes.
const MAX_MORE_MEMORY: f64 = 16.0;
/// From SIGTERM on, in seconds.
const MAX_END: f64 = 5.0;

pub(crate) async fn run() -> Result<bool> {
    let mut held = true;
    let sink = Sink::start().await?;
    println!("processor time of a call; off: OTEL_SDK_DISABLED=true");
    let catalogues = [
        Subject::catalogue(Sampled::Off, None).await?,
        Subject::catalogue(Sampled::Few, Some(&sink.endpoint())).await?,
        Subject::catalogue(Sampled::All, Some(&sink.endpoint())).await?,
    ];
    held &= cost("a product, by the catalogue", &catalogues).await?;
    let behind = catalogues[0].addr();
    let gateways = [
        Subject::gateway(Sampled::Off, None, behind).await?,
        Subject::gateway(Sampled::Few, Some(&sink.endpoint()), behind).await?,
        Subject::gateway(Sampled::All, Some(&sink.endpoint()), behind).await?,
    ];
    held &= cost("a product, through the gateway", &gateways).await?;
    for subject in gateways.into_iter().chain(catalogues) {
        subject.stop().await?;
    }
    println!("the collector was sent {:.0} MB", sink.taken() as f64 / 1e6);
    held &= ill(&sink).await?;
    Ok(held)
}

/// What a call costs each of three, the first of which is the measure.
async fn cost(what: &str, subjects: &[Subject; 3]) -> Result<bool> {
    let mut turns: [Vec<Turn>; 3] = Default::default();
    for subject in subjects {
        subject.turn(CALLS / 5).await?;
    }
    for turn in 0..TURNS {
        for number in 0..subjects.len() {
            // So that none is always first.
            let number = (number + turn) % subjects.len();
            turns[number].push(subjects[number].turn(CALLS).await?);
        }
    }
    let mut held = true;
    let off = median(turns[0].iter().map(|turn| turn.processor_us));
    for (turns_of, (name, most)) in
        turns[1..].iter().zip([("1 % sampled", MAX_FEW), ("all sampled", MAX_ALL)])
    {
        let mine = median(turns_of.iter().map(|turn| turn.processor_us));
        let ratios: Vec<_> = turns_of
            .iter()
            .zip(&turns[0])
            .map(|(one, other)| one.processor_us / other.processor_us)
            .collect();
        let ratio = median(ratios.iter().copied());
        let (least, greatest) = extremes(&ratios);
        held &= ratio <= most;
        println!(
            "{} {what}, {name}: {mine:.1} us, off {off:.1} us; ratio {ratio:.3} ({least:.3} to \
             {greatest:.3}), at most {most}",
            verdict(ratio <= most),
        );
    }
    Ok(held)
}

/// How long calls take, every one of them sampled, while the collector is ill.
async fn ill(sink: &Sink) -> Result<bool> {
    println!("a product, by a catalogue at full load, all sampled, and a collector that");
    let hole = TcpListener::bind("127.0.0.1:0").await?;
    let slow = FaultProxy::start(sink.addr(), 1).await;
    slow.set(Fault { latency: Duration::from_secs(1), ..Fault::default() });
    let collectors = [
        ("is well", sink.endpoint()),
        ("refuses", format!("http://127.0.0.1:{}", free_ports(1))),
        ("is silent", format!("http://{}", hole.local_addr()?)),
        ("is slow", format!("http://{}", slow.addr)),
    ];
    let mut subjects = Vec::new();
    for (_, endpoint) in &collectors {
        let subject = Subject::catalogue(Sampled::All, Some(endpoint)).await?;
        subject.turn(CALLS / 5).await?;
        subjects.push((subject, Vec::new()));
    }
    for turn in 0..TURNS {
        for number in 0..subjects.len() {
            let (subject, turns) = &mut subjects[(number + turn) % collectors.len()];
            turns.push(subject.turn(CALLS).await?);
        }
    }
    let well: Vec<Turn> = subjects[0].1.clone();
    let memory = subjects[0].0.memory_mb()?;
    let mut held = true;
    for ((name, _), (subject, turns)) in collectors.iter().zip(subjects) {
        let p99 = median(turns.iter().map(|turn| turn.p99_ms));
        let ratios: Vec<_> =
            turns.iter().zip(&well).map(|(one, other)| one.p99_ms / other.p99_ms).collect();
        let (ratio, more) = (median(ratios.iter().copied()), subject.memory_mb()? - memory);
        let end = subject.stop().await?.as_secs_f64();
        let good = ratio <= MAX_P99 && more <= MAX_MORE_MEMORY && end <= MAX_END;
        held &= good;
        println!(
            "{} {name}: p99 {p99:.1} ms, ratio {ratio:.3}, at most {MAX_P99}; memory at its peak \
             {more:+.1} MB, at most {MAX_MORE_MEMORY:+}; ends in {end:.1} s, at most {MAX_END}",
            verdict(good),
        );
    }
    Ok(held)
}

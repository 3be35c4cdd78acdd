//! Reads from the cache with a Zipf distribution, without and with 1 % writes.

use std::{
    sync::{Arc, PoisonError, atomic::Ordering::Relaxed},
    time::Instant,
};

use anyhow::Result;
use devtools::bench::Engine;
use testkit::Random;

use super::super::{
    calls::{self, Counters},
    driver::Turn,
    environment::Environment,
    ours::{self, Cache},
    row::Row,
    turns::take,
};

/// Reads per write.
const READS: f64 = 100.0;
/// Share of the peak rate of reads and writes together. At higher rates calls are refused, which would
/// distort the figures.
const SHARE: f64 = 0.5;

pub(super) async fn measure(environment: &Environment) -> Result<Vec<Row>> {
    const SHAPE: &str = "zipf";
    let catalogue =
        ours::catalogue(environment, Engine::Postgres, Cache::All).start(environment).await?;
    calls::warm(&catalogue.addr).await?;
    let load = environment.load(4, 64).with(&["-dist", "zipf"]);
    let saturated =
        take(&environment.driver, environment.rounds.min(3), &[(&catalogue, &load)]).await?;
    let reads = saturated.ours().median(|turn| turn.calls_s);
    let write = |number| calls::adjust(calls::zipf(&mut Random::seeded(number)));
    let written =
        calls::closed_loop(&catalogue.addr, calls::ADJUST, u64::MAX, load.duration, write).await?;
    // Time of a read and a hundredth of a write at the peak.
    let read_seconds = 1.0 / reads + written.seconds / written.ok as f64 / READS;
    let writes = SHARE / read_seconds / READS;

    let load = load.at_rate(writes * READS);
    let alone = take(&environment.driver, environment.rounds, &[(&catalogue, &load)]).await?;
    let counters = Arc::new(Counters::default());
    let mut random = Random::seeded(12);
    let write = move || calls::adjust(calls::zipf(&mut random));
    let addr = catalogue.addr.clone();
    let writer = calls::fixed_rate(addr, calls::ADJUST, writes, Arc::clone(&counters), write);
    let (began, writer) = (Instant::now(), tokio::spawn(writer));
    let taken = take(&environment.driver, environment.rounds, &[(&catalogue, &load)]).await;
    writer.abort();
    let (taken, seconds) = (taken?, began.elapsed().as_secs_f64());

    let row = |figure, value: fn(&Turn) -> f64| {
        let without = Some(alone.ours().median(value));
        Row::of_turns(SHAPE, figure, taken.ours(), value).beside("without writes", without)
    };
    let mut rows = vec![
        row("server CPU s/100k reads", |turn| turn.server_cpu),
        row("database CPU s/100k reads", |turn| turn.behind_cpu),
        row("reads/s", |turn| turn.calls_s),
        row("p99 ms", |turn| turn.p99_ms),
        Row::of_value(SHAPE, "writes/s", counters.ok.load(Relaxed) as f64 / seconds),
    ];
    for (status, count) in counters.failed.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        let mut row = Row::of_value(SHAPE, "writes/s that failed", *count as f64 / seconds);
        row.not_ok = [(status.clone(), *count)].into();
        rows.push(row);
    }
    Ok(rows)
}

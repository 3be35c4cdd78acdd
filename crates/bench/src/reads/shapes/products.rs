//! Single products, by gRPC from the catalogue.

use anyhow::Result;
use devtools::bench::Engine;

use super::super::{
    calls,
    driver::{Load, Turn},
    environment::Environment,
    ours::{self, Cache},
    peers::Peer,
    row::Row,
    server::Server,
    turns::{Taken, take},
};

/// Measures our server and the available peers in turns.
async fn take_all(
    environment: &Environment,
    ours: &Server,
    peers: &[Peer],
    load: &Load,
) -> Result<Taken> {
    let mut servers = Vec::new();
    for peer in peers {
        servers.extend(environment.peers.start(*peer).await?);
    }
    let loads: Vec<_> = [ours].into_iter().chain(&servers).map(|it| (it, load)).collect();
    take(&environment.driver, environment.rounds, &loads).await
}

/// Latencies compared with a peer, without bounds.
fn latencies(shape: &str, taken: &Taken, peer: &str) -> [Row; 2] {
    let row = |figure, value: fn(&Turn) -> f64| {
        Row::compared(shape, figure, taken.ours(), taken.peer(peer), value)
    };
    [row("p50 ms", |turn| turn.p50_ms), row("p99 ms", |turn| turn.p99_ms)]
}

pub(super) async fn cached(environment: &Environment) -> Result<Vec<Row>> {
    const SHAPE: &str = "cached";
    let catalogue =
        ours::catalogue(environment, Engine::Postgres, Cache::All).start(environment).await?;
    calls::warm(&catalogue.addr).await?;
    let peers = [Peer::GoMem, Peer::CppMemBytes];
    let taken = take_all(environment, &catalogue, &peers, &environment.load(4, 64)).await?;
    let (ours, go) = (taken.ours(), taken.peer("go-mem"));
    let cpp = taken.peer("cpp-mem-bytes");
    let cpu = "server CPU s/100k";
    let mut rows = vec![
        Row::compared(SHAPE, cpu, ours, go, |turn| turn.server_cpu).at_most(0.45).goal(0.37),
        Row::compared(SHAPE, "calls/s", ours, go, |turn| turn.calls_s).at_least(1.8).goal(2.4),
        Row::compared(SHAPE, cpu, ours, cpp, |turn| turn.server_cpu).at_most(0.5),
        Row::of_turns(SHAPE, "database CPU s/100k", ours, |turn| turn.behind_cpu),
    ];
    rows.extend(latencies(SHAPE, &taken, "go-mem"));
    rows.push(Row::compared(SHAPE, "RSS peak MB", ours, go, |turn| turn.peak_mb));
    Ok(rows)
}

async fn through_postgres(environment: &Environment, load: &Load) -> Result<Taken> {
    let catalogue =
        ours::catalogue(environment, Engine::Postgres, Cache::Off).start(environment).await?;
    take_all(environment, &catalogue, &[Peer::GoPg, Peer::CppPg], load).await
}

pub(super) async fn postgres(environment: &Environment) -> Result<Vec<Row>> {
    const SHAPE: &str = "postgres";
    let taken = through_postgres(environment, &environment.load(4, 64)).await?;
    let (ours, go, cpp) = (taken.ours(), taken.peer("go-pg"), taken.peer("cpp-pg"));
    let (cpu, database) = ("server CPU s/100k", "database CPU s/100k");
    let mut rows = vec![
        Row::compared(SHAPE, cpu, ours, go, |turn| turn.server_cpu).at_most(0.45).goal(0.34),
        Row::compared(SHAPE, database, ours, go, |turn| turn.behind_cpu).at_most(0.75).goal(0.58),
        Row::compared(SHAPE, "calls/s", ours, go, |turn| turn.calls_s).at_least(1.8).goal(2.3),
        Row::compared(SHAPE, cpu, ours, cpp, |turn| turn.server_cpu).at_most(0.7),
        Row::compared(SHAPE, database, ours, cpp, |turn| turn.behind_cpu),
    ];
    rows.extend(latencies(SHAPE, &taken, "go-pg"));
    let memory = Row::compared(SHAPE, "RSS peak MB", ours, go, |turn| turn.peak_mb);
    rows.push(memory.by_itself().at_most(20.0));
    Ok(rows)
}

pub(super) async fn postgres_few(environment: &Environment) -> Result<Vec<Row>> {
    const SHAPE: &str = "postgres-1x8";
    let taken = through_postgres(environment, &environment.load(1, 8)).await?;
    let (ours, go, cpp) = (taken.ours(), taken.peer("go-pg"), taken.peer("cpp-pg"));
    let cpu = "server CPU s/100k";
    let mut rows = vec![
        Row::compared(SHAPE, cpu, ours, go, |turn| turn.server_cpu).at_most(0.8),
        Row::compared(SHAPE, "calls/s", ours, go, |turn| turn.calls_s).at_least(1.0),
        Row::compared(SHAPE, "database CPU s/100k", ours, go, |turn| turn.behind_cpu),
        Row::compared(SHAPE, cpu, ours, cpp, |turn| turn.server_cpu),
    ];
    rows.extend(latencies(SHAPE, &taken, "go-pg"));
    Ok(rows)
}

pub(super) async fn postgres_many(environment: &Environment) -> Result<Vec<Row>> {
    const SHAPE: &str = "postgres-16x256";
    let taken = through_postgres(environment, &environment.load(16, 256)).await?;
    let (ours, go, cpp) = (taken.ours(), taken.peer("go-pg"), taken.peer("cpp-pg"));
    let cpu = "server CPU s/100k";
    let mut rows = vec![
        Row::compared(SHAPE, cpu, ours, go, |turn| turn.server_cpu),
        Row::compared(SHAPE, "calls/s", ours, go, |turn| turn.calls_s),
        Row::compared(SHAPE, "database CPU s/100k", ours, go, |turn| turn.behind_cpu),
        Row::compared(SHAPE, cpu, ours, cpp, |turn| turn.server_cpu),
    ];
    rows.extend(latencies(SHAPE, &taken, "go-pg"));
    Ok(rows)
}

pub(super) async fn sqlite(environment: &Environment) -> Result<Vec<Row>> {
    const SHAPE: &str = "sqlite";
    let catalogue =
        ours::catalogue(environment, Engine::Sqlite, Cache::Off).start(environment).await?;
    let taken = take_all(environment, &catalogue, &[Peer::GoPg], &environment.load(4, 64)).await?;
    let (ours, go) = (taken.ours(), taken.peer("go-pg"));
    let mut rows = vec![
        Row::compared(SHAPE, "server CPU s/100k", ours, go, |turn| turn.server_cpu).at_most(0.8),
        Row::compared(SHAPE, "calls/s", ours, go, |turn| turn.calls_s),
    ];
    rows.extend(latencies(SHAPE, &taken, "go-pg"));
    rows.push(Row::compared(SHAPE, "RSS peak MB", ours, go, |turn| turn.peak_mb));
    Ok(rows)
}

pub(super) async fn half(environment: &Environment) -> Result<Vec<Row>> {
    const SHAPE: &str = "half";
    let catalogue =
        ours::catalogue(environment, Engine::Postgres, Cache::Off).start(environment).await?;
    let go = environment.peers.start(Peer::GoPg).await?;
    let load = environment.load(4, 64);
    // Without go-pg, half of our own peak.
    let saturated = [(go.as_ref().unwrap_or(&catalogue), &load)];
    let saturated = take(&environment.driver, environment.rounds.min(3), &saturated).await?;
    let rate = saturated.ours().median(|turn| turn.calls_s) / 2.0;
    let load = load.at_rate(rate);
    let loads: Vec<_> = [&catalogue].into_iter().chain(&go).map(|it| (it, &load)).collect();
    let taken = take(&environment.driver, environment.rounds, &loads).await?;
    let (ours, go) = (taken.ours(), taken.peer("go-pg"));
    Ok(vec![
        Row::compared(SHAPE, "p99 ms", ours, go, |turn| turn.p99_ms).at_most(1.0),
        Row::of_turns(SHAPE, "p99 ms, ours alone", ours, |turn| turn.p99_ms).at_most(5.0),
        Row::compared(SHAPE, "p50 ms", ours, go, |turn| turn.p50_ms),
        Row::compared(SHAPE, "server CPU s/100k", ours, go, |turn| turn.server_cpu),
        Row::compared(SHAPE, "database CPU s/100k", ours, go, |turn| turn.behind_cpu),
        Row::of_value(SHAPE, "rate, calls/s", rate),
    ])
}

//! Single products through the gateway, from a catalogue that has all of them cached. The catalogue is on
//! SQLite, so that its CPU time is the only one behind the gateway.

use anyhow::Result;
use devtools::bench::Engine;

use super::super::{
    calls,
    environment::Environment,
    ours::{self, Cache},
    peers::Peer,
    row::Row,
    server::Server,
    turns::take,
};

/// Starts a catalogue with a full cache, and a gateway.
async fn start(environment: &Environment) -> Result<(Server, Server)> {
    let catalogue =
        ours::catalogue(environment, Engine::Sqlite, Cache::All).start(environment).await?;
    calls::warm(&catalogue.addr).await?;
    let gateway = ours::gateway(environment, &catalogue, None).start(environment).await?;
    Ok((catalogue, gateway))
}

pub(super) async fn grpc(environment: &Environment) -> Result<Vec<Row>> {
    const SHAPE: &str = "gateway-grpc";
    let (_catalogue, gateway) = start(environment).await?;
    let go = environment.peers.start(Peer::GoMem).await?;
    let load = environment.load(4, 64);
    let loads: Vec<_> = [&gateway].into_iter().chain(&go).map(|it| (it, &load)).collect();
    let taken = take(&environment.driver, environment.rounds, &loads).await?;
    let (ours, go) = (taken.ours(), taken.peer("go-mem"));
    Ok(vec![
        Row::compared(SHAPE, "gateway CPU s/100k", ours, go, |turn| turn.server_cpu).at_most(1.0),
        Row::of_turns(SHAPE, "catalogue CPU s/100k", ours, |turn| turn.behind_cpu),
        Row::compared(SHAPE, "calls/s", ours, go, |turn| turn.calls_s),
        Row::compared(SHAPE, "p99 ms", ours, go, |turn| turn.p99_ms),
        Row::of_turns(SHAPE, "gateway RSS peak MB", ours, |turn| turn.peak_mb),
    ])
}

pub(super) async fn json(environment: &Environment) -> Result<Vec<Row>> {
    const SHAPE: &str = "gateway-json";
    let (_catalogue, gateway) = start(environment).await?;
    let gateway = gateway.http1("/v1/products/%s");
    let node = environment.peers.start(Peer::NodeMem).await?;
    let load = environment.load(64, 64);
    let loads: Vec<_> = [&gateway].into_iter().chain(&node).map(|it| (it, &load)).collect();
    let taken = take(&environment.driver, environment.rounds, &loads).await?;
    let (ours, node) = (taken.ours(), taken.peer("node-mem"));
    let both = "gateway and catalogue CPU s/100k";
    Ok(vec![
        Row::compared(SHAPE, both, ours, node, |turn| turn.server_cpu + turn.behind_cpu)
            .at_most(0.35),
        Row::of_turns(SHAPE, "gateway CPU s/100k", ours, |turn| turn.server_cpu),
        Row::compared(SHAPE, "calls/s", ours, node, |turn| turn.calls_s),
        Row::compared(SHAPE, "p99 ms", ours, node, |turn| turn.p99_ms),
    ])
}

pub(super) async fn latency(environment: &Environment) -> Result<Vec<Row>> {
    const SHAPE: &str = "gateway-latency";
    let (catalogue, gateway) = start(environment).await?;
    let load = environment.load(4, 64);
    let saturated =
        take(&environment.driver, environment.rounds.min(3), &[(&gateway, &load)]).await?;
    let rate = saturated.ours().median(|turn| turn.calls_s) / 2.0;
    let load = load.at_rate(rate);
    let loads = [(&gateway, &load), (&catalogue, &load)];
    let taken = take(&environment.driver, environment.rounds, &loads).await?;
    let (through, direct) =
        (taken.ours(), taken.peer("catalogue").expect("the catalogue was measured"));
    let added = through.median_difference(direct, |turn| turn.p99_ms);
    let mut added = Row::of_value(SHAPE, "p99 ms added", added).at_most(1.0);
    added.others_cores = Some(through.median(|turn| turn.others_cores));
    Ok(vec![
        added,
        Row::compared(SHAPE, "p99 ms", through, Some(direct), |turn| turn.p99_ms),
        Row::compared(SHAPE, "p50 ms", through, Some(direct), |turn| turn.p50_ms),
        Row::of_value(SHAPE, "rate, calls/s", rate),
    ])
}

//! Time of a start, and memory of an idle service.

use anyhow::{Context as _, Result};
use devtools::bench::Engine;

use super::super::{
    environment::Environment,
    ours::{self, Cache},
    peers::Peer,
    row::Row,
};
use crate::sample::median;

pub(super) async fn cold(environment: &Environment) -> Result<Vec<Row>> {
    const SHAPE: &str = "cold";
    let times = if environment.short { 5 } else { 21 };
    let figures = ["listen_ms_p50", "first_answer_ms_p50", "first_answer_ms_max"];
    let go = match environment.peers.server(Peer::GoPg) {
        Some(go) => Some(environment.driver.cold(&go, times).await?),
        None => None,
    };
    let mut rows = Vec::new();
    for (engine, bound) in [(Engine::Sqlite, 10.0), (Engine::Postgres, 12.0)] {
        let server = ours::catalogue(environment, engine, Cache::Default).without_collector();
        let seen = environment.driver.cold(&server, times).await?;
        for (name, figure) in figures.iter().zip(["listening", "first correct response", "slowest"])
        {
            let figure = format!("{figure} ms, {}", engine.name());
            let peer = go.as_ref().and_then(|go| go[*name].as_f64());
            let ours =
                seen[*name].as_f64().context("no such figure in the report of the driver")?;
            let row = Row::of_value(SHAPE, &figure, ours).beside("go-pg", peer).by_itself();
            rows.push(if *name == "first_answer_ms_p50" { row.at_most(bound) } else { row });
        }
    }
    Ok(rows)
}

pub(super) async fn memory(environment: &Environment) -> Result<Vec<Row>> {
    const SHAPE: &str = "memory";
    let rounds = environment.rounds.min(5);
    let mut go = Vec::new();
    for _ in 0..rounds {
        go.extend(environment.peers.start(Peer::GoPg).await?.map(|server| server.resident_mb()));
    }
    let go = (!go.is_empty()).then(|| median(go));
    let mut rows = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let mut ours = Vec::new();
        for _ in 0..rounds {
            let catalogue =
                ours::catalogue(environment, engine, Cache::Default).start(environment).await?;
            ours.push(catalogue.resident_mb());
        }
        let figure = format!("idle RSS MB, {}", engine.name());
        let row = Row::of_value(SHAPE, &figure, median(ours)).beside("go-pg", go).by_itself();
        rows.push(row.at_most(12.0));
    }
    let catalogue =
        ours::catalogue(environment, Engine::Sqlite, Cache::Default).start(environment).await?;
    let gateway = ours::gateway(environment, &catalogue, None).start(environment).await?;
    rows.push(Row::of_value(SHAPE, "idle RSS MB, gateway", gateway.resident_mb()));
    Ok(rows)
}

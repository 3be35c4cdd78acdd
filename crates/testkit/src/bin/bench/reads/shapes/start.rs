//! Starting, and the memory of a service that nobody asks anything.

use anyhow::{Context as _, Result};

use super::super::{
    ours::{self, Cache, Engine},
    peers::Peer,
    row::Row,
    setting::Setting,
};
use crate::sample::median;

pub(super) async fn cold(setting: &Setting) -> Result<Vec<Row>> {
    const SHAPE: &str = "cold";
    let times = if setting.short { 5 } else { 21 };
    let figures = ["listen_ms_p50", "first_answer_ms_p50", "first_answer_ms_max"];
    let go = match setting.peers.server(Peer::GoPg) {
        Some(go) => Some(setting.driver.cold(&go, times).await?),
        None => None,
    };
    let mut rows = Vec::new();
    for (engine, bound) in [(Engine::Sqlite, 10.0), (Engine::Postgres, 12.0)] {
        let server = ours::catalogue(setting, engine, Cache::Default).without_collector();
        let seen = setting.driver.cold(&server, times).await?;
        for (name, figure) in figures.iter().zip(["listening", "first right answer", "slowest"]) {
            let figure = format!("{figure} ms, {}", engine.name());
            let peer = go.as_ref().and_then(|go| go[*name].as_f64());
            let ours = seen[*name].as_f64().context("the driver reports no time")?;
            let row = Row::of_value(SHAPE, &figure, ours).beside("go-pg", peer).by_itself();
            rows.push(if *name == "first_answer_ms_p50" { row.at_most(bound) } else { row });
        }
    }
    Ok(rows)
}

pub(super) async fn memory(setting: &Setting) -> Result<Vec<Row>> {
    const SHAPE: &str = "memory";
    let rounds = setting.rounds.min(5);
    let mut go = Vec::new();
    for _ in 0..rounds {
        go.extend(setting.peers.start(Peer::GoPg).await?.map(|server| server.resident_mb()));
    }
    let go = (!go.is_empty()).then(|| median(go));
    let mut rows = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let mut ours = Vec::new();
        for _ in 0..rounds {
            let catalogue = ours::catalogue(setting, engine, Cache::Default).start(setting).await?;
            ours.push(catalogue.resident_mb());
        }
        let figure = format!("idle RSS MB, {}", engine.name());
        let row = Row::of_value(SHAPE, &figure, median(ours)).beside("go-pg", go).by_itself();
        rows.push(row.at_most(12.0));
    }
    let catalogue = ours::catalogue(setting, Engine::Sqlite, Cache::Default).start(setting).await?;
    let gateway = ours::gateway(setting, &catalogue, None).start(setting).await?;
    rows.push(Row::of_value(SHAPE, "idle RSS MB, gateway", gateway.resident_mb()));
    Ok(rows)
}

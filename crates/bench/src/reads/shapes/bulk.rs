//! Many products per call: products per CPU second of the server.

use anyhow::{Result, ensure};
use devtools::bench::Engine;
use proto::catalogue::v1::{ListProductsRequest, catalogue_service_client::CatalogueServiceClient};
use testkit::cpu_seconds;

use super::super::{
    driver::{Load, Turn},
    environment::{Environment, PRODUCTS},
    ours::{self, Cache},
    peers::Peer,
    row::Row,
    server::Server,
    turns::take,
};
use crate::{sample::median, transfer::client};

/// `ListProductsRequest { page_size: 1000 }`, the same for ours and the peers.
const LIST_1000: [&str; 5] =
    ["-method", "/catalogue.v1.CatalogueService/ListProducts", "-stream", "-body", "08e807"];

fn per_cpu_second(turn: &Turn) -> f64 {
    turn.messages_s / turn.server_cores.max(0.01)
}

pub(super) async fn list(environment: &Environment) -> Result<Vec<Row>> {
    const SHAPE: &str = "list";
    let load = Load { warmup_calls: 20, ..environment.load(4, 8).with(&LIST_1000) };
    let mut rows = Vec::new();
    for (engine, cache) in [
        (Engine::Postgres, Cache::Default),
        (Engine::Postgres, Cache::Off),
        (Engine::Sqlite, Cache::Default),
        (Engine::Sqlite, Cache::Off),
    ] {
        let catalogue = ours::catalogue(environment, engine, cache).start(environment).await?;
        let go = environment.peers.start(Peer::GoPg).await?;
        let loads: Vec<_> = [&catalogue].into_iter().chain(&go).map(|it| (it, &load)).collect();
        let taken = take(&environment.driver, environment.rounds, &loads).await?;
        let (ours, go) = (taken.ours(), taken.peer("go-pg"));
        let is_cached = cache == Cache::Default;
        let engine_name = match is_cached {
            true => engine.name().to_owned(),
            false => format!("{}, without the cache", engine.name()),
        };
        let figure = format!("products per CPU second, {engine_name}");
        let row = Row::compared(SHAPE, &figure, ours, go, per_cpu_second);
        let is_bound = is_cached && engine == Engine::Postgres;
        rows.push(if is_bound { row.at_least(3.0) } else { row });
        let figure = format!("products/s, {engine_name}");
        rows.push(Row::compared(SHAPE, &figure, ours, go, |turn| turn.messages_s));
        if engine == Engine::Postgres {
            // 1,000 products a call.
            let database = format!("database CPU s/100k products, {engine_name}");
            let each = |turn: &Turn| turn.behind_cpu / 1e3;
            rows.push(Row::compared(SHAPE, &database, ours, go, each));
        }
    }
    Ok(rows)
}

pub(super) async fn export(environment: &Environment) -> Result<Vec<Row>> {
    const SHAPE: &str = "export";
    let mut rows = Vec::new();
    for engine in [Engine::Postgres, Engine::Sqlite] {
        let catalogue = ours::catalogue(environment, engine, Cache::Off).start(environment).await?;
        let go = environment.peers.start(Peer::GoPg).await?;
        let (mut ours, mut peer) = (Vec::new(), Vec::new());
        for _ in 0..environment.rounds {
            let before = cpu_seconds(catalogue.id(), false)?;
            let count = client::export(catalogue.channel().await?, usize::MAX, || ()).await?;
            ensure!(count as u64 == PRODUCTS, "{count} products were exported");
            ours.push(rate(&catalogue, before)?);
            if let Some(go) = &go {
                let before = cpu_seconds(go.id(), false)?;
                list_all(go).await?;
                peer.push(rate(go, before)?);
            }
        }
        let figure = format!("products per CPU second, {}", engine.name());
        let peer = (!peer.is_empty()).then(|| median(peer));
        rows.push(Row::of_value(SHAPE, &figure, median(ours)).beside("go-pg", peer));
    }
    Ok(rows)
}

/// Products per CPU second since `before`.
fn rate(server: &Server, before: f64) -> Result<f64> {
    let spent = cpu_seconds(server.id(), false)? - before;
    Ok(PRODUCTS as f64 / spent.max(0.01))
}

/// Lists all products, because the peers have no export.
async fn list_all(server: &Server) -> Result<()> {
    let mut client = CatalogueServiceClient::new(server.channel().await?);
    let page_size = i32::try_from(PRODUCTS)?;
    let request = ListProductsRequest { page_size, ..Default::default() };
    let mut responses = client.list_products(request).await?.into_inner();
    let mut count = 0;
    while responses.message().await?.is_some() {
        count += 1;
    }
    ensure!(count == PRODUCTS, "{} listed {count} products", server.name);
    Ok(())
}

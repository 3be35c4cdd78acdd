//! CPU time and latency of searches of the real products, as JSON through the gateway.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context as _, Result, ensure};
use devtools::bench::REAL_PRODUCTS;
use testkit::{Random, get, repository, shared_data};

use super::super::{
    driver::Turn,
    environment::Environment,
    ours::{self, Service},
    row::Row,
    server::Server,
    turns::{Turns, take},
};
use crate::search::{
    products::Source,
    queries::{Generator, Kind},
};

/// The real data set.
const PRODUCTS: usize = REAL_PRODUCTS;
const QUERIES: usize = 2_000;
const CONNECTIONS: u32 = 32;
const INDEX_TIMEOUT: Duration = Duration::from_secs(180);

/// CPU milliseconds per call.
fn milliseconds(seconds_per_100k: f64) -> f64 {
    seconds_per_100k / 100.0
}

/// A gateway, search and catalogue with the real products.
struct Searched {
    _catalogue: Server,
    search: Server,
    gateway: Server,
    source: Source,
}

async fn start(environment: &Environment) -> Result<Option<Searched>> {
    let file = environment.corpus.clone().or_else(|| shared_data("products.jsonl.gz"));
    let Some(file) = file else { return Ok(None) };
    let source = Source::read(&file)?;
    let data = environment.dir().join("searched");
    let options = vec![format!("--data-dir={}", data.display())];
    let catalogue = ours::service(environment, "catalogue", options).start(environment).await?;
    let search = ours::search(environment, &catalogue).start(environment).await?;
    let gateway: Service = ours::gateway(environment, &catalogue, Some(&search));
    let gateway = gateway.start(environment).await?.in_front_of(search.id());
    if indexed(&gateway).await? == 0 {
        import(environment, &gateway, file).await?;
    }
    testkit::until_within(INDEX_TIMEOUT, "all products are in the index", async || {
        (indexed(&gateway).await.ok()? == PRODUCTS as u64).then_some(())
    })
    .await;
    Ok(Some(Searched { _catalogue: catalogue, search, gateway, source }))
}

/// Number of products in the index.
async fn indexed(gateway: &Server) -> Result<u64> {
    let response = get(&format!("http://{}/v1/search?pageSize=1", gateway.addr)).await?;
    ensure!(response.status.is_success(), "the search fails: {}", response.text());
    Ok(response.json()["totalSize"].as_u64().unwrap_or(0))
}

async fn import(environment: &Environment, gateway: &Server, file: PathBuf) -> Result<()> {
    let map = repository().join("examples/icecat.toml");
    let arguments = [
        format!("--server=http://{}", gateway.addr),
        "import".to_owned(),
        file.display().to_string(),
        format!("--map={}", map.display()),
    ];
    let output = testkit::run(environment.programs.path("catctl").into(), arguments).await;
    ensure!(output.code == Some(0), "the import failed: {}{}", output.out, output.err);
    Ok(())
}

/// Loads the gateway with random queries in turns. `None` without the product data.
async fn measure(
    environment: &Environment,
    shape: &str,
    kind: Kind,
) -> Result<Option<(Vec<Row>, Turns)>> {
    let Some(searched) = start(environment).await? else { return Ok(None) };
    let generator = Generator::new(&searched.source, PRODUCTS, Random::seeded(12));
    let file = environment.dir().join(format!("{shape}.txt"));
    let paths = generator.paths(kind, QUERIES);
    // The driver prepends a slash.
    let lines: Vec<_> = paths.iter().map(|path| path.trim_start_matches('/')).collect();
    std::fs::write(&file, lines.join("\n")).context("writing the queries")?;
    let file = file.display().to_string();
    let gateway = searched.gateway.http1("/%s");
    let load =
        environment.load(CONNECTIONS, CONNECTIONS).with(&["-ids", &file, "-check-field", "0"]);
    let taken = take(&environment.driver, environment.rounds, &[(&gateway, &load)]).await?;
    let turns = taken.ours().clone();
    let row = |figure, value: fn(&Turn) -> f64| Row::of_turns(shape, figure, &turns, value);
    let mut rows = vec![
        row("search CPU ms a call", |turn| milliseconds(turn.behind_cpu)),
        row("calls/s", |turn| turn.calls_s),
        row("p50 ms", |turn| turn.p50_ms),
        row("p99 ms", |turn| turn.p99_ms),
    ];
    rows.push(Row::of_value(shape, "search RSS MB", searched.search.resident_mb()));
    Ok(Some((rows, turns)))
}

pub(super) async fn page(environment: &Environment) -> Result<Vec<Row>> {
    const SHAPE: &str = "search";
    let Some((mut rows, turns)) = measure(environment, SHAPE, Kind::Facets).await? else {
        return Ok(Vec::new());
    };
    let cpu =
        Row::of_turns(SHAPE, "gateway CPU ms a call", &turns, |turn| milliseconds(turn.server_cpu));
    rows.insert(0, cpu.at_most(0.08));
    Ok(rows)
}

pub(super) async fn suggest(environment: &Environment) -> Result<Vec<Row>> {
    const SHAPE: &str = "suggest";
    let Some((mut rows, turns)) = measure(environment, SHAPE, Kind::Suggest).await? else {
        return Ok(Vec::new());
    };
    let cpu =
        Row::of_turns(SHAPE, "gateway CPU ms a call", &turns, |turn| milliseconds(turn.server_cpu));
    rows.insert(0, cpu);
    Ok(rows)
}

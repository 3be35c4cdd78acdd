//! Latency, memory and disk of search: `cargo xtask bench search`.
//!
//! Real processes on loopback, and one client with one connection that requests JSON from the gateway. Queries
//! are generated from product names: some words, a truncated word, or one with a typing error. Larger data
//! sets are derived from the real one (see [`products`]). Queries start when the index is idle, so that no
//! segments are being merged. The load of the machine is printed with the figures.

mod load;
pub(crate) mod products;
pub(crate) mod queries;
mod visible;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use devtools::bench::SearchArgs;
use products::Source;
use testkit::{
    Figure, Fleet, HttpClient, HttpResponse, Random, Service, repository, shared_data, until_within,
};

use crate::sample::{print_figures, quantiles};

const INDEX_TIMEOUT: Duration = Duration::from_secs(1_800);
/// Changes for measuring the delay until they are in the index.
const CHANGES: usize = 200;
/// Maximum delay until a change is in the index, in milliseconds, at any size.
const MAX_DELAY_MS: f64 = 600.0;

/// Bounds of a size: p99 in milliseconds, indexing in seconds, memory in megabytes.
struct Bounds {
    facets: f64,
    typo: f64,
    prefix: f64,
    suggest: Option<f64>,
    indexing: Option<f64>,
    /// While indexing, and while serving.
    memory: Option<(f64, f64)>,
}

impl Bounds {
    fn of(products: usize) -> Self {
        match products {
            0..=20_000 => Self {
                facets: 3.5,
                typo: 5.0,
                prefix: 5.0,
                suggest: Some(2.0),
                indexing: Some(3.0),
                memory: None,
            },
            20_001..=200_000 => {
                let memory = Some((600.0, 300.0));
                Self { facets: 5.0, typo: 5.0, prefix: 5.0, suggest: None, indexing: None, memory }
            }
            _ => Self {
                facets: 20.0,
                typo: 20.0,
                prefix: 20.0,
                suggest: None,
                indexing: None,
                memory: None,
            },
        }
    }
}

pub(crate) async fn run(args: SearchArgs) -> Result<bool> {
    let Some(file) = shared_data("products.jsonl.gz") else { return Ok(true) };
    let source = Source::read(&file)?;
    let mut all_ok = true;
    for products in args.products {
        all_ok &= measure(&source, products, args.queries).await?;
    }
    Ok(all_ok)
}

async fn measure(source: &Source, count: usize, queries: usize) -> Result<bool> {
    println!("\n{count} products, load {}", load::now());
    let bounds = Bounds::of(count);
    let mut fleet = Fleet::start().await;
    let file = fleet.dir().join("products.jsonl");
    let bytes = source.write(&file, count)?;
    let client = HttpClient::new(fleet.url(""));
    let indexed = import(&fleet, &client, &file, count).await?;
    let peak = testkit::peak_bytes(fleet.process(Service::Search).id())?;

    let mut figures = Vec::new();
    let seconds = indexed.as_secs_f64();
    figures.push(match bounds.indexing {
        Some(bound) => Figure::at_most("all indexed after the import, s", seconds, bound),
        None => Figure::at_most("all indexed after the import, s", seconds, f64::INFINITY),
    });
    load::wait_until_idle(fleet.process(Service::Search).id()).await?;
    let generator = queries::Generator::new(source, count, Random::seeded(4));
    for (what, kind, bound) in [
        ("two facets", queries::Kind::Facets, bounds.facets),
        ("a typing error", queries::Kind::Typo, bounds.typo),
        ("an unfinished word", queries::Kind::Prefix, bounds.prefix),
        ("all products", queries::Kind::Browse, bounds.prefix),
    ] {
        let took = measure_queries(&client, generator.paths(kind, queries)).await?;
        figures.extend(quantiles(what, &took, bound));
    }
    if let Some(bound) = bounds.suggest {
        let took =
            measure_queries(&client, generator.paths(queries::Kind::Suggest, queries)).await?;
        figures.extend(quantiles("suggest", &took, bound));
    }
    let took = visible::measure(&client, &fleet.addr(Service::Catalogue), CHANGES).await?;
    figures.extend(quantiles("a change is in the index", &took, MAX_DELAY_MS));
    let megabyte = f64::from(1 << 20);
    let serving = fleet.process(Service::Search).resident_bytes() as f64 / megabyte;
    if let Some((indexing, bound)) = bounds.memory {
        figures.push(Figure::at_most("MB while indexing", peak as f64 / megabyte, indexing));
        figures.push(Figure::at_most("MB serving", serving, bound));
    }
    let disk = load::size(&fleet.dir().join("search"))? as f64 / bytes as f64;
    figures.push(Figure::at_most("index size / JSON size", disk, 1.2));
    let all_ok = print_figures(&figures);
    println!("load afterwards {}", load::now());
    Ok(all_ok)
}

/// Imports the products. Returns the time from the end of the import until all are in the index.
async fn import(fleet: &Fleet, client: &HttpClient, file: &Path, count: usize) -> Result<Duration> {
    let map = repository().join("examples/icecat.toml");
    let arguments = [file, &map].map(|path| path.to_str().expect("UTF-8"));
    let output = fleet.catctl(&["import", arguments[0], "--map", arguments[1]]).await;
    ensure!(output.code == Some(0), "the import failed: {}{}", output.out, output.err);
    let imported = Instant::now();
    let all_indexed = until_within(INDEX_TIMEOUT, "all products are in the index", async || {
        let found = get(client, "/v1/search?pageSize=1").await.ok()?;
        (found.json()["totalSize"] == count).then_some(())
    });
    all_indexed.await;
    Ok(imported.elapsed())
}

/// GET of a path, which must succeed.
async fn get(client: &HttpClient, path: &str) -> Result<HttpResponse> {
    let response = client.get(path).await.context("requesting the gateway")?;
    ensure!(response.status.is_success(), "{path}: {} {}", response.status, response.text());
    Ok(response)
}

/// Sends queries one after the other. Returns their latencies in ascending order.
async fn measure_queries(client: &HttpClient, paths: Vec<String>) -> Result<Vec<Duration>> {
    // Warm-up.
    for path in paths.iter().take(50) {
        get(client, path).await?;
    }
    let mut took = Vec::with_capacity(paths.len());
    for path in paths {
        let began = Instant::now();
        get(client, &path).await?;
        took.push(began.elapsed());
    }
    took.sort_unstable();
    Ok(took)
}

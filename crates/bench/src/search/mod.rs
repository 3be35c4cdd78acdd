//! How fast search is: `cargo xtask bench search`.
//!
//! Real processes on loopback, one client with one connection, JSON through the gateway. Queries are
//! made from the products themselves, which nobody has judged: words of a title, a word cut off or
//! mistyped. Sets larger than the real one are made of it, see [`products`]. They are asked when the
//! index has come to rest: no segments are being merged any more. Each figure stands beside its
//! bound and the machine's load at that time.

mod client;
mod load;
pub(crate) mod products;
pub(crate) mod queries;
mod visible;

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use client::Client;
use devtools::bench::SearchArgs;
use products::Source;
use testkit::{Figure, Fleet, Random, Service, repository, shared_data};

use crate::sample::verdict;

/// Changes of which each is looked for until it is found.
const CHANGES: usize = 200;
/// How long a change may take to be found, in milliseconds, whatever the number of products.
const VISIBLE: f64 = 600.0;

/// What may be at most, in milliseconds, megabytes, seconds and parts.
struct Bounds {
    facets: f64,
    typo: f64,
    prefix: f64,
    suggest: Option<f64>,
    indexing: Option<f64>,
    /// While it is being filled, and when it serves.
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
    let mut kept = true;
    for products in args.products {
        kept &= measure(&source, products, args.queries).await?;
    }
    Ok(kept)
}

async fn measure(source: &Source, count: usize, queries: usize) -> Result<bool> {
    println!("\n{count} products, load {}", load::now());
    let bounds = Bounds::of(count);
    let mut fleet = Fleet::start().await;
    let file = fleet.dir().join("products.jsonl");
    let bytes = source.write(&file, count)?;
    let map = repository().join("examples/icecat.toml");
    let arguments = [&file, &map].map(|path| path.to_str().expect("UTF-8").to_owned());

    let output = fleet.catctl(&["import", &arguments[0], "--map", &arguments[1]]).await;
    ensure!(output.code == Some(0), "the import failed: {}{}", output.out, output.err);
    let imported = Instant::now();
    let mut client = Client::connect(&fleet.addr(Service::Gateway)).await?;
    loop {
        let answer = client.get("/v1/search?pageSize=1").await;
        if answer.is_ok_and(|it| it["totalSize"] == count) {
            break;
        }
        ensure!(imported.elapsed() < Duration::from_secs(1_800), "not all can be found");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let indexed = imported.elapsed();
    let highest = testkit::peak_bytes(fleet.process(Service::Search).id())?;

    let mut figures = Vec::new();
    let seconds = indexed.as_secs_f64();
    figures.push(match bounds.indexing {
        Some(bound) => Figure::at_most("all found after the import, s", seconds, bound),
        None => Figure::at_most("all found after the import, s", seconds, f64::INFINITY),
    });
    load::at_rest(fleet.process(Service::Search).id()).await?;
    let made = queries::Made::new(source, count, Random::seeded(4));
    for (what, kind, bound) in [
        ("two facets", queries::Kind::Facets, bounds.facets),
        ("a typing error", queries::Kind::Typo, bounds.typo),
        ("an unfinished word", queries::Kind::Prefix, bounds.prefix),
        ("nothing but a page", queries::Kind::Browse, bounds.prefix),
    ] {
        let took = ask(&mut client, made.of(kind, queries)).await?;
        figures.extend(quantiles(what, &took, bound));
    }
    if let Some(bound) = bounds.suggest {
        let took = ask(&mut client, made.of(queries::Kind::Suggest, queries)).await?;
        figures.extend(quantiles("suggest", &took, bound));
    }
    let took = visible::measure(&mut client, &fleet.addr(Service::Catalogue), CHANGES).await?;
    figures.extend(quantiles("a change is found", &took, VISIBLE));
    let megabyte = f64::from(1 << 20);
    let serving = fleet.process(Service::Search).resident_bytes() as f64 / megabyte;
    if let Some((filling, bound)) = bounds.memory {
        figures.push(Figure::at_most("MB while filling", highest as f64 / megabyte, filling));
        figures.push(Figure::at_most("MB serving", serving, bound));
    }
    let disk = load::size(&fleet.dir().join("search"))? as f64 / bytes as f64;
    figures.push(Figure::at_most("index, times the JSON", disk, 1.2));
    for Figure { what, seen, bound, ok } in &figures {
        println!("{} {what:<32} {bound:<8} {seen}", verdict(*ok));
    }
    println!("load afterwards {}", load::now());
    Ok(figures.iter().all(|figure| figure.ok))
}

/// Asks one after the other. Returns how long each took.
async fn ask(client: &mut Client, paths: Vec<String>) -> Result<Vec<Duration>> {
    // What the first few cost is the cost of starting.
    for path in paths.iter().take(50) {
        client.get(path).await.with_context(|| path.clone())?;
    }
    let mut took = Vec::with_capacity(paths.len());
    for path in paths {
        let began = Instant::now();
        client.bytes(&path).await.with_context(|| path.clone())?;
        took.push(began.elapsed());
    }
    took.sort_unstable();
    Ok(took)
}

fn quantiles(what: &str, sorted: &[Duration], bound: f64) -> Vec<Figure> {
    let at = |part: f64| {
        let index = (sorted.len() as f64 * part) as usize;
        sorted[index.min(sorted.len() - 1)].as_secs_f64() * 1e3
    };
    let name = |quantile: &str| format!("{what}, {quantile}, ms");
    vec![
        Figure::at_most(name("p50"), at(0.5), f64::INFINITY),
        Figure::at_most(name("p90"), at(0.9), f64::INFINITY),
        Figure::at_most(name("p99"), at(0.99), bound),
    ]
}

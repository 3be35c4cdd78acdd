//! How good the answers are: `cargo xtask bench relevance`.
//!
//! Imports the real data set, asks the gateway's `/v1/search` every judged query, and has them scored
//! by the script that came with the judgements.

use std::{fmt::Write as _, fs};

use anyhow::{Context as _, Result, ensure};
use testkit::{Fleet, get, repository, shared_data, until};

use crate::sample::verdict;

/// Results asked for: the scorer looks no further down.
const DEPTH: usize = 100;

/// What each class of queries must reach; the scorer's `known` and so on as measured of
/// Meilisearch, less a hundredth.
const PROMISED: [(&str, f64); 9] = [
    ("macro", 0.88),
    ("human", 0.82),
    ("human_typo", 0.84),
    ("known", 0.94),
    ("code", 0.99),
    ("known_prefix", 0.92),
    ("variant", 0.90),
    ("known_typo1", 0.94),
    ("known_typo2", 0.90),
];

/// The part of the queries that may have no result.
const WITHOUT_RESULTS: f64 = 0.005;

pub(crate) async fn run() -> Result<bool> {
    let (Some(products), Some(queries), Some(scorer)) = (
        shared_data("products.jsonl.gz"),
        shared_data("relevance/queries.tsv"),
        shared_data("score.py"),
    ) else {
        return Ok(true);
    };
    let fleet = Fleet::start().await;
    let map = repository().join("examples/icecat.toml");
    let arguments = [&products, &map].map(|path| path.to_str().expect("UTF-8"));
    let output = fleet.catctl(&["import", arguments[0], "--map", arguments[1]]).await;
    ensure!(output.code == Some(0), "the import failed: {}{}", output.out, output.err);
    let everything = fleet.url("/v1/search?pageSize=1");
    until("all products can be found", async || {
        (get(&everything).await.ok()?.json()["totalSize"] == 19_406).then_some(())
    })
    .await;

    let mut answers = String::from("query_id\tproduct_id\trank\n");
    let queries = fs::read_to_string(&queries).context("reading the queries")?;
    for line in queries.lines().skip(1) {
        let mut cells = line.split('\t');
        let (Some(id), Some(query)) = (cells.next(), cells.nth(1)) else { continue };
        let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let url = format!("/v1/search?q={query}&pageSize={DEPTH}&unlogged=true");
        let answer = get(&fleet.url(&url)).await?;
        ensure!(answer.status.is_success(), "{query}: {}", answer.text());
        let answer = answer.json();
        let hits = answer["results"].as_array().into_iter().flatten();
        for (rank, hit) in hits.enumerate() {
            let product = hit["product"]["id"].as_str().context("a hit has a product")?;
            writeln!(answers, "{id}\t{product}\t{}", rank + 1)?;
        }
    }
    let file = fleet.dir().join("run.tsv");
    fs::write(&file, answers)?;
    let arguments = [scorer.as_os_str(), file.as_os_str(), "--csv".as_ref()];
    let scored = testkit::run("python3".into(), arguments).await;
    ensure!(scored.code == Some(0), "the scorer failed: {}", scored.err);
    println!("{}", scored.out);
    judge(&scored.out)
}

/// Compares what the scorer says, as CSV, with what is promised.
fn judge(csv: &str) -> Result<bool> {
    let mut kept = true;
    let mut say = |what: &str, seen: f64, bound: &str, ok: bool| {
        println!("{} {what:<16} {seen:.4}  {bound}", verdict(ok));
        kept &= ok;
    };
    for (class, promised) in PROMISED {
        let seen = figure(csv, class, "nDCG@10")?;
        say(class, seen, &format!(">= {promised}"), seen >= promised);
    }
    let seen = figure(csv, "macro", "zero")?;
    say("without results", seen, &format!("< {WITHOUT_RESULTS}"), seen < WITHOUT_RESULTS);
    Ok(kept)
}

fn figure(csv: &str, class: &str, column: &str) -> Result<f64> {
    let rows = csv.lines().filter(|line| !line.starts_with('#'));
    let mut rows = rows.map(|row| row.split(',').map(str::trim).collect::<Vec<_>>());
    let head = rows.next().context("the scorer says nothing")?;
    let at = head.iter().position(|name| *name == column).context("no such column")?;
    let row = rows.find(|row| row.first() == Some(&class)).context("no such class")?;
    let cell = row.get(at).context("a row is too short")?;
    cell.parse().with_context(|| format!("{cell:?} is no number"))
}

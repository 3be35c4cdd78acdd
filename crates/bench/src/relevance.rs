//! Relevance of search results: `cargo xtask bench relevance`.
//!
//! Imports the real data set, sends all judged queries to the gateway's `/v1/search`, and scores the results
//! with the script of the judgements.

use std::{fmt::Write as _, fs};

use anyhow::{Context as _, Result, ensure};
use testkit::{Fleet, get, repository, shared_data, until};

use crate::sample::verdict;

/// Results per query, the maximum that the scorer uses.
const DEPTH: usize = 100;

/// Minimum nDCG@10 per class of queries; for `known` and the like, that of Meilisearch less 0.01.
const MIN_NDCG: [(&str, f64); 9] = [
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

/// Maximum share of queries without results.
const MAX_WITHOUT_RESULTS: f64 = 0.005;

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
    until("all products are in the index", async || {
        (get(&everything).await.ok()?.json()["totalSize"] == 19_406).then_some(())
    })
    .await;

    let mut run = String::from("query_id\tproduct_id\trank\n");
    let queries = fs::read_to_string(&queries).context("reading the queries")?;
    for line in queries.lines().skip(1) {
        let mut cells = line.split('\t');
        let (Some(id), Some(query)) = (cells.next(), cells.nth(1)) else { continue };
        let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let url = format!("/v1/search?q={query}&pageSize={DEPTH}&unlogged=true");
        let response = get(&fleet.url(&url)).await?;
        ensure!(response.status.is_success(), "{query}: {}", response.text());
        let response = response.json();
        let hits = response["results"].as_array().into_iter().flatten();
        for (rank, hit) in hits.enumerate() {
            let product = hit["product"]["id"].as_str().context("a hit has no product")?;
            writeln!(run, "{id}\t{product}\t{}", rank + 1)?;
        }
    }
    let file = fleet.dir().join("run.tsv");
    fs::write(&file, run)?;
    let arguments = [scorer.as_os_str(), file.as_os_str(), "--csv".as_ref()];
    let scored = testkit::run("python3".into(), arguments).await;
    ensure!(scored.code == Some(0), "the scorer failed: {}", scored.err);
    println!("{}", scored.out);
    judge(&scored.out)
}

/// Compares the scores, as CSV, with their bounds.
fn judge(csv: &str) -> Result<bool> {
    let mut all_ok = true;
    let mut print = |what: &str, seen: f64, bound: &str, ok: bool| {
        println!("{} {what:<16} {seen:.4}  {bound}", verdict(ok));
        all_ok &= ok;
    };
    for (class, min) in MIN_NDCG {
        let seen = figure(csv, class, "nDCG@10")?;
        print(class, seen, &format!(">= {min}"), seen >= min);
    }
    let seen = figure(csv, "macro", "zero")?;
    print("without results", seen, &format!("< {MAX_WITHOUT_RESULTS}"), seen < MAX_WITHOUT_RESULTS);
    Ok(all_ok)
}

fn figure(csv: &str, class: &str, column: &str) -> Result<f64> {
    let rows = csv.lines().filter(|line| !line.starts_with('#'));
    let mut rows = rows.map(|row| row.split(',').map(str::trim).collect::<Vec<_>>());
    let head = rows.next().context("the output of the scorer is empty")?;
    let at = head.iter().position(|name| *name == column).context("no such column")?;
    let row = rows.find(|row| row.first() == Some(&class)).context("no such class")?;
    let cell = row.get(at).context("a row is too short")?;
    cell.parse().with_context(|| format!("{cell:?} is no number"))
}

//! Relevance of search results: `cargo xtask bench relevance`.
//!
//! Imports the real data set, sends the judged queries of both sets to the gateway's `/v1/search`, and scores the
//! results with the script of the judgements. A class that falls below the stored baseline fails.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::{Context as _, Result, ensure};
use testkit::{Fleet, get, repository, shared_data, until};

use crate::sample::verdict;

/// Results per query, the maximum that the scorer uses.
const DEPTH: usize = 100;

/// By how much a class may fall below its baseline.
const MAX_FALL: f64 = 0.01;

/// Minimum nDCG@10 per class of the queries that are found by their words; for `known` and the like, that of
/// Meilisearch less 0.01.
const MIN_OF_WORDS: [(&str, f64); 9] = [
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

/// The baseline of the queries that mean something: what was reached last, by class.
const BASELINE_OF_MEANING: [(&str, f64); 12] = [
    ("price", 0.900),
    ("exclude", 0.788),
    ("phrase", 0.964),
    ("alias", 0.948),
    ("main_product", 0.892),
    ("brand_own", 0.925),
    ("compat", 0.891),
    ("measure", 0.834),
    ("natural", 0.765),
    ("longtail_typo", 0.835),
    ("control", 0.985),
    ("macro", 0.874),
];

/// Maximum share of queries without results.
const MAX_WITHOUT_RESULTS: f64 = 0.005;

pub(crate) async fn run() -> Result<bool> {
    let (Some(products), Some(words), Some(scorer)) = (
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

    println!("Queries found by their words:");
    let scores = score(&fleet, &words, &scorer).await?;
    let minima = MIN_OF_WORDS.map(|(class, min)| (class, min, 0.0));
    let mut all_ok = judge(&scores, &minima)?;
    match shared_data("../intent/queries.tsv").zip(shared_data("../intent/score.py")) {
        Some((meaning, scorer)) => {
            println!("Queries that mean something:");
            let scores = score(&fleet, &meaning, &scorer).await?;
            let minima = BASELINE_OF_MEANING.map(|(class, min)| (class, min, MAX_FALL));
            all_ok &= judge(&scores, &minima)?;
        }
        None => println!("skipped: the second set of judged queries is not there"),
    }
    Ok(all_ok)
}

/// Runs all queries of a set and scores them. Returns the scores as CSV.
async fn score(fleet: &Fleet, queries: &Path, scorer: &Path) -> Result<String> {
    let mut run = String::from("query_id\tproduct_id\trank\n");
    let text = fs::read_to_string(queries).context("reading the queries")?;
    for line in text.lines().skip(1) {
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
    let folder = queries.parent().context("a folder of queries")?;
    let arguments = [
        scorer.as_os_str(),
        file.as_os_str(),
        "--csv".as_ref(),
        "--data".as_ref(),
        folder.as_os_str(),
    ];
    let scored = testkit::run("python3".into(), arguments).await;
    ensure!(scored.code == Some(0), "the scorer failed: {}", scored.err);
    println!("{}", scored.out);
    Ok(scored.out)
}

/// Compares the scores, as CSV, with their minima, less what each may fall.
fn judge(csv: &str, minima: &[(&str, f64, f64)]) -> Result<bool> {
    let mut all_ok = true;
    let mut print = |what: &str, seen: f64, bound: &str, ok: bool| {
        println!("{} {what:<16} {seen:.4}  {bound}", verdict(ok));
        all_ok &= ok;
    };
    for (class, min, fall) in minima {
        let seen = figure(csv, class, "nDCG@10")?;
        let min = min - fall;
        print(class, seen, &format!(">= {min:.3}"), seen >= min);
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

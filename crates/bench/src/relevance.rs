//! Relevance of search results: `cargo xtask bench relevance`.
//!
//! Imports the real data set, sends the judged queries of both sets and the sentences to the gateway's `/v1/search`,
//! and scores the results; for the sets with the script of the judgements. It fails if a class falls below its
//! baseline, if too many of the shown products violate their query's demand, or if a query takes too long.

use std::{
    collections::HashMap,
    fmt::Write as _,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use judgements::{Constraint, Judged, Scores, interval, mean};
use testkit::{Fleet, get, repository, shared_data, until};

use crate::sample::verdict;

/// Results per query, the maximum that the scorer uses.
const DEPTH: usize = 100;

/// Number of results that a page shows.
const SHOWN: usize = 10;

/// By how much a class may fall below its baseline.
const MAX_FALL: f64 = 0.01;

/// The baseline of the queries that are found by their words: the score reached last, by class.
const BASELINE_OF_WORDS: [(&str, f64); 11] = [
    ("human", 0.830),
    ("human_typo", 0.841),
    ("human_prefix", 0.799),
    ("known", 0.941),
    ("known_typo1", 0.941),
    ("known_typo2", 0.938),
    ("known_prefix", 0.940),
    ("variant", 0.951),
    ("code", 0.992),
    ("attribute", 0.832),
    ("macro", 0.900),
];

/// The same of the queries that mean something.
const BASELINE_OF_MEANING: [(&str, f64); 12] = [
    ("price", 0.918),
    ("exclude", 0.903),
    ("phrase", 0.965),
    ("alias", 0.964),
    ("main_product", 0.925),
    ("brand_own", 0.956),
    ("compat", 0.884),
    ("measure", 0.866),
    ("natural", 0.539),
    ("longtail_typo", 0.861),
    ("control", 0.995),
    ("macro", 0.878),
];

/// The same of the sentences.
const BASELINE_OF_SENTENCES: f64 = 0.602;

/// Maximum share of queries without results.
const MAX_WITHOUT_RESULTS: f64 = 0.005;

/// Maximum share of the shown products that violate a bound of the price or an exclusion.
const MAX_VIOLATIONS: f64 = 0.01;

/// Maximum time of a query, through the gateway.
const MAX_TIME: Duration = Duration::from_millis(20);

/// The answers to a set of queries.
struct Answers {
    /// Ids of the products, best first, by query.
    found: Vec<Vec<String>>,
    slowest: (Duration, String),
}

pub(crate) async fn run() -> Result<bool> {
    let (Some(file), Some(scorer)) = (shared_data("products.jsonl.gz"), shared_data("score.py"))
    else {
        return Ok(true);
    };
    let folder = file.parent().context("a folder of products")?;
    let fleet = filled(&file).await?;
    println!("Queries found by their words:");
    let words = folder.join("relevance");
    let mut all_ok = judge_set(&fleet, &words, &scorer, &BASELINE_OF_WORDS).await?;
    match shared_data("../intent/score.py") {
        Some(scorer) => {
            println!("Queries that mean something:");
            let meaning = folder.join("../intent");
            all_ok &= judge_set(&fleet, &meaning, &scorer, &BASELINE_OF_MEANING).await?;
            all_ok &= judge_violations(&fleet, folder).await?;
        }
        None => println!("skipped: the second set of judged queries is not there"),
    }
    Ok(all_ok & judge_sentences(&fleet, folder).await?)
}

/// Starts the services and imports the products.
async fn filled(products: &Path) -> Result<Fleet> {
    let fleet = Fleet::start().await;
    let map = repository().join("examples/icecat.toml");
    let arguments = [products, &map].map(|path| path.to_str().expect("UTF-8"));
    let output = fleet.catctl(&["import", arguments[0], "--map", arguments[1]]).await;
    ensure!(output.code == Some(0), "the import failed: {}{}", output.out, output.err);
    let everything = fleet.url("/v1/search?pageSize=1");
    until("all products are in the index", async || {
        (get(&everything).await.ok()?.json()["totalSize"] == 19_406).then_some(())
    })
    .await;
    Ok(fleet)
}

async fn judge_set(
    fleet: &Fleet,
    folder: &Path,
    scorer: &Path,
    baseline: &[(&str, f64)],
) -> Result<bool> {
    let queries = judgements::read(folder)?;
    let answers = answers(fleet, &queries, DEPTH).await?;
    let scores = score(fleet, &queries, &answers, folder, scorer).await?;
    Ok(judge(&scores, baseline)? & judge_time(&answers))
}

async fn judge_sentences(fleet: &Fleet, folder: &Path) -> Result<bool> {
    let queries = judgements::sentences(&judgements::products(folder)?);
    let answers = answers(fleet, &queries, SHOWN).await?;
    let mut scores = Scores::default();
    for (judged, found) in queries.iter().zip(&answers.found) {
        scores.add(&judged.class, found, &judged.grades);
    }
    let all: Vec<f64> = scores.classes.into_values().flatten().collect();
    let (seen, (low, high)) = (mean(&all), interval(&all));
    let bound = BASELINE_OF_SENTENCES - MAX_FALL;
    let is_ok = seen >= bound;
    println!("{} sentences {seen:.4} ({low:.3}-{high:.3})  >= {bound:.3}", verdict(is_ok));
    Ok(is_ok & judge_time(&answers))
}

/// Judges the share of shown products that violate their query's demand.
async fn judge_violations(fleet: &Fleet, folder: &Path) -> Result<bool> {
    let products = judgements::products(folder)?;
    let products: HashMap<_, _> = products.iter().map(|it| (it.id.as_str(), it)).collect();
    let mut queries = judgements::read(&folder.join("../intent"))?;
    queries.retain(|judged| Constraint::of(judged).is_some());
    let answers = answers(fleet, &queries, SHOWN).await?;
    let (mut shown, mut violating) = (0_usize, 0_usize);
    for (judged, found) in queries.iter().zip(&answers.found) {
        let Some(constraint) = Constraint::of(judged) else { continue };
        for product in found.iter().filter_map(|id| products.get(id.as_str())) {
            shown += 1;
            violating += usize::from(constraint.is_violated_by(product, judged));
        }
    }
    let share = violating as f64 / f64::max(shown as f64, 1.0);
    let is_ok = shown > 0 && share <= MAX_VIOLATIONS;
    println!("{} violations {share:.4} of {shown} shown  <= {MAX_VIOLATIONS}", verdict(is_ok));
    Ok(is_ok)
}

/// Runs queries, one after the other.
async fn answers(fleet: &Fleet, queries: &[Judged], depth: usize) -> Result<Answers> {
    let mut found = Vec::with_capacity(queries.len());
    let mut slowest = (Duration::ZERO, String::new());
    for judged in queries {
        let query: String = url::form_urlencoded::byte_serialize(judged.query.as_bytes()).collect();
        let url = fleet.url(&format!("/v1/search?q={query}&pageSize={depth}&unlogged=true"));
        let began = Instant::now();
        let response = get(&url).await?;
        slowest = slowest.max((began.elapsed(), judged.query.clone()));
        ensure!(response.status.is_success(), "{query}: {}", response.text());
        let response = response.json();
        let hits = response["results"].as_array().into_iter().flatten();
        let ids = hits.map(|hit| hit["product"]["id"].as_str().map(str::to_owned));
        found.push(ids.collect::<Option<_>>().context("a hit has no product")?);
    }
    Ok(Answers { found, slowest })
}

/// Scores the answers to a set by its script. Returns the scores as CSV.
async fn score(
    fleet: &Fleet,
    queries: &[Judged],
    answers: &Answers,
    folder: &Path,
    scorer: &Path,
) -> Result<String> {
    let mut run = String::from("query_id\tproduct_id\trank\n");
    for (judged, found) in queries.iter().zip(&answers.found) {
        for (rank, product) in found.iter().enumerate() {
            writeln!(run, "{}\t{product}\t{}", judged.id, rank + 1)?;
        }
    }
    let file = fleet.dir().join("run.tsv");
    fs::write(&file, run)?;
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

/// Judges the slowest query; of a debug build it is only printed.
fn judge_time(answers: &Answers) -> bool {
    let (slowest, query) = &answers.slowest;
    let is_ok = cfg!(debug_assertions) || *slowest <= MAX_TIME;
    println!("{} slowest {slowest:.1?}  <= {MAX_TIME:?}: {query:?}", verdict(is_ok));
    is_ok
}

/// Compares the scores, as CSV, with their baseline.
fn judge(csv: &str, baseline: &[(&str, f64)]) -> Result<bool> {
    let mut all_ok = true;
    let mut print = |what: &str, seen: f64, bound: &str, ok: bool| {
        println!("{} {what:<16} {seen:.4}  {bound}", verdict(ok));
        all_ok &= ok;
    };
    for (class, reached) in baseline {
        let seen = figure(csv, class, "nDCG@10")?;
        let min = reached - MAX_FALL;
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

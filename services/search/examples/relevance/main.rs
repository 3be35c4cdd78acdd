//! Ranking quality on the judged queries, in process.
//!
//! ```text
//! relevance DATA                     scores of the defaults, by class
//! relevance DATA try CHANGES...      of other parameters, each such as length=0.3,kind=0.6
//! relevance DATA worst CLASS [CHANGES]  the queries of a class that go worst
//! relevance DATA tune [quick]        looks for better ones: cargo xtask bench relevance --tune
//! ```

mod data;
mod score;
mod tune;

use anyhow::Result;
use data::Judged;
use proto::catalogue::v1::Product;
use search::tuning::{Parameters, TrialIndex};
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "../shared/data".to_owned()));
    let mode = arguments.next().unwrap_or_default();
    let mut queries = data::queries(&folder.join("relevance"))?;
    queries.extend(data::queries(&folder.join("../intent"))?);
    let products = data::products(&folder)?;
    if mode == "tune" {
        let judge = arguments.next().as_deref() != Some("quick");
        return tune::run(&queries, &products, judge);
    }
    let began = Instant::now();
    let trial = TrialIndex::new(Parameters::default(), products.iter().cloned())?;
    println!("{} products indexed in {:.2?}", trial.product_count(), began.elapsed());
    match mode.as_str() {
        "try" => try_changes(&trial, &queries, &products, arguments),
        "worst" => {
            let class = arguments.next().unwrap_or_default();
            let changes = arguments.next().unwrap_or_default();
            print_worst(&trial, &queries, &products, &class, &changes)
        }
        _ => report(&trial, &queries),
    }
}

/// Prints the scores of other parameters.
fn try_changes(
    trial: &TrialIndex,
    queries: &[Judged],
    products: &[Product],
    all_changes: impl Iterator<Item = String>,
) -> Result<()> {
    for changes in all_changes {
        let parameters = tune::changed(Parameters::default(), &changes)?;
        // Weights are part of the index.
        let changed = if parameters.weights == Parameters::default().weights {
            trial.with(parameters)
        } else {
            TrialIndex::new(parameters, products.iter().cloned())?
        };
        let scores = score::score(&changed, queries.iter())?;
        let classes = scores.classes.iter();
        let classes = classes.map(|(class, it)| format!("{class} {:.3}", score::mean(it)));
        let classes: Vec<_> = classes.collect();
        println!("{:.4} {} {changes}", scores.macro_average(), classes.join(" "));
    }
    Ok(())
}

/// Prints the queries of a class that score worst.
fn print_worst(
    trial: &TrialIndex,
    queries: &[Judged],
    products: &[Product],
    class: &str,
    changes: &str,
) -> Result<()> {
    let trial = trial.with(tune::changed(Parameters::default(), changes)?);
    for judged in queries.iter().filter(|it| it.class == class) {
        let (found, total) = trial.search(&judged.query, 10)?;
        let score = score::ndcg(&found, &judged.grades).unwrap_or_default();
        if score > 0.75 {
            continue;
        }
        println!("{score:.2} {} {:?} ({total})", judged.id, judged.query);
        for id in &found {
            let name = products.iter().find(|it| it.id == *id).map_or("", |it| &it.name);
            let grade = judged.grades.get(id);
            println!("      {} {name}", grade.map_or("-".to_owned(), u32::to_string));
        }
        let mut best: Vec<_> = judged.grades.iter().filter(|(id, _)| !found.contains(id)).collect();
        best.sort_by_key(|(id, grade)| (std::cmp::Reverse(**grade), (*id).clone()));
        for (id, grade) in best.iter().take(3) {
            let it = products.iter().find(|it| it.id == **id);
            println!(
                "   missed {grade} {} {:?}",
                it.map_or("", |it| &it.name),
                it.map(|it| it.category_paths.first().map(|p| p.names.clone()))
            );
        }
    }
    Ok(())
}

/// Prints times and scores of the default parameters.
fn report(trial: &TrialIndex, queries: &[Judged]) -> Result<()> {
    let mut took = Vec::with_capacity(queries.len());
    for judged in queries {
        // The minimum of three runs excludes most of the load of other processes.
        let mut best = Duration::MAX;
        for _ in 0..3 {
            let began = Instant::now();
            trial.search(&judged.query, 20)?;
            best = best.min(began.elapsed());
        }
        took.push((best, &judged.query));
    }
    took.sort_unstable();
    let at = |part: f64| took[(took.len() as f64 * part) as usize];
    println!("a query takes p50 {:.2?}, p99 {:.2?}, {:?}", at(0.5).0, at(0.99).0, at(0.99).1);
    let scores = score::score(trial, queries.iter())?;
    for (class, scores) in &scores.classes {
        println!("{class:<16} {:.3}", score::mean(scores));
    }
    println!("macro            {:.4}", scores.macro_average());
    println!("without results  {}", scores.without_results);
    Ok(())
}

//! The report on the default parameters: scores, violations, times.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use anyhow::Result;
use judgements::{Constraint, Judged, SENTENCES, Scores, interval, mean};
use proto::catalogue::v1::Product;
use search::tuning::{Parameters, TrialIndex};

use crate::Experiment;

/// Number of results that a page shows.
const SHOWN: usize = 10;

/// Classes of the first set: their queries have the words of the products.
const OF_WORDS: [&str; 10] = [
    "human",
    "human_typo",
    "human_prefix",
    "known",
    "known_typo1",
    "known_typo2",
    "known_prefix",
    "variant",
    "code",
    "attribute",
];

pub(crate) fn run(it: &Experiment) -> Result<()> {
    let began = Instant::now();
    let trial = it.trial(Parameters::default())?;
    println!("{} products indexed in {:.2?}", trial.product_count(), began.elapsed());
    print_times(&trial, &it.queries)?;
    let scores = scores(&trial, &it.queries)?;
    print_sets(&scores, "With the defaults");
    println!("without results  {}", scores.without_results);
    print_violations(&trial, it)
}

/// Runs all queries and scores their results.
pub(crate) fn scores(trial: &TrialIndex, queries: &[Judged]) -> Result<Scores> {
    let mut scores = Scores::default();
    for judged in queries {
        let (found, _) = trial.search(&judged.query, SHOWN)?;
        scores.add(&judged.class, &found, &judged.grades);
    }
    Ok(scores)
}

/// Prints the scores of both sets and of the sentences.
pub(crate) fn print_sets(scores: &Scores, title: &str) {
    println!("{title}, nDCG@10 with intervals of 95 %:");
    print_set("queries found by their words", scores, |class| OF_WORDS.contains(&class));
    let is_of_meaning = |class: &str| class != SENTENCES && !OF_WORDS.contains(&class);
    print_set("queries that mean something", scores, is_of_meaning);
    print_set("sentences", scores, |class| class == SENTENCES);
}

/// Prints the classes of a set with their intervals.
fn print_set(title: &str, scores: &Scores, is_in: impl Fn(&str) -> bool) {
    println!("{title}:");
    let classes = scores.classes.iter().filter(|(class, _)| is_in(class));
    let set = Scores {
        classes: classes.map(|(class, it)| (class.clone(), it.clone())).collect(),
        ..Scores::default()
    };
    for (class, scores) in &set.classes {
        let (low, high) = interval(scores);
        let count = scores.len();
        println!("  {class:<16} {count:4} {:.3}  {low:.3}-{high:.3}", mean(scores));
    }
    println!("  macro                 {:.4}", set.macro_average());
}

fn print_times(trial: &TrialIndex, queries: &[Judged]) -> Result<()> {
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
    let at = |part: f64| took[(took.len() as f64 * part) as usize].0;
    let (slowest, query) = took[took.len() - 1];
    println!(
        "a query takes p50 {:.2?}, p99 {:.2?}, at most {slowest:.2?} ({query:?})",
        at(0.5),
        at(0.99)
    );
    Ok(())
}

/// Prints the share of shown products that violate the query's demand.
fn print_violations(trial: &TrialIndex, it: &Experiment) -> Result<()> {
    let products: HashMap<&str, &Product> =
        it.products.iter().map(|product| (product.id.as_str(), product)).collect();
    let mut by_class: HashMap<&str, (usize, usize)> = HashMap::new();
    for judged in &it.queries {
        let Some(constraint) = Constraint::of(judged) else { continue };
        let (found, _) = trial.search(&judged.query, SHOWN)?;
        let (shown, violating) = by_class.entry(&judged.class).or_default();
        for product in found.iter().filter_map(|id| products.get(id.as_str())) {
            *shown += 1;
            if constraint.is_violated_by(product, judged) {
                *violating += 1;
                println!("violation of {:?}: {}", judged.query, product.name);
            }
        }
    }
    for (class, (shown, violating)) in by_class {
        let share = 100.0 * violating as f64 / shown.max(1) as f64;
        println!("violations of {class}: {violating} of {shown} shown ({share:.1} %)");
    }
    Ok(())
}

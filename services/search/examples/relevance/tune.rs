//! Parameter tuning by coordinate descent with cross-validation.
//!
//! Each parameter in turn is moved up and down; an improving move is kept. This is repeated for
//! five folds, each time on four fifths of the queries and validated on the remaining fifth: the
//! average of the five is the expected score on unseen queries. Related queries (a query and its
//! mistyped forms) are in the same fold. Finally it is done on all queries, where a move must
//! improve most folds.

use crate::{
    data::Judged,
    score::{self, Scores},
};
use anyhow::{Context as _, Result};
use proto::catalogue::v1::Product;
use search::tuning::{Parameters, TrialIndex};
use std::collections::BTreeMap;

const FOLDS: usize = 5;

/// Minimum scores of single classes. A shortfall is subtracted from the average of all, so that no
/// class is sacrificed for the others.
const PROMISED: [(&str, f64); 8] = [
    ("human", 0.82),
    ("human_typo", 0.84),
    ("known", 0.94),
    ("code", 0.99),
    ("known_prefix", 0.92),
    ("variant", 0.90),
    ("known_typo1", 0.94),
    ("known_typo2", 0.90),
];

/// Minimum gain of a move.
const WORTH_IT: f64 = 0.000_5;

type Knob = (&'static str, fn(&mut Parameters) -> &mut f32);

/// The tuned parameters. The weights, which are part of the index, are tuned after them.
const KNOBS: [Knob; 24] = [
    ("saturation", |it| &mut it.saturation),
    ("length", |it| &mut it.length),
    ("stem", |it| &mut it.stem),
    ("prefix", |it| &mut it.prefix),
    ("compound", |it| &mut it.compound),
    ("code", |it| &mut it.code),
    ("synonym", |it| &mut it.synonym),
    ("typo", |it| &mut it.typo),
    ("two_typos", |it| &mut it.two_typos),
    ("first_letter", |it| &mut it.first_letter),
    ("rare", |it| &mut it.rare),
    ("coverage", |it| &mut it.coverage),
    ("coordination", |it| &mut it.coordination),
    ("kind", |it| &mut it.kind),
    ("head", |it| &mut it.head),
    ("head_noun", |it| &mut it.head_noun),
    ("own_brand", |it| &mut it.own_brand),
    ("phrase", |it| &mut it.phrase),
    ("measure", |it| &mut it.measure),
    ("doubtful_head", |it| &mut it.doubtful_head),
    ("known_without", |it| &mut it.known_without),
    ("in_name", |it| &mut it.in_name),
    ("side_by_side", |it| &mut it.side_by_side),
    ("known_prefix", |it| &mut it.known_prefix),
];

type Weight = (&'static str, fn(&mut Parameters) -> &mut u32);

const WEIGHTS: [Weight; 8] = [
    ("name", |it| &mut it.weights.name),
    ("brand", |it| &mut it.weights.brand),
    ("category", |it| &mut it.weights.category),
    ("above", |it| &mut it.weights.above),
    ("attribute", |it| &mut it.weights.attribute),
    ("number", |it| &mut it.weights.number),
    ("description", |it| &mut it.weights.description),
    ("code", |it| &mut it.weights.code),
];

/// Applies changes such as `length=0.3,weights.name=5`.
pub(crate) fn changed(mut parameters: Parameters, changes: &str) -> Result<Parameters> {
    for change in changes.split(',').filter(|change| !change.is_empty()) {
        let (name, value) = change.split_once('=').context("a change is name=value")?;
        if let Some(weight) = name.strip_prefix("weights.") {
            let weight = WEIGHTS.iter().find(|(known, _)| *known == weight);
            *weight.context("no such weight")?.1(&mut parameters) = value.parse()?;
            continue;
        }
        let knob = KNOBS.iter().find(|(knob, _)| *knob == name).context("no such parameter")?;
        *knob.1(&mut parameters) = value.parse()?;
    }
    Ok(parameters)
}

/// Returns a query's fold, the same for related queries.
fn fold(judged: &Judged) -> usize {
    // The first letters of the words survive most typing errors and truncations.
    let key: String = judged.query.split(' ').filter_map(|word| word.chars().next()).collect();
    key.bytes().fold(7_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % FOLDS
}

/// Tunes the parameters and prints them. `judge` also estimates the score on unseen queries, which
/// takes five times as long.
pub(crate) fn run(queries: &[Judged], products: &[Product], judge: bool) -> Result<()> {
    let start = Parameters::default();
    let trial = TrialIndex::new(start.clone(), products.iter().cloned())?;
    let mut held_out = BTreeMap::<String, Vec<f64>>::new();
    for out in 0..if judge { FOLDS } else { 0 } {
        let rest: Vec<&Judged> = queries.iter().filter(|it| fold(it) != out).collect();
        let own: Vec<&Judged> = queries.iter().filter(|it| fold(it) == out).collect();
        let found = descend(&trial, &rest, start.clone(), |_| true)?;
        let scores = score::score(&trial.with(found), own.into_iter())?;
        for (class, scores) in scores.classes {
            held_out.entry(class).or_default().extend(scores);
        }
    }
    let expected = Scores { classes: held_out, ..Scores::default() };
    if judge {
        println!("on queries that had no part in it: {:.4}", expected.macro_average());
    }

    let all: Vec<&Judged> = queries.iter().collect();
    let mut best = descend(&trial, &all, start, |agree| agree * 5 >= FOLDS * 3)?;
    let worth_of =
        |trial: &TrialIndex| Ok::<_, anyhow::Error>(worth(&together(&by_fold(trial, &all)?)));
    let mut best_score = worth_of(&trial.with(best.clone()))?;
    for (name, weight) in WEIGHTS {
        for factor in [0.5, 0.75, 1.33, 2.0] {
            let mut moved = best.clone();
            let value = weight(&mut moved);
            let new = (f64::from(*value) * factor).round() as u32;
            if new == *value {
                continue;
            }
            *value = new;
            let score = worth_of(&TrialIndex::new(moved.clone(), products.iter().cloned())?)?;
            println!("  weights.{name} {new}: {score:.4}");
            if score > best_score + WORTH_IT {
                (best, best_score) = (moved, score);
            }
        }
    }
    println!("{best:#?}\nworth {best_score:.4}");
    Ok(())
}

/// Moves one parameter after another while that improves the score. `enough` decides in how many
/// folds a move must not lose.
fn descend(
    trial: &TrialIndex,
    queries: &[&Judged],
    start: Parameters,
    enough: impl Fn(usize) -> bool,
) -> Result<Parameters> {
    let mut best = start;
    let mut folds = by_fold(&trial.with(best.clone()), queries)?;
    for round in 0..2 {
        let mut moved_any = false;
        for (name, knob) in KNOBS {
            for factor in [0.5, 0.75, 0.9, 1.1, 1.33, 2.0] {
                let mut moved = best.clone();
                let value = knob(&mut moved);
                *value = if *value == 0.0 { 0.1 * factor } else { *value * factor };
                let new = *value;
                let scores = by_fold(&trial.with(moved.clone()), queries)?;
                let averages = |scores: &[Scores]| -> Vec<f64> {
                    scores.iter().map(Scores::macro_average).collect()
                };
                let (after, before) = (averages(&scores), averages(&folds));
                let agree = after.iter().zip(&before).filter(|(new, old)| new >= old).count();
                let gained = worth(&together(&scores)) - worth(&together(&folds));
                if gained > WORTH_IT && enough(agree) {
                    println!("  round {round}: {name} {new:.4}: {:.4}", worth(&together(&scores)));
                    (best, folds) = (moved, scores);
                    moved_any = true;
                }
            }
        }
        if !moved_any {
            break;
        }
    }
    Ok(best)
}

/// Returns the scores of each fold that has queries.
fn by_fold(trial: &TrialIndex, queries: &[&Judged]) -> Result<Vec<Scores>> {
    let mut folds = Vec::with_capacity(FOLDS);
    for number in 0..FOLDS {
        let own = queries.iter().copied().filter(|it| fold(it) == number);
        let scores = score::score(trial, own)?;
        if scores.queries > 0 {
            folds.push(scores);
        }
    }
    Ok(folds)
}

fn together(folds: &[Scores]) -> Scores {
    let mut all = Scores::default();
    for (class, scores) in folds.iter().flat_map(|fold| &fold.classes) {
        all.classes.entry(class.clone()).or_default().extend(scores);
    }
    all
}

/// Returns the average of all classes, less the classes' shortfalls.
fn worth(scores: &Scores) -> f64 {
    let short = PROMISED.iter().filter_map(|(class, promised)| {
        scores.classes.get(*class).map(|scores| (promised - score::mean(scores)).max(0.0))
    });
    scores.macro_average() - short.sum::<f64>()
}

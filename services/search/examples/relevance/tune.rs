//! Parameter tuning by coordinate descent with cross-validation over both sets and the sentences.
//!
//! Each parameter in turn is moved up and down; a move that improves is kept. This is repeated for five folds, each
//! time on four fifths of the queries and judged on the remaining fifth: all five together are the score to expect
//! of unseen queries. Queries of one base are in the same fold. At last it is done on all queries, where a move must
//! not lose in most folds.

use std::{
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

use anyhow::{Context as _, Result};
use judgements::{Judged, Scores, mean, ndcg};
use search::tuning::{Parameters, TrialIndex};

use crate::{Experiment, report};

/// Number of results that are scored.
const DEPTH: usize = 10;

const FOLDS: usize = 5;

/// Scores that single classes should have. A shortfall counts once more.
const PROMISED: [(&str, f64); 10] = [
    ("human", 0.82),
    ("known", 0.97),
    ("code", 0.995),
    ("known_prefix", 0.96),
    ("attribute", 0.84),
    ("price", 0.92),
    ("exclude", 0.92),
    ("main_product", 0.90),
    ("longtail_typo", 0.90),
    ("control", 0.99),
];

/// Moves of a parameter.
const FACTORS: [f32; 4] = [0.67, 0.85, 1.2, 1.5];

/// Minimum gain of a move.
const WORTH_IT: f64 = 0.000_5;

type Knob = (&'static str, fn(&mut Parameters) -> &mut f32);

/// The tuned parameters. The weights, which are part of the index, are tuned after them.
const KNOBS: [Knob; 25] = [
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
    ("value", |it| &mut it.value),
    ("measure", |it| &mut it.measure),
    ("doubtful_head", |it| &mut it.doubtful_head),
    ("known_without", |it| &mut it.known_without),
    ("in_name", |it| &mut it.in_name),
    ("side_by_side", |it| &mut it.side_by_side),
    ("known_prefix", |it| &mut it.known_prefix),
];

/// Values of parameters with which they do nothing.
const NEUTRAL: [(&str, &str); 15] = [
    ("compound", "1"),
    ("code", "1"),
    ("prefix", "1"),
    ("known_prefix", "1"),
    ("two_typos", "0.62"),
    ("first_letter", "1"),
    ("coordination", "0"),
    ("kind", "0"),
    ("head", "1.5"),
    ("doubtful_head", "0"),
    ("known_without", "1"),
    ("measure", "0"),
    ("value", "0"),
    ("in_name", "0"),
    ("side_by_side", "0"),
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

/// Evaluates parameters on all queries, each set of parameters once.
struct Tuner<'a> {
    trial: TrialIndex,
    queries: &'a [Judged],
    known: HashMap<String, Rc<[Option<f64>]>>,
}

/// Tunes the parameters and prints them. `judge` also estimates the score on unseen queries.
pub(crate) fn run(it: &Experiment, judge: bool) -> Result<()> {
    let start = Parameters::default();
    let trial = it.trial(start.clone())?;
    let mut tuner = Tuner { trial, queries: &it.queries, known: HashMap::new() };
    let mut held_out = Scores::default();
    for out in 0..if judge { FOLDS } else { 0 } {
        let found = tuner.descend(start.clone(), |fold| fold != out, |_| true)?;
        let own = tuner.scores(&found, |fold| fold == out)?;
        for (class, scores) in own.classes {
            held_out.classes.entry(class).or_default().extend(scores);
        }
    }
    if judge {
        report::print_sets(&held_out, "Outside the fold that they were chosen in");
    }
    let best = tuner.descend(start, |_| true, |agree| agree * 5 >= FOLDS * 3)?;
    report::print_sets(&tuner.scores(&best, |_| true)?, "With what was found");
    println!("{best:#?}");
    Ok(())
}

/// Prints the value of each parameter: the change of the score without it, and the number of folds that get worse.
pub(crate) fn without(it: &Experiment) -> Result<()> {
    let trial = it.trial(Parameters::default())?;
    let mut tuner = Tuner { trial, queries: &it.queries, known: HashMap::new() };
    let by_fold = |tuner: &mut Tuner<'_>, parameters: &Parameters| -> Result<Vec<f64>> {
        let scores = (0..FOLDS).map(|own| Ok(worth(&tuner.scores(parameters, |it| it == own)?)));
        scores.collect()
    };
    let before = by_fold(&mut tuner, &Parameters::default())?;
    for (name, neutral) in NEUTRAL {
        let parameters = changed(Parameters::default(), &format!("{name}={neutral}"))?;
        let after = by_fold(&mut tuner, &parameters)?;
        let worse = after.iter().zip(&before).filter(|(after, before)| after < before).count();
        println!("{name:<16} {:+.4}  worse in {worse} of {FOLDS}", mean(&after) - mean(&before));
    }
    Ok(())
}

impl Tuner<'_> {
    /// Returns the scores of the queries in some folds.
    fn scores(&mut self, parameters: &Parameters, is_in: impl Fn(usize) -> bool) -> Result<Scores> {
        let all = self.all(parameters)?;
        let mut classes = BTreeMap::<String, Vec<f64>>::new();
        for (judged, score) in self.queries.iter().zip(all.iter()) {
            if let Some(score) = score.filter(|_| is_in(fold(judged))) {
                classes.entry(judged.class.clone()).or_default().push(score);
            }
        }
        Ok(Scores { classes, ..Scores::default() })
    }

    fn all(&mut self, parameters: &Parameters) -> Result<Rc<[Option<f64>]>> {
        let key = format!("{parameters:?}");
        if let Some(known) = self.known.get(&key) {
            return Ok(Rc::clone(known));
        }
        let trial = self.trial.with(parameters.clone());
        let scores = self.queries.iter().map(|judged| {
            let (found, _) = trial.search(&judged.query, DEPTH)?;
            Ok(ndcg(&found, &judged.grades))
        });
        let scores: Rc<[Option<f64>]> = scores.collect::<Result<_>>()?;
        self.known.insert(key, Rc::clone(&scores));
        Ok(scores)
    }

    /// Moves one parameter after another while that improves the score in the folds of `is_in`. `is_enough` decides
    /// in how many folds a move must not lose.
    fn descend(
        &mut self,
        start: Parameters,
        is_in: impl Fn(usize) -> bool,
        is_enough: impl Fn(usize) -> bool,
    ) -> Result<Parameters> {
        let mut best = start;
        let mut best_worth = worth(&self.scores(&best, &is_in)?);
        for (name, knob) in KNOBS {
            for factor in FACTORS {
                let mut moved = best.clone();
                *knob(&mut moved) *= factor;
                let gained = worth(&self.scores(&moved, &is_in)?) - best_worth;
                if gained < WORTH_IT {
                    continue;
                }
                let mut agree = 0;
                for own in 0..FOLDS {
                    let after = worth(&self.scores(&moved, |it| it == own)?);
                    agree += usize::from(after >= worth(&self.scores(&best, |it| it == own)?));
                }
                if is_enough(agree) {
                    println!("  {name} {:.3}: {gained:+.4}, {agree} agree", *knob(&mut moved));
                    (best, best_worth) = (moved, best_worth + gained);
                }
            }
        }
        Ok(best)
    }
}

/// Returns a query's fold, the same for queries of one base.
fn fold(judged: &Judged) -> usize {
    let sum = |sum: usize, byte: u8| sum.wrapping_mul(31).wrapping_add(byte.into());
    judged.base().bytes().fold(7, sum) % FOLDS
}

/// Returns the average of all classes, less their shortfalls from the promised scores.
fn worth(scores: &Scores) -> f64 {
    let short = PROMISED.iter().filter_map(|(class, promised)| {
        scores.classes.get(*class).map(|scores| (promised - mean(scores)).max(0.0))
    });
    scores.macro_average() - short.sum::<f64>() / scores.classes.len().max(1) as f64
}

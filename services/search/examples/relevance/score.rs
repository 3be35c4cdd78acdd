//! nDCG@10, computed as `score.py` beside the data does.

use crate::data::Judged;
use search::tuning::TrialIndex;
use std::collections::{BTreeMap, HashMap};

const DEPTH: usize = 10;

/// Scores from 0 to 1.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scores {
    /// Scores of each query, by class.
    pub(crate) classes: BTreeMap<String, Vec<f64>>,
    pub(crate) without_results: usize,
    pub(crate) queries: usize,
}

impl Scores {
    /// Returns the average of the classes' averages.
    pub(crate) fn macro_average(&self) -> f64 {
        self.classes.values().map(|scores| mean(scores)).sum::<f64>() / self.classes.len() as f64
    }
}

pub(crate) fn mean(scores: &[f64]) -> f64 {
    scores.iter().sum::<f64>() / scores.len().max(1) as f64
}

/// Runs all queries and scores their results.
pub(crate) fn score<'a>(
    trial: &TrialIndex,
    queries: impl Iterator<Item = &'a Judged>,
) -> anyhow::Result<Scores> {
    let mut scores = Scores::default();
    for judged in queries {
        let (found, _) = trial.search(&judged.query, DEPTH)?;
        scores.queries += 1;
        scores.without_results += usize::from(found.is_empty());
        if let Some(score) = ndcg(&found, &judged.grades) {
            scores.classes.entry(judged.class.clone()).or_default().push(score);
        }
    }
    Ok(scores)
}

pub(crate) fn ndcg(found: &[String], grades: &HashMap<String, u32>) -> Option<f64> {
    let mut best: Vec<u32> = grades.values().copied().collect();
    best.sort_unstable_by(|a, b| b.cmp(a));
    let ideal = gain(best.into_iter());
    let got = gain(found.iter().map(|id| grades.get(id).copied().unwrap_or_default()));
    (ideal > 0.0).then(|| got / ideal)
}

fn gain(grades: impl Iterator<Item = u32>) -> f64 {
    let gains = grades.take(DEPTH).enumerate();
    gains.map(|(at, grade)| (2_f64.powf(grade.into()) - 1.0) / (at as f64 + 2.0).log2()).sum()
}

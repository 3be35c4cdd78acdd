//! Scores of answers: nDCG@10, averaged by class.

use std::collections::{BTreeMap, HashMap};

/// Number of results that are scored.
const DEPTH: usize = 10;

/// Number of samples for an interval.
const SAMPLES: usize = 1_000;

/// Classes that are guards and have no part in the average of all.
const GUARDS: [&str; 1] = ["control"];

/// Scores from 0 to 1 of queries, by class.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    pub classes: BTreeMap<String, Vec<f64>>,
    pub without_results: usize,
    pub queries: usize,
}

impl Scores {
    /// Adds the answer to a query, as ids of products. One without judged products is only counted.
    pub fn add(&mut self, class: &str, found: &[String], grades: &HashMap<String, u32>) {
        self.queries += 1;
        self.without_results += usize::from(found.is_empty());
        if let Some(score) = ndcg(found, grades) {
            self.classes.entry(class.to_owned()).or_default().push(score);
        }
    }

    /// Returns the average of the classes' averages, without guards.
    #[must_use]
    pub fn macro_average(&self) -> f64 {
        let classes = self.classes.iter().filter(|(class, _)| !GUARDS.contains(&class.as_str()));
        let means: Vec<f64> = classes.map(|(_, scores)| mean(scores)).collect();
        mean(&means)
    }
}

#[must_use]
pub fn mean(scores: &[f64]) -> f64 {
    scores.iter().sum::<f64>() / scores.len().max(1) as f64
}

/// Returns the interval that holds the mean with a probability of 95 %, by resampling.
#[must_use]
pub fn interval(scores: &[f64]) -> (f64, f64) {
    let mut random = fastrand::Rng::with_seed(7);
    let mut means: Vec<f64> = (0..SAMPLES)
        .map(|_| {
            mean(&scores.iter().map(|_| scores[random.usize(..scores.len())]).collect::<Vec<_>>())
        })
        .collect();
    means.sort_by(f64::total_cmp);
    (means[SAMPLES / 40], means[SAMPLES - 1 - SAMPLES / 40])
}

/// Returns the normalised discounted gain of the first ten results; none if nothing is relevant.
#[must_use]
pub fn ndcg(found: &[String], grades: &HashMap<String, u32>) -> Option<f64> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_order_scores_one() {
        let grades = HashMap::from([("a".to_owned(), 3), ("b".to_owned(), 1)]);
        let found = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        assert_eq!(ndcg(&found(&["a", "b"]), &grades), Some(1.0));
        assert!(ndcg(&found(&["b", "a"]), &grades).unwrap() < 1.0);
        assert_eq!(ndcg(&found(&["a"]), &HashMap::new()), None);
    }

    #[test]
    fn an_interval_holds_the_mean() {
        let scores: Vec<f64> = (0..50).map(|it| f64::from(it % 5) / 4.0).collect();
        let (low, high) = interval(&scores);
        assert!(low < 0.5 && 0.5 < high && high - low < 0.25, "{low} {high}");
    }
}

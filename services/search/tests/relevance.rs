//! Ranking quality has a floor: nDCG@10 on a sample of the judged queries and products. `cargo
//! xtask bench relevance` measures all of them.

#[path = "../examples/relevance/data.rs"]
mod data;
#[path = "../examples/relevance/score.rs"]
mod score;

use search::tuning::{Parameters, TrialIndex};
use std::{collections::BTreeSet, path::Path};

/// Every fourth query, and every sixth of the products without a judgement, is in the sample.
const QUERIES: usize = 4;
const PRODUCTS: usize = 6;

/// The score of this sample, less a margin for justified changes.
const FLOOR: f64 = 0.87;

#[test]
fn relevance_stays_above_its_floor() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !folder.exists() {
        eprintln!("skipped: put the product data at {}", folder.display());
        return;
    }
    let queries = data::queries(&folder.join("relevance")).unwrap();
    let queries: Vec<_> = queries.into_iter().step_by(QUERIES).collect();
    let judged: BTreeSet<_> = queries.iter().flat_map(|it| it.grades.keys()).collect();
    let products = data::products(&folder).unwrap().into_iter().enumerate();
    let products = products.filter(|(at, it)| at % PRODUCTS == 0 || judged.contains(&it.id));
    let products = products.map(|(_, product)| product);
    let trial = TrialIndex::new(Parameters::default(), products).unwrap();
    assert!(trial.product_count() > 4_000);
    let scores = score::score(&trial, queries.iter()).unwrap();
    let average = scores.macro_average();
    let classes = scores.classes.iter();
    let classes: Vec<_> = classes.map(|(class, it)| (class, score::mean(it))).collect();
    assert!(average >= FLOOR, "macro nDCG@10 is {average:.4}: {classes:.3?}");
    assert_eq!(scores.without_results, 0);
    assert!(queries.iter().all(|judged| !judged.id.is_empty()) && scores.queries == queries.len());
}

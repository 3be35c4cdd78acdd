//! Ranking quality has a floor: nDCG@10 on a sample of the judged queries and products, and literal titles. `cargo
//! xtask bench relevance` measures all of them.

use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
    sync::LazyLock,
};

use judgements::{Judged, Scores, mean};
use proto::catalogue::v1::Product;
use search::tuning::{Parameters, TrialIndex};

/// Every fourth query, and every sixth of the products without a judgement, is in the sample.
const QUERIES: usize = 4;
const PRODUCTS: usize = 6;

/// One in this number of the sample's titles is searched for.
const TITLES: usize = 40;

/// The score of this sample, less a margin for justified changes.
const FLOOR: f64 = 0.87;

struct Sample {
    queries: Vec<Judged>,
    products: Vec<Product>,
    trial: TrialIndex,
}

/// Absent without the product data.
static SAMPLE: LazyLock<Option<Sample>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !folder.exists() {
        eprintln!("skipped: put the product data at {}", folder.display());
        return None;
    }
    let queries = judgements::read(&folder.join("relevance")).unwrap();
    let queries: Vec<_> = queries.into_iter().step_by(QUERIES).collect();
    let judged: BTreeSet<_> = queries.iter().flat_map(|it| it.grades.keys()).collect();
    let products = judgements::products(&folder).unwrap().into_iter().enumerate();
    let products = products.filter(|(at, it)| at % PRODUCTS == 0 || judged.contains(&it.id));
    let products: Vec<Product> = products.map(|(_, product)| product).collect();
    let trial = TrialIndex::new(Parameters::default(), products.iter().cloned()).unwrap();
    assert!(trial.product_count() > 4_000);
    Some(Sample { queries, products, trial })
});

#[test]
fn relevance_stays_above_its_floor() {
    let Some(Sample { queries, trial, .. }) = &*SAMPLE else { return };
    let mut scores = Scores::default();
    for judged in queries {
        scores.add(&judged.class, &trial.search(&judged.query, 10).unwrap().0, &judged.grades);
    }
    let average = scores.macro_average();
    let classes = scores.classes.iter();
    let classes: Vec<_> = classes.map(|(class, it)| (class, mean(it))).collect();
    assert!(average >= FLOOR, "macro nDCG@10 is {average:.4}: {classes:.3?}");
    assert_eq!(scores.without_results, 0);
    assert!(queries.iter().all(|judged| !judged.id.is_empty()) && scores.queries == queries.len());
}

#[test]
fn a_literal_title_finds_its_product_first() {
    let Some(Sample { products, trial, .. }) = &*SAMPLE else { return };
    let names: HashMap<&str, &str> =
        products.iter().map(|it| (it.id.as_str(), it.name.as_str())).collect();
    let titles: Vec<&Product> = products.iter().step_by(TITLES).collect();
    let is_missed = |product: &&&Product| {
        let (found, _) = trial.search(&product.name, 1).unwrap();
        found.first().and_then(|id| names.get(id.as_str())) != Some(&product.name.as_str())
    };
    let missed: Vec<&str> = titles.iter().filter(is_missed).map(|it| it.name.as_str()).collect();
    assert!(missed.len() * 100 <= titles.len(), "{missed:#?}");
}

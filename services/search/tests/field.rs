//! Searches from real shops, each with the products that must be among the first ten, and the ones that must not be
//! found.

use proto::catalogue::v1::Product;
use search::tuning::{Parameters, TrialIndex};
use std::{fs, path::Path};

#[derive(serde::Deserialize)]
struct Case {
    query: String,
    must: Vec<String>,
    must_not: Vec<String>,
}

#[test]
fn searches_from_the_field_find_what_is_meant() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/field");
    let Ok(products) = fs::read_to_string(folder.join("search-products.jsonl")) else {
        eprintln!("skipped: put the cases at {}", folder.display());
        return;
    };
    let products = products.lines().map(|line| serde_json::from_str::<Product>(line).unwrap());
    let trial = TrialIndex::new(Parameters::default(), products).unwrap();
    let mut failed = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let Ok(text) = fs::read_to_string(entry.unwrap().path().join("queries.json")) else {
            continue;
        };
        for case in serde_json::from_str::<Vec<Case>>(&text).unwrap() {
            let (found, _) = trial.search(&case.query, 10).unwrap();
            let has_all = case.must.iter().all(|id| found.contains(id));
            let has_none = case.must_not.iter().all(|id| !found.contains(id));
            let is_first = case.must.len() != 1 || found.first() == case.must.first();
            if !(has_all && has_none && is_first) {
                failed.push(format!(
                    "{:?}: {found:?}, must {:?}, not {:?}",
                    case.query, case.must, case.must_not
                ));
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn a_literal_title_finds_its_product_first() {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/field/search-products.jsonl");
    let Ok(products) = fs::read_to_string(&file) else {
        eprintln!("skipped: put the cases at {}", file.display());
        return;
    };
    let products = products.lines().map(|line| serde_json::from_str::<Product>(line).unwrap());
    let products: Vec<Product> = products.collect();
    let trial = TrialIndex::new(Parameters::default(), products.iter().cloned()).unwrap();
    let name_of = |id: &String| products.iter().find(|it| it.id == *id).map(|it| &it.name);
    let is_missed = |product: &&Product| {
        let (found, _) = trial.search(&product.name, 1).unwrap();
        found.first().and_then(name_of) != Some(&product.name)
    };
    let missed: Vec<&str> = products.iter().filter(is_missed).map(|it| it.name.as_str()).collect();
    assert!(missed.len() * 100 <= products.len(), "{missed:#?}");
}

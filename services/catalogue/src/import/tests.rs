//! Tests of batches and dry runs.

use std::sync::Arc;

use product_fields::TextField;

use super::{ApplyOptions, Batch, Diff, DryRun, OnError, Outcome, Path, Row};
use crate::domain::{CategoryId, Details, Field, Mask, Op, Product, ProductId};

fn row(line: i64, id: &str, external_id: &str, name: &str) -> Row {
    Row {
        line,
        id: (!id.is_empty()).then(|| ProductId::parse(id).unwrap()),
        sku: None,
        details: Details {
            name: name.to_owned(),
            external_id: (!external_id.is_empty()).then(|| external_id.to_owned()),
            ..Default::default()
        },
        mask: Mask::all(),
        gtin: None,
        etag: None,
        merge: Default::default(),
        category_paths: Vec::new(),
    }
}

fn product(id: &str, external_id: &str, name: &str) -> Product {
    Product::new(ProductId::parse(id).unwrap(), row(0, id, external_id, name).details, 1)
}

fn apply(known: Vec<Product>, rows: Vec<Row>) -> Batch {
    let mut batch = Batch::new(known, Arc::default(), 2);
    batch.apply(rows, ApplyOptions::default()).unwrap();
    batch
}

fn counts(batch: &Batch) -> (i64, i64, i64, usize) {
    let outcome = &batch.outcome;
    (outcome.created, outcome.updated, outcome.unchanged, outcome.rejects.len())
}

#[test]
fn the_later_of_two_rows_wins_and_both_count() {
    let rows = vec![row(1, "a", "", "A"), row(2, "a", "", "B"), row(3, "a", "", "B")];
    let batch = apply(Vec::new(), rows);
    assert_eq!(counts(&batch), (1, 1, 1, 0));
    let products = batch.written_products();
    assert_eq!((products.len(), products[0].details.name.as_str()), (1, "B"));
    assert_eq!((products[0].revision, batch.changes().len()), (2, 2));
}

#[test]
fn an_external_id_finds_its_product_and_has_one_owner() {
    let known = vec![product("a", "x", "A")];
    let rows = vec![row(1, "", "x", "A2"), row(2, "b", "x", "B"), row(3, "", "y", "C")];
    let batch = apply(known, rows);
    assert_eq!(counts(&batch), (1, 1, 0, 1));
    let reject = &batch.outcome.rejects[0];
    assert_eq!((reject.line, reject.reason), (2, "EXTERNAL_ID_TAKEN"));
}

#[test]
fn external_ids_can_move_within_a_batch() {
    let known = vec![product("a", "x", "A"), product("b", "y", "B")];
    let rows = vec![row(1, "a", "x", "A2"), row(2, "b", "z", "B"), row(3, "a", "y", "A2")];
    let batch = apply(known, rows);
    assert_eq!(counts(&batch), (0, 3, 0, 0));
    assert_eq!(batch.releasing_external_ids().len(), 2);
}

#[test]
fn a_mask_keeps_what_it_does_not_name() {
    let mut stock = row(1, "a", "", "");
    stock.details.stock_qty = 5;
    stock.mask = Mask::default().with(Field::StockQty);
    let mut unknown = stock.clone();
    unknown.id = Some(ProductId::parse("new").unwrap());
    let mut batch = Batch::new(vec![product("a", "x", "A")], Arc::default(), 2);
    let options = ApplyOptions { set_stock: true, ..Default::default() };
    batch.apply(vec![stock, unknown], options).unwrap();
    assert_eq!(counts(&batch), (0, 1, 0, 1));
    let product = batch.written_products()[0];
    assert_eq!((product.details.name.as_str(), product.details.stock_qty), ("A", 5));
    assert_eq!(product.details.external_id.as_deref(), Some("x"));
    assert_eq!(batch.changes()[0].op, Op::Stock);
}

#[test]
fn categories_come_from_paths_or_from_another_catalogues_ids() {
    let path = |ids: &[&str]| Path {
        names: ["Kitchen", "Mugs"].map(str::to_owned).into(),
        ids: ids.iter().map(|id| CategoryId::parse(id).unwrap()).collect(),
    };
    let mut by_name = row(1, "a", "", "A");
    by_name.category_paths = vec![path(&[])];
    let mut by_id = row(2, "b", "", "B");
    by_id.details.category_ids = vec![CategoryId::parse("k-m").unwrap()];
    let mut unknown = by_id.clone();
    unknown.line = 3;
    by_id.category_paths = vec![path(&["k", "k-m"])];
    let batch = apply(Vec::new(), vec![by_name, by_id, unknown]);
    assert_eq!(counts(&batch), (2, 0, 0, 1));
    assert_eq!(batch.outcome.rejects[0].reason, "CATEGORY_NOT_FOUND");
    assert_eq!(batch.new_categories().len(), 2);
    for product in batch.written_products() {
        assert_eq!(product.details.category_ids[0].as_str(), "kitchen.mugs");
    }
}

#[test]
fn rows_after_a_rejected_one_are_skipped_with_stop() {
    let mut batch = Batch::new(Vec::new(), Arc::default(), 2);
    let mut bad = row(2, "b", "", "");
    bad.mask = Mask::default().with(Field::Text(TextField::Brand));
    let rows = vec![row(1, "a", "", "A"), bad.clone(), row(3, "c", "", "C"), bad];
    batch.apply(rows, ApplyOptions { on_error: OnError::Stop, ..Default::default() }).unwrap();
    assert_eq!(counts(&batch), (1, 0, 0, 1));
    assert_eq!(batch.written_products().len(), 1);
}

/// Applies rows to the stored products in a dry run.
fn run_dry(dry_run: &mut DryRun, stored: Vec<Product>, rows: Vec<Row>) -> Outcome {
    let mut batch = dry_run.begin(&rows, stored, &Arc::default(), 2);
    batch.apply(rows, ApplyOptions::default()).unwrap();
    dry_run.end(batch)
}

fn summary(diff: &Diff) -> (i64, Option<&str>, Option<&str>, &str) {
    let before = diff.before.as_ref().map(|details| details.name.as_str());
    (diff.line, diff.id.as_ref().map(ProductId::as_str), before, &diff.after.name)
}

#[test]
fn a_dry_run_sees_the_products_it_would_have_written() {
    let mut dry_run = DryRun::default();
    let stored = || vec![product("a", "x", "A")];
    let mut lost = row(2, "", "y", "New");
    lost.category_paths = vec![Path { names: vec!["Kitchen".to_owned()], ids: Vec::new() }];
    let outcome = run_dry(&mut dry_run, stored(), vec![row(1, "a", "z", "B"), lost]);
    assert_eq!((outcome.created, outcome.updated), (1, 1));
    assert_eq!(summary(&outcome.diffs[0]), (1, Some("a"), Some("A"), "B"));
    assert_eq!(summary(&outcome.diffs[1]), (2, None, None, "New"));

    // Found by id, by the new external id, and by that of a generated product; the old one is free.
    let mut found = row(6, "", "y", "Newer");
    found.mask = Mask::default().with(Field::NAME).with(Field::CategoryIds);
    found.details.category_ids = vec![CategoryId::parse("kitchen").unwrap()];
    let rows = vec![row(3, "a", "z", "B"), row(4, "", "z", "C"), row(5, "d", "x", "D"), found];
    let outcome = run_dry(&mut dry_run, stored(), rows);
    assert_eq!(outcome.rejects, []);
    assert_eq!((outcome.created, outcome.updated, outcome.unchanged), (1, 2, 1));
    let summaries: Vec<_> = outcome.diffs.iter().map(summary).collect();
    assert_eq!(
        summaries,
        [
            (4, Some("a"), Some("B"), "C"),
            (5, Some("d"), None, "D"),
            (6, None, Some("New"), "Newer"),
        ]
    );
}

#[test]
fn a_dry_run_evicts_the_oldest_products() {
    let mut dry_run = DryRun::default();
    let large = |line: i64| {
        let mut large = row(line, &format!("p-{line}"), "", "Large");
        large.details.description = "x".repeat(200_000);
        large
    };
    for line in 1..=200 {
        assert_eq!(run_dry(&mut dry_run, Vec::new(), vec![large(line)]).created, 1);
    }
    // The newest is still remembered; the first is compared with the store, which is empty.
    assert_eq!(run_dry(&mut dry_run, Vec::new(), vec![large(200)]).unchanged, 1);
    assert_eq!(run_dry(&mut dry_run, Vec::new(), vec![large(1)]).created, 1);
}

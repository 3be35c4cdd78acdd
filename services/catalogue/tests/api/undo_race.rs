//! Undoing imports while others write, is cut, and goes on.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use proto::catalogue::v1::{ImportRow, Product, UndoImportRequest};
use tonic::Code;

use crate::{
    import::{Import, get, import_with, row},
    support::{Catalogue, assert_refused, eur, product, soon},
    undo::{counts, sell, set_brand, spring, undo},
};

/// Of these, the first half exists before the import.
const PRODUCTS: i64 = 1_200;

fn id(number: i64) -> String {
    format!("p-{number:05}")
}

fn stocked(number: i64) -> Product {
    Product { stock_qty: 1_000, price: Some(eur(500)), ..product(&id(number)) }
}

fn imported() -> Vec<ImportRow> {
    let rename = |number| Product { name: "Imported".to_owned(), ..stocked(number) };
    (1..=PRODUCTS).map(|number| row(number, rename(number))).collect()
}

async fn fill(catalogue: &Catalogue) {
    let rows = (1..=PRODUCTS / 2).map(|number| row(number, stocked(number))).collect();
    import_with(catalogue, rows, None).await.unwrap();
    import_with(catalogue, imported(), spring()).await.unwrap();
}

/// Edits and sells products until told to stop; returns the last acknowledged brand of each, and the sales.
async fn write(
    catalogue: Arc<Catalogue>,
    first: i64,
    stop: Arc<AtomicBool>,
) -> (BTreeMap<i64, String>, BTreeMap<i64, i32>) {
    let (mut brands, mut sales) = (BTreeMap::new(), BTreeMap::new());
    // Back to front, so that it meets the undoing, which goes the other way.
    for number in (1..=PRODUCTS).rev().filter(|number| number % 4 == first) {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let brand = format!("Edited {number}");
        let is_deleted_by_undo = number > PRODUCTS / 2;
        match number % 3 {
            0 if !is_deleted_by_undo => {
                sell(&catalogue, &id(number), 1).await;
                *sales.entry(number).or_default() += 1;
            }
            _ => match set_brand(&catalogue, &id(number), &brand).await {
                Ok(_) => drop(brands.insert(number, brand)),
                // Undone before: it was created by the import.
                Err(status) => assert_eq!(status.code(), Code::NotFound, "{status:?}"),
            },
        }
    }
    (brands, sales)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_racing_edits_and_an_undo_neither_is_lost() {
    let catalogue = Arc::new(Catalogue::start().await);
    fill(&catalogue).await;
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..4)
        .map(|first| tokio::spawn(write(Arc::clone(&catalogue), first, Arc::clone(&stop))))
        .collect();
    let answer = undo(&catalogue).await;
    stop.store(true, Ordering::SeqCst);
    let (mut brands, mut sales) = (BTreeMap::new(), BTreeMap::new());
    for writer in writers {
        let (edited, sold) = soon(writer).await.unwrap();
        brands.extend(edited);
        sales.extend(sold);
    }
    let conflicts: Vec<&str> = answer.conflicts.iter().map(|it| it.product_id.as_str()).collect();
    assert!(answer.conflicts.iter().all(|it| it.reason == "PRODUCT_CHANGED"));
    for number in 1..=PRODUCTS {
        let request = proto::catalogue::v1::GetProductRequest {
            product_id: id(number),
            ..Default::default()
        };
        let found = catalogue.products().get_product(request).await;
        let is_conflict = conflicts.binary_search(&id(number).as_str()).is_ok();
        if number > PRODUCTS / 2 && !is_conflict {
            assert_refused(found, Code::NotFound, "PRODUCT_NOT_FOUND");
            continue;
        }
        let found = found.unwrap().into_inner();
        let name =
            if is_conflict { "Imported".to_owned() } else { format!("Name of {}", id(number)) };
        assert_eq!((found.name, is_conflict), (name, is_conflict), "{number}");
        assert_eq!(found.brand, brands.get(&number).cloned().unwrap_or_default(), "{number}");
        assert!(!is_conflict || brands.contains_key(&number), "{number}");
        assert_eq!(found.stock_qty, 1_000 - sales.get(&number).copied().unwrap_or(0), "{number}");
    }
    let (deleted, restored, unchanged, conflicted) = counts(&answer);
    assert_eq!((deleted + restored + conflicted, unchanged), (PRODUCTS, 0));
    assert_eq!(conflicted, i64::try_from(conflicts.len()).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_that_is_cut_goes_on_where_it_was() {
    let catalogue = Catalogue::start().await;
    fill(&catalogue).await;
    let request = UndoImportRequest { import_id: "spring".to_owned(), ..Default::default() };
    let mut cut = catalogue.transfer().undo_import(request).await.unwrap().into_inner();
    let first = soon(cut.message()).await.unwrap().unwrap();
    assert!(first.restored > 0 && first.restored < PRODUCTS / 2, "{first:?}");
    drop(cut);
    // Two at the same time do no harm either.
    let (one, other) = tokio::join!(undo(&catalogue), undo(&catalogue));
    assert_eq!(counts(&one), (PRODUCTS / 2, PRODUCTS / 2, 0, 0));
    assert_eq!(one, other);
    let restored = get(&catalogue, &id(1)).await;
    assert_eq!((restored.name.as_str(), restored.revision), ("Name of p-00001", 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_under_way_stores_nothing_once_it_is_undone() {
    let catalogue = Catalogue::start().await;
    let mut under_way = Import::begin(&catalogue).await;
    let request = proto::catalogue::v1::ImportProductsRequest {
        rows: vec![row(1, product("first"))],
        options: spring(),
    };
    soon(under_way.rows.send(request)).await.unwrap();
    under_way.settled(1).await.unwrap();
    assert_eq!(counts(&undo(&catalogue).await), (1, 0, 0, 0));
    under_way.send(vec![row(2, product("second"))]).await;
    let refused = under_way.settled(2).await;
    assert_refused(refused, Code::FailedPrecondition, "IMPORT_UNDONE");
    assert_eq!(crate::import::count(&catalogue).await, 0);
}

//! Options of imports: dry runs, and stopping at a rejected row.

use proto::catalogue::v1::{
    ImportOptions, ImportProductsRequest, ListCategoriesRequest, Product, ProductDiff,
    import_options::OnError,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::{
    import::{Import, count, counts, dry_run, get, import_with, row, rows},
    support::{Catalogue, assert_invalid, eur, full_product, product, soon},
};

fn stop() -> Option<ImportOptions> {
    Some(ImportOptions { on_error: OnError::Stop.into(), ..Default::default() })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_reports_differences_and_changes_nothing() {
    let catalogue = Catalogue::start().await;
    catalogue.create(full_product("a", &[])).await;
    catalogue.create(full_product("same", &[])).await;
    let before = get(&catalogue, "a").await;
    // More than a batch apart, so that the last row depends on a product of an earlier batch.
    let mut rows = rows(4..=2_600);
    let dearer = Product { price: Some(eur(1_500)), ..full_product("a", &[]) };
    let new = Product { external_id: "new".to_owned(), id: String::new(), ..product("new") };
    rows.insert(0, row(1, dearer.clone()));
    rows.insert(1, row(2, new.clone()));
    rows.insert(2, row(3, full_product("same", &[])));
    rows.push(row(2_601, Product { brand: "Zenith".to_owned(), ..dearer }));
    rows.push(row(2_602, new));
    rows.push(row(2_603, product("no/slash")));
    let answer = import_with(&catalogue, rows, dry_run()).await.unwrap();
    assert_eq!((counts(&answer), answer.acknowledged_line), ((2_598, 2, 2, 1), 2_603));
    assert!(answer.diffs.iter().map(|diff| diff.line).eq((1..=2_601).filter(|line| *line != 3)));

    let diff = |line| answer.diffs.iter().find(|diff| diff.line == line).unwrap().clone();
    let price = |cents| Some(Product { price: Some(eur(cents)), ..Default::default() });
    let changed = ProductDiff {
        changed_fields: vec!["price".to_owned()],
        before: price(1_250),
        after: price(1_500),
    };
    assert_eq!((diff(1).product_id.as_str(), diff(1).diff), ("a", Some(changed)));
    let created = diff(2);
    assert_eq!((created.product_id.as_str(), created.created), ("", true));
    let created = created.diff.unwrap();
    assert_eq!(created.changed_fields, ["name", "external_id"]);
    assert_eq!((created.before, created.after.unwrap().external_id.as_str()), (None, "new"));
    assert_eq!(diff(2_601).diff.unwrap().changed_fields, ["brand"]);

    assert_eq!(get(&catalogue, "a").await, before);
    assert_eq!(count(&catalogue).await, 2);
    let list = catalogue.categories().list_categories(ListCategoriesRequest::default()).await;
    assert_eq!(list.unwrap().into_inner().categories, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_stops_keeps_the_rows_before_the_rejected_one() {
    let catalogue = Catalogue::start().await;
    // One row that is invalid by itself, and one that conflicts with a stored product.
    for (number, bad) in [
        (1, product("no/slash")),
        (2, Product { category_ids: vec!["nowhere".to_owned()], ..product("lost") }),
    ] {
        let good = |line: i64| row(line, product(&format!("p-{number}-{line:04}")));
        let mut rows: Vec<_> = (1..=1_500).map(good).collect();
        rows[1_233] = row(1_234, bad.clone());
        rows[1_300] = row(1_301, bad);
        let answer = import_with(&catalogue, rows, stop()).await.unwrap();
        assert!(answer.stopped);
        assert_eq!((counts(&answer), answer.acknowledged_line), ((1_233, 0, 0, 1), 1_234));
        let rejected: Vec<_> = answer.rejects.iter().map(|reject| reject.line).collect();
        assert_eq!(rejected, [1_234]);
        assert_eq!(count(&catalogue).await, 1_233 * number);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_stops_does_not_read_the_remaining_rows() {
    let catalogue = Catalogue::start().await;
    let (requests, waiting) = mpsc::channel(1);
    let rows = vec![row(1, product("a")), row(2, product("no/slash"))];
    requests.send(ImportProductsRequest { rows, options: stop() }).await.unwrap();
    let call = catalogue.transfer().import_products(ReceiverStream::new(waiting)).await;
    let mut answers = call.unwrap().into_inner();
    assert!(soon(answers.message()).await.unwrap().unwrap().stopped);
    assert_eq!(soon(answers.message()).await.unwrap(), None);
    drop(requests);
}

#[tokio::test(flavor = "multi_thread")]
async fn options_are_in_the_first_message_and_valid() {
    let catalogue = Catalogue::start().await;
    let unknown = Some(ImportOptions { on_error: 9, ..Default::default() });
    let refused = import_with(&catalogue, rows(1..=1), unknown).await;
    assert_invalid(refused, &["options.on_error"]);
    let mut call = Import::begin(&catalogue).await;
    call.send(rows(1..=2)).await;
    let late = ImportProductsRequest { rows: rows(3..=3), options: dry_run() };
    soon(call.rows.send(late)).await.unwrap();
    assert_invalid(call.settled(3).await, &["options"]);
}

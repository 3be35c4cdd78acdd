//! Undoing imports.

use std::collections::BTreeMap;

use pbjson_types::FieldMask;
use proto::catalogue::v1::{
    AdjustStockRequest, DeleteProductRequest, GetProductRequest, ImportOptions, ImportRow, Product,
    UndoConflict, UndoImportRequest, UndoImportResponse, UpdateProductRequest, Variant,
};
use tonic::{Code, Status};

use crate::{
    import::{get, import_with, row},
    support::{Catalogue, assert_invalid, assert_refused, eur, full_product, product, soon},
};

/// Options of the import `spring`.
pub(crate) fn spring() -> Option<ImportOptions> {
    Some(ImportOptions { import_id: "spring".to_owned(), ..Default::default() })
}

/// Undoes the import `spring`; returns the last response, with all conflicts.
pub(crate) async fn undo(catalogue: &Catalogue) -> UndoImportResponse {
    try_undo(catalogue, "spring", false).await.unwrap()
}

async fn try_undo(
    catalogue: &Catalogue,
    import_id: &str,
    validate_only: bool,
) -> Result<UndoImportResponse, Status> {
    let request = UndoImportRequest { import_id: import_id.to_owned(), validate_only };
    let mut responses = catalogue.transfer().undo_import(request).await?.into_inner();
    let mut last = UndoImportResponse::default();
    while let Some(response) = soon(responses.message()).await? {
        let conflicts = [last.conflicts, response.conflicts].concat();
        last = UndoImportResponse { conflicts, ..response };
    }
    assert!(last.done);
    Ok(last)
}

/// deleted, restored, unchanged, conflicted
pub(crate) fn counts(answer: &UndoImportResponse) -> (i64, i64, i64, i64) {
    (answer.deleted, answer.restored, answer.unchanged, answer.conflicted)
}

fn reasons(conflicts: &[UndoConflict]) -> Vec<(&str, &str)> {
    conflicts.iter().map(|it| (it.product_id.as_str(), it.reason.as_str())).collect()
}

async fn deleted(catalogue: &Catalogue, id: &str) -> bool {
    let request = GetProductRequest { product_id: id.to_owned(), ..Default::default() };
    catalogue.products().get_product(request).await.is_err()
}

pub(crate) async fn sell(catalogue: &Catalogue, id: &str, count: i32) {
    let request =
        AdjustStockRequest { product_id: id.to_owned(), delta: -count, ..Default::default() };
    catalogue.stock().adjust_stock(request).await.unwrap();
}

pub(crate) async fn set_brand(
    catalogue: &Catalogue,
    id: &str,
    brand: &str,
) -> Result<Product, Status> {
    let product = Product { id: id.to_owned(), brand: brand.to_owned(), ..Default::default() };
    let request = UpdateProductRequest {
        product: Some(product),
        update_mask: Some(FieldMask { paths: vec!["brand".to_owned()] }),
        ..Default::default()
    };
    Ok(catalogue.products().update_product(request).await?.into_inner())
}

/// The content of a product, without what every write changes.
fn content(product: Product) -> Product {
    let etag = String::new();
    Product { revision: 0, update_time: None, etag, stock_qty: 0, ..product }
}

fn renamed(line: i64, id: &str) -> ImportRow {
    let changed = Product {
        name: "Imported".to_owned(),
        labels: vec!["sale".to_owned()],
        ..Default::default()
    };
    row(line, Product { id: id.to_owned(), price: Some(eur(1)), ..changed })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undone_import_leaves_everything_as_it_was() {
    let catalogue = Catalogue::start().await;
    for id in ["changed", "edited", "sold", "twice"] {
        catalogue.create(full_product(id, &[])).await;
    }
    let before = get(&catalogue, "changed").await;
    let rows = [renamed(1, "changed"), renamed(2, "edited"), renamed(3, "sold")];
    let rows = rows.into_iter().chain([row(4, product("new")), row(5, product("new-edited"))]);
    let rows: Vec<_> = rows.chain([row(6, product("twice")), renamed(7, "twice")]).collect();
    let answer = import_with(&catalogue, rows.clone(), spring()).await.unwrap();
    assert_eq!((answer.import_id.as_str(), answer.created, answer.updated), ("spring", 2, 5));
    set_brand(&catalogue, "edited", "Edited").await.unwrap();
    set_brand(&catalogue, "new-edited", "Edited").await.unwrap();
    sell(&catalogue, "sold", 2).await;

    let preview = try_undo(&catalogue, "spring", true).await.unwrap();
    assert_eq!(counts(&preview), (1, 3, 0, 2), "{preview:?}");
    assert_eq!(get(&catalogue, "changed").await.name, "Imported");

    let answer = undo(&catalogue).await;
    assert_eq!(answer, preview);
    let changed = "PRODUCT_CHANGED";
    assert_eq!(reasons(&answer.conflicts), [("edited", changed), ("new-edited", changed)]);
    assert_eq!(content(get(&catalogue, "changed").await), content(before.clone()));
    assert_eq!(get(&catalogue, "changed").await.stock_qty, before.stock_qty);
    let sold = get(&catalogue, "sold").await;
    assert_eq!((sold.name.as_str(), sold.stock_qty), ("Name of sold", 5));
    assert_eq!(get(&catalogue, "twice").await.price, Some(eur(1250)));
    assert!(deleted(&catalogue, "new").await);
    let edited = get(&catalogue, "edited").await;
    assert_eq!((edited.name.as_str(), edited.brand.as_str()), ("Imported", "Edited"));

    // Again it changes nothing and says the same.
    let revision = get(&catalogue, "changed").await.revision;
    assert_eq!(undo(&catalogue).await, answer);
    assert_eq!(get(&catalogue, "changed").await.revision, revision);
    let refused = import_with(&catalogue, rows, spring()).await;
    assert_refused(refused, Code::FailedPrecondition, "IMPORT_UNDONE");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_has_no_name_is_given_one() {
    let catalogue = Catalogue::start().await;
    let answer = import_with(&catalogue, vec![row(1, product("mug"))], None).await.unwrap();
    assert!(!answer.import_id.is_empty());
    let undone = try_undo(&catalogue, &answer.import_id, false).await.unwrap();
    assert_eq!(counts(&undone), (1, 0, 0, 0));
    assert!(deleted(&catalogue, "mug").await);

    let unknown = try_undo(&catalogue, "unknown", false).await;
    assert_refused(unknown, Code::NotFound, "IMPORT_NOT_FOUND");
    assert_invalid(try_undo(&catalogue, "", false).await, &["import_id"]);
    let wrong = Some(ImportOptions { import_id: "a b".to_owned(), ..Default::default() });
    let refused = import_with(&catalogue, vec![row(1, product("mug"))], wrong).await;
    assert_invalid(refused, &["options.import_id"]);
    let dry = Some(ImportOptions { dry_run: true, ..spring().unwrap() });
    let answer = import_with(&catalogue, vec![row(1, product("cup"))], dry).await.unwrap();
    assert_eq!(answer.import_id, "");
    let unknown = try_undo(&catalogue, "spring", false).await;
    assert_refused(unknown, Code::NotFound, "IMPORT_NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn stock_that_an_import_has_set_stays() {
    let catalogue = Catalogue::start().await;
    for id in ["mug", "cup"] {
        catalogue.create(full_product(id, &[])).await;
    }
    let set_stock = Some(ImportOptions { set_stock: true, ..spring().unwrap() });
    let stock = |line, id: &str| {
        let product = Product { id: id.to_owned(), stock_qty: 40, ..Default::default() };
        let paths = vec!["stock_qty".to_owned()];
        ImportRow { update_mask: Some(FieldMask { paths }), ..row(line, product) }
    };
    let named = Product { stock_qty: 40, ..product("cup") };
    let rows = vec![stock(1, "mug"), row(2, named)];
    import_with(&catalogue, rows, set_stock).await.unwrap();
    sell(&catalogue, "mug", 1).await;
    let answer = undo(&catalogue).await;
    assert_eq!((counts(&answer), answer.stock_kept), ((0, 1, 1, 0), 2), "{answer:?}");
    assert_eq!(get(&catalogue, "mug").await.stock_qty, 39);
    let cup = get(&catalogue, "cup").await;
    assert_eq!((cup.stock_qty, cup.brand.as_str()), (40, "Acme"));
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_an_import_has_moved_move_back() {
    let catalogue = Catalogue::start().await;
    let with = |id: &str, external_id: &str| Product {
        external_id: external_id.to_owned(),
        ..product(id)
    };
    catalogue.create(with("a", "x")).await;
    catalogue.create(with("b", "y")).await;
    catalogue.create(with("c", "z")).await;
    let rows = [("a", "free"), ("b", "x"), ("a", "y"), ("c", "gone"), ("d", "z")];
    let rows = (1..).zip(rows).map(|(line, (id, key))| row(line, with(id, key)));
    let answer = import_with(&catalogue, rows.collect(), spring()).await.unwrap();
    assert_eq!((answer.updated, answer.created), (4, 1), "{answer:?}");

    let answer = undo(&catalogue).await;
    // A product that the import created keeps its keys until it is purged.
    assert_eq!(reasons(&answer.conflicts), [("c", "EXTERNAL_ID_TAKEN")]);
    assert_eq!(counts(&answer), (1, 2, 0, 1));
    assert_eq!(get(&catalogue, "a").await.external_id, "x");
    assert_eq!(get(&catalogue, "b").await.external_id, "y");
    let purge =
        DeleteProductRequest { product_id: "d".to_owned(), purge: true, ..Default::default() };
    catalogue.products().delete_product(purge).await.unwrap();
    assert_eq!(counts(&undo(&catalogue).await), (1, 3, 0, 0));
    assert_eq!(get(&catalogue, "c").await.external_id, "z");
}

#[tokio::test(flavor = "multi_thread")]
async fn variants_that_an_import_has_replaced_come_back_without_stock() {
    let catalogue = Catalogue::start().await;
    let variant =
        |sku: &str, stock_qty| Variant { sku: sku.to_owned(), stock_qty, ..Default::default() };
    let shirt = |variants: Vec<Variant>| Product { variants, ..product("shirt") };
    let before = vec![variant("S", 3), variant("M", 4)];
    let options = |mut variants: Vec<Variant>| {
        for variant in &mut variants {
            variant.option_values = vec![proto::catalogue::v1::OptionValue {
                name: "Size".to_owned(),
                value: variant.sku.clone(),
            }];
        }
        variants
    };
    catalogue.create(shirt(options(before))).await;
    let rows = vec![row(1, shirt(options(vec![variant("M", 9), variant("L", 5)])))];
    import_with(&catalogue, rows, spring()).await.unwrap();
    let answer = undo(&catalogue).await;
    assert_eq!(counts(&answer), (0, 1, 0, 0), "{answer:?}");
    let shirt = get(&catalogue, "shirt").await;
    let stock: BTreeMap<_, _> =
        shirt.variants.iter().map(|it| (it.sku.as_str(), it.stock_qty)).collect();
    assert_eq!(stock, [("S", 0), ("M", 4)].into());
}

#[tokio::test(flavor = "multi_thread")]
async fn deletions_of_an_import_and_what_it_undeleted_are_undone() {
    let catalogue = Catalogue::start().await;
    for id in ["missing", "back", "kept"] {
        catalogue.create(product(id)).await;
    }
    let delete = async |id: &str, import_id: &str, purge| {
        let (product_id, import_id) = (id.to_owned(), import_id.to_owned());
        let request = DeleteProductRequest { product_id, import_id, purge, ..Default::default() };
        catalogue.products().delete_product(request).await
    };
    delete("back", "", false).await.unwrap();
    import_with(&catalogue, vec![renamed(1, "back")], spring()).await.unwrap();
    delete("missing", "spring", false).await.unwrap();
    assert_invalid(delete("kept", "spring", true).await, &["import_id"]);

    let answer = undo(&catalogue).await;
    assert_eq!(counts(&answer), (0, 2, 0, 0), "{answer:?}");
    assert_eq!(get(&catalogue, "missing").await, {
        let found = get(&catalogue, "missing").await;
        Product { name: "Name of missing".to_owned(), delete_time: None, ..found }
    });
    assert!(deleted(&catalogue, "back").await);
    let refused = delete("kept", "spring", false).await;
    assert_refused(refused, Code::FailedPrecondition, "IMPORT_UNDONE");
    assert!(!deleted(&catalogue, "kept").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_put_back_is_listed_by_reason() {
    let catalogue = Catalogue::start().await;
    catalogue.create_category("mugs", "").await;
    for id in ["sold", "purged", "between"] {
        catalogue.create(product(id)).await;
    }
    catalogue.create(full_product("sorted", &["mugs"])).await;
    let rows = ["sold", "purged", "between"].into_iter().zip(1..);
    let rows: Vec<_> = rows.map(|(id, line)| renamed(line, id)).collect();
    let unsorted = row(9, full_product("sorted", &[]));
    let rows = [rows, vec![unsorted]].concat();
    import_with(&catalogue, rows, spring()).await.unwrap();
    set_brand(&catalogue, "between", "Edited").await.unwrap();
    import_with(&catalogue, vec![row(1, product("between"))], spring()).await.unwrap();
    let purge =
        DeleteProductRequest { product_id: "purged".to_owned(), purge: true, ..Default::default() };
    catalogue.products().delete_product(purge).await.unwrap();
    let category = proto::catalogue::v1::DeleteCategoryRequest {
        category_id: "mugs".to_owned(),
        ..Default::default()
    };
    catalogue.categories().delete_category(category).await.unwrap();
    let restock =
        AdjustStockRequest { product_id: "sold".to_owned(), delta: 1, ..Default::default() };
    for _ in 0..200 {
        catalogue.stock().adjust_stock(restock.clone()).await.unwrap();
    }
    let answer = undo(&catalogue).await;
    let expected = [
        ("between", "PRODUCT_CHANGED"),
        ("purged", "PRODUCT_NOT_FOUND"),
        ("sold", "HISTORY_EXPIRED"),
        ("sorted", "CATEGORY_NOT_FOUND"),
    ];
    assert_eq!(reasons(&answer.conflicts), expected);
    assert_eq!(counts(&answer), (0, 0, 0, 4));
    assert_eq!(get(&catalogue, "sold").await.name, "Imported");
}

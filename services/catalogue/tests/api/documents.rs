//! Products written as documents: they never change the stock of an existing product.

use pbjson_types::FieldMask;
use proto::catalogue::v1::{ImportOptions, ImportRow, Product, RejectedRow};

use crate::{
    history::revert,
    import::{counts, import_with, row},
    products::{get, update},
    stock::{adjust, adjust_sku, stock_of},
    support::{Catalogue, assert_fields, assert_invalid, eur, product},
    variants::{shirt, variant},
};

/// Creates a mug with a stock of ten, and a shirt with two and five; returns them as they were before
/// four mugs and a large shirt were sold.
async fn sell(catalogue: &Catalogue) -> (Product, Product) {
    let mug = catalogue.create(Product { stock_qty: 10, ..product("mug") }).await;
    let sizes = vec![variant("s", "S", 2), variant("l", "L", 5)];
    let shirt = catalogue.create(shirt("shirt", sizes)).await;
    adjust(catalogue, "mug", -4).await.unwrap();
    adjust_sku(catalogue, "", "l", -1).await.unwrap();
    (mug, shirt)
}

/// The total stock of a product, and that of each variant.
async fn stock(catalogue: &Catalogue, id: &str) -> (i32, Vec<i32>) {
    let stock = stock_of(catalogue, id, "").await.unwrap();
    let variants = stock.variants.iter().map(|level| level.stock_qty).collect();
    (stock.total.unwrap().stock_qty, variants)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_keeps_the_stock_that_was_sold_since_the_read() {
    let catalogue = Catalogue::start().await;
    let (mug, shirt) = sell(&catalogue).await;
    for (mask, name) in [(vec![], "A"), (vec!["*"], "B"), (vec!["name", "variants"], "C")] {
        for read in [&mug, &shirt] {
            let renamed = Product { name: name.to_owned(), etag: String::new(), ..read.clone() };
            let written = update(&catalogue, renamed, &mask).await.unwrap();
            assert_eq!(written.name, name);
        }
        assert_eq!(stock(&catalogue, "mug").await, (6, vec![]));
        assert_eq!(stock(&catalogue, "shirt").await, (6, vec![2, 4]));
    }
    // A document without a stock, and one with nothing but another stock.
    update(&catalogue, product("mug"), &[]).await.unwrap();
    let before = get(&catalogue, "mug").await.unwrap();
    let stocked = Product { stock_qty: 99, ..product("mug") };
    assert_eq!(update(&catalogue, stocked, &[]).await.unwrap(), before);
    assert_eq!(before.stock_qty, 6);

    // A new variant begins with its stock; one that is removed takes its own with it.
    let sizes = vec![variant("m", "M", 7), variant("l", "L", 50)];
    let mixed = Product { variants: sizes, ..shirt };
    update(&catalogue, Product { etag: String::new(), ..mixed }, &["variants"]).await.unwrap();
    assert_eq!(stock(&catalogue, "shirt").await, (11, vec![7, 4]));
    revert(&catalogue, "shirt", 1, "").await.unwrap();
    assert_eq!(stock(&catalogue, "shirt").await, (4, vec![0, 4]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mask_that_names_the_stock_is_refused() {
    let catalogue = Catalogue::start().await;
    let (mug, _) = sell(&catalogue).await;
    for mask in [&["stock_qty"][..], &["stockQty"], &["name", "stock_qty"], &["*", "stock_qty"]] {
        let stocked = Product { etag: String::new(), ..mug.clone() };
        let refused = update(&catalogue, stocked, mask).await;
        assert_fields(refused, "STOCK_NOT_WRITABLE", &["stock_qty"]);
    }
    assert_eq!(stock(&catalogue, "mug").await, (6, vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stock_of_old_and_new_variants_is_bounded_together() {
    let catalogue = Catalogue::start().await;
    catalogue.create(shirt("shirt", vec![variant("s", "S", i32::MAX)])).await;
    let more = shirt("shirt", vec![variant("s", "S", 0), variant("m", "M", 1)]);
    assert_invalid(update(&catalogue, more, &["variants"]).await, &["variants"]);
}

fn masked(line: i64, product: Product, mask: &[&str]) -> ImportRow {
    let paths = mask.iter().map(|path| (*path).to_owned()).collect();
    ImportRow { update_mask: Some(FieldMask { paths }), ..row(line, product) }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_sets_stock_only_if_it_says_so() {
    let catalogue = Catalogue::start().await;
    let (mug, shirt) = sell(&catalogue).await;
    let dearer = |read: &Product| Product { price: Some(eur(450)), ..read.clone() };
    let rows = vec![
        row(1, dearer(&mug)),
        row(2, dearer(&shirt)),
        masked(
            3,
            Product { stock_qty: 6, price: Some(eur(460)), ..mug.clone() },
            &["price", "stock_qty"],
        ),
        masked(4, Product { stock_qty: 9, ..mug.clone() }, &["stock_qty"]),
        row(5, Product { stock_qty: 3, ..product("new") }),
        row(6, Product { stock_qty: 5, ..product("new") }),
    ];
    let set_stock = Some(ImportOptions { set_stock: true, ..Default::default() });
    let preview = Some(ImportOptions { dry_run: true, ..Default::default() });
    let would_be = import_with(&catalogue, rows.clone(), preview).await.unwrap();
    let kept = import_with(&catalogue, rows.clone(), None).await.unwrap();
    for answer in [&would_be, &kept] {
        assert_eq!((counts(answer), answer.stock_kept), ((1, 3, 1, 1), 3));
        let RejectedRow { line, reason, field, .. } = &answer.rejects[0];
        assert_eq!(
            (*line, reason.as_str(), field.as_str()),
            (4, "STOCK_NOT_WRITABLE", "stock_qty")
        );
    }
    assert!(would_be.diffs.iter().all(|row| {
        let diff = row.diff.as_ref().unwrap();
        row.created || diff.changed_fields == ["price"]
    }));
    assert_eq!(stock(&catalogue, "mug").await, (6, vec![]));
    assert_eq!(stock(&catalogue, "shirt").await, (6, vec![2, 4]));
    assert_eq!(stock(&catalogue, "new").await, (3, vec![]));

    let set = import_with(&catalogue, rows, set_stock).await.unwrap();
    assert_eq!((counts(&set), set.stock_kept), ((0, 5, 1, 0), 0));
    assert_eq!(stock(&catalogue, "mug").await, (9, vec![]));
    assert_eq!(stock(&catalogue, "shirt").await, (7, vec![2, 5]));
    assert_eq!(stock(&catalogue, "new").await, (5, vec![]));
}

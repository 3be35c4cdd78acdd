//! Stock: concurrent changes add up.

use proto::catalogue::v1::{
    AdjustStockRequest, GetProductRequest, GetStockRequest, GetStockResponse, OptionValue, Product,
    SetStockRequest, StockLevel, Variant,
};
use tonic::{Code, Status};

use crate::support::{Catalogue, assert_fields, assert_invalid, assert_refused, product};

pub(crate) async fn adjust(
    catalogue: &Catalogue,
    id: &str,
    delta: i32,
) -> Result<StockLevel, Status> {
    let request = AdjustStockRequest { product_id: id.to_owned(), delta, ..Default::default() };
    Ok(catalogue.stock().adjust_stock(request).await?.into_inner())
}

async fn start(stock_qty: i32) -> Catalogue {
    let catalogue = Catalogue::start().await;
    catalogue.create(Product { stock_qty, ..product("mug") }).await;
    catalogue
}

async fn read(catalogue: &Catalogue) -> Product {
    let request = GetProductRequest { product_id: "mug".to_owned(), ..Default::default() };
    catalogue.products().get_product(request).await.unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn stock_is_adjusted_but_never_negative() {
    let catalogue = start(5).await;
    let etag = read(&catalogue).await.etag;
    let level = adjust(&catalogue, "mug", -5).await.unwrap();
    assert_eq!((level.product_id.as_str(), level.stock_qty, level.revision), ("mug", 0, 2));
    let refused = adjust(&catalogue, "mug", -1).await;
    assert_refused(refused, Code::FailedPrecondition, "INSUFFICIENT_STOCK");
    let refused = adjust(&catalogue, "mug", i32::MIN).await;
    assert_refused(refused, Code::FailedPrecondition, "INSUFFICIENT_STOCK");
    assert_eq!(adjust(&catalogue, "mug", i32::MAX).await.unwrap().stock_qty, i32::MAX);
    let refused = adjust(&catalogue, "mug", 1).await;
    assert_refused(refused, Code::FailedPrecondition, "STOCK_TOO_LARGE");
    let product = read(&catalogue).await;
    assert_eq!((product.stock_qty, product.revision, product.etag), (i32::MAX, 3, etag));
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_adjustments_are_refused() {
    let catalogue = start(5).await;
    assert_invalid(adjust(&catalogue, "", 0).await, &["product_id", "delta"]);
    let unknown = adjust(&catalogue, "missing", 1).await;
    assert_refused(unknown, Code::NotFound, "PRODUCT_NOT_FOUND");
    assert_eq!(read(&catalogue).await.stock_qty, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_adjustments_add_up() {
    let catalogue = start(20).await;
    let tasks: Vec<_> = (0..64)
        .map(|task| {
            let mut stock = catalogue.stock();
            tokio::spawn(async move {
                let mut sum = 0;
                for round in 0..8 {
                    let delta = if (task + round) % 3 == 0 { 2 } else { -1 };
                    let request = AdjustStockRequest {
                        product_id: "mug".to_owned(),
                        delta,
                        ..Default::default()
                    };
                    match stock.adjust_stock(request).await {
                        Ok(level) => {
                            assert!(level.get_ref().stock_qty >= 0);
                            sum += delta;
                        }
                        Err(refusal) => assert_eq!(refusal.code(), Code::FailedPrecondition),
                    }
                }
                sum
            })
        })
        .collect();
    let mut expected = 20;
    for task in tasks {
        expected += task.await.unwrap();
    }
    assert_eq!(read(&catalogue).await.stock_qty, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_writes_are_applied_whole_or_not_at_all() {
    let catalogue = start(0).await;
    for round in 0..60 {
        let mut stock = catalogue.stock();
        let request =
            AdjustStockRequest { product_id: "mug".to_owned(), delta: 1, ..Default::default() };
        let call = tokio::spawn(async move { stock.adjust_stock(request).await });
        for _ in 0..round % 12 {
            tokio::task::yield_now().await;
        }
        call.abort();
    }
    // The store still works, and every revision is one more in stock.
    let level = adjust(&catalogue, "mug", 1).await.unwrap();
    assert_eq!(i64::from(level.stock_qty) + 1, level.revision);
}

/// A shirt with these stocks, and SKUs "shirt/0" and so on.
pub(crate) fn shirt(stock: &[i32]) -> Product {
    let variant = |(number, stock_qty): (usize, &i32)| {
        let size = OptionValue { name: "size".to_owned(), value: number.to_string() };
        Variant {
            sku: format!("shirt/{number}"),
            option_values: vec![size],
            stock_qty: *stock_qty,
            ..Default::default()
        }
    };
    Product { variants: stock.iter().enumerate().map(variant).collect(), ..product("shirt") }
}

pub(crate) async fn stock_of(
    catalogue: &Catalogue,
    id: &str,
    sku: &str,
) -> Result<GetStockResponse, Status> {
    let (product_id, sku) = (id.to_owned(), sku.to_owned());
    let request = GetStockRequest { product_id, sku, ..Default::default() };
    Ok(catalogue.stock().get_stock(request).await?.into_inner())
}

pub(crate) async fn adjust_sku(
    catalogue: &Catalogue,
    id: &str,
    sku: &str,
    delta: i32,
) -> Result<StockLevel, Status> {
    let (product_id, sku) = (id.to_owned(), sku.to_owned());
    let request = AdjustStockRequest { product_id, sku, delta, ..Default::default() };
    Ok(catalogue.stock().adjust_stock(request).await?.into_inner())
}

async fn set(
    catalogue: &Catalogue,
    (id, sku): (&str, &str),
    stock_qty: i32,
    expected_qty: Option<i32>,
) -> Result<StockLevel, Status> {
    let (product_id, sku) = (id.to_owned(), sku.to_owned());
    let request =
        SetStockRequest { product_id, sku, stock_qty, expected_qty, ..Default::default() };
    Ok(catalogue.stock().set_stock(request).await?.into_inner())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stock_of_a_product_with_variants_is_theirs() {
    let catalogue = start(5).await;
    catalogue.create(shirt(&[2, 3])).await;
    let level = adjust_sku(&catalogue, "", "shirt/1", -2).await.unwrap();
    let said = (level.product_id.as_str(), level.sku.as_str(), level.stock_qty, level.revision);
    assert_eq!(said, ("shirt", "shirt/1", 1, 2));
    adjust_sku(&catalogue, "shirt", "shirt/0", 5).await.unwrap();

    let stock = stock_of(&catalogue, "shirt", "").await.unwrap();
    let total = stock.total.unwrap();
    assert_eq!((total.sku.as_str(), total.stock_qty, total.revision), ("", 8, 3));
    let variants: Vec<_> =
        stock.variants.iter().map(|level| (level.sku.as_str(), level.stock_qty)).collect();
    assert_eq!(variants, [("shirt/0", 7), ("shirt/1", 1)]);
    let one = stock_of(&catalogue, "", "shirt/1").await.unwrap().variants;
    assert_eq!((one.len(), one[0].stock_qty), (1, 1));

    // The total would suffice, but not this variant's stock.
    let refused = adjust_sku(&catalogue, "", "shirt/1", -2).await;
    let refused = assert_refused(refused, Code::FailedPrecondition, "INSUFFICIENT_STOCK");
    assert!(refused.message().contains("sku shirt/1 of product shirt has 1"), "{refused:?}");
    // The product itself has no stock to change.
    let refused = adjust(&catalogue, "shirt", -1).await;
    assert_fields(refused, "SKU_REQUIRED", &["sku"]);
    assert_fields(set(&catalogue, ("shirt", ""), 1, None).await, "SKU_REQUIRED", &["sku"]);
    // The SKU of another product, and an unknown one.
    for (id, sku) in [("mug", "shirt/1"), ("shirt", "shirt/9"), ("", "shirt/9")] {
        let refused = adjust_sku(&catalogue, id, sku, 1).await;
        assert_refused(refused, Code::NotFound, "SKU_NOT_FOUND");
    }
    assert_invalid(adjust_sku(&catalogue, "a b", "a b", 1).await, &["sku", "product_id"]);
    assert_eq!(stock_of(&catalogue, "shirt", "").await.unwrap(), {
        let total = Some(total);
        GetStockResponse { total, variants: stock.variants }
    });
    // The id of a product without variants is its SKU.
    assert_eq!(adjust_sku(&catalogue, "", "mug", -1).await.unwrap().stock_qty, 4);
    assert_eq!(stock_of(&catalogue, "mug", "mug").await.unwrap().total.unwrap().stock_qty, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn stock_is_set_if_it_has_the_expected_value() {
    let catalogue = start(5).await;
    let level = set(&catalogue, ("mug", ""), 7, Some(5)).await.unwrap();
    assert_eq!((level.stock_qty, level.revision), (7, 2));
    assert!(!level.revision_token.is_empty());
    let refused = set(&catalogue, ("mug", ""), 9, Some(5)).await;
    assert_refused(refused, Code::Aborted, "STOCK_CHANGED");
    // A count that equals the stock changes nothing.
    let level = set(&catalogue, ("mug", ""), 7, None).await.unwrap();
    assert_eq!((level.stock_qty, level.revision), (7, 2));
    assert_invalid(set(&catalogue, ("", ""), -1, None).await, &["product_id", "stock_qty"]);
    let unknown = set(&catalogue, ("missing", ""), 1, None).await;
    assert_refused(unknown, Code::NotFound, "PRODUCT_NOT_FOUND");

    catalogue.create(shirt(&[2, 3])).await;
    let level = set(&catalogue, ("", "shirt/0"), 0, Some(2)).await.unwrap();
    assert_eq!((level.product_id.as_str(), level.stock_qty), ("shirt", 0));
    assert_eq!(stock_of(&catalogue, "shirt", "").await.unwrap().total.unwrap().stock_qty, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_concurrent_counts_with_the_same_expectation_one_is_accepted() {
    let catalogue = start(5).await;
    let set = |stock_qty| {
        let mut stock = catalogue.stock();
        let request = SetStockRequest {
            product_id: "mug".to_owned(),
            stock_qty,
            expected_qty: Some(5),
            ..Default::default()
        };
        tokio::spawn(async move { stock.set_stock(request).await })
    };
    let tasks: Vec<_> = (10..26).map(set).collect();
    let mut taken = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            Ok(level) => taken.push(level.get_ref().stock_qty),
            Err(refusal) => assert_eq!(refusal.code(), Code::Aborted, "{refusal:?}"),
        }
    }
    assert_eq!(taken, [read(&catalogue).await.stock_qty]);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_adjustments_of_variants_add_up_in_variants_and_total() {
    let catalogue = Catalogue::start().await;
    catalogue.create(shirt(&[10, 10, 10])).await;
    let tasks: Vec<_> = (0..24)
        .map(|task: i32| {
            let mut stock = catalogue.stock();
            tokio::spawn(async move {
                let mut sums = [0; 3];
                for round in 0..8 {
                    let number = (task + round) % 3;
                    let delta = if (task + round) % 4 == 0 { 2 } else { -1 };
                    let sku = format!("shirt/{number}");
                    let request = AdjustStockRequest { sku, delta, ..Default::default() };
                    match stock.adjust_stock(request).await {
                        Ok(_) => sums[usize::try_from(number).unwrap()] += delta,
                        Err(refusal) => assert_eq!(refusal.code(), Code::FailedPrecondition),
                    }
                }
                sums
            })
        })
        .collect();
    let mut expected = [10; 3];
    for task in tasks {
        let sums = task.await.unwrap();
        expected.iter_mut().zip(sums).for_each(|(expected, sum)| *expected += sum);
    }
    let stock = stock_of(&catalogue, "shirt", "").await.unwrap();
    let levels: Vec<_> = stock.variants.iter().map(|level| level.stock_qty).collect();
    assert_eq!(levels, expected);
    assert_eq!(stock.total.unwrap().stock_qty, expected.iter().sum::<i32>());
}

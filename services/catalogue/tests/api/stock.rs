//! Stock adds up, whoever races.

use proto::catalogue::v1::{AdjustStockRequest, GetProductRequest, Product, StockLevel};
use tonic::{Code, Status};

use crate::support::{Catalogue, assert_invalid, assert_refused, product};

async fn adjust(catalogue: &Catalogue, id: &str, delta: i32) -> Result<StockLevel, Status> {
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
async fn stock_is_added_and_taken_but_never_below_zero() {
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
async fn racing_adjustments_add_up_exactly() {
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
async fn callers_who_hang_up_leave_nothing_half_done() {
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
    // The store still answers, and every revision is one more in stock.
    let level = adjust(&catalogue, "mug", 1).await.unwrap();
    assert_eq!(i64::from(level.stock_qty) + 1, level.revision);
}

//! `min_revision`: a read includes the given write, or fails.

use std::time::Duration;

use proto::{
    catalogue::v1::{
        AdjustStockRequest, BatchGetProductsRequest, BrowseProductsRequest, ExportProductsRequest,
        GetProductRequest, ListProductsRequest, Product, UpdateProductRequest,
    },
    position::Position,
};
use rpc::status;
use tonic::{Code, Request, Status};

use crate::support::{Catalogue, assert_invalid, assert_refused, product, soon};

async fn adjust(catalogue: &Catalogue, delta: i32) -> String {
    let request = AdjustStockRequest { product_id: "mug".to_owned(), delta, ..Default::default() };
    catalogue.stock().adjust_stock(request).await.unwrap().into_inner().revision_token
}

fn get(min_revision: &str) -> GetProductRequest {
    GetProductRequest {
        product_id: "mug".to_owned(),
        min_revision: min_revision.to_owned(),
        ..Default::default()
    }
}

/// The token of a write that has not happened yet.
fn later(token: &str) -> String {
    let (position, _) = Position::decode(token).unwrap();
    Position { sequence: position.sequence + 1, ..position }.encode(b"")
}

/// Calls every read method; returns successes and failures.
async fn reads(catalogue: &Catalogue, min_revision: &str) -> Vec<Result<usize, Status>> {
    let min_revision = min_revision.to_owned();
    let mut products = catalogue.products();
    let list = ListProductsRequest { min_revision: min_revision.clone(), ..Default::default() };
    let list = match products.list_products(list).await {
        Ok(list) => Ok(soon(list.into_inner().message()).await.unwrap().into_iter().count()),
        Err(refused) => Err(refused),
    };
    let browse = BrowseProductsRequest { min_revision: min_revision.clone(), ..Default::default() };
    let batch = BatchGetProductsRequest {
        product_ids: vec!["mug".to_owned()],
        min_revision: min_revision.clone(),
    };
    let export = ExportProductsRequest { min_revision: min_revision.clone(), ..Default::default() };
    let export = match catalogue.transfer().export_products(export).await {
        Ok(export) => Ok(soon(export.into_inner().message()).await.unwrap().into_iter().count()),
        Err(refused) => Err(refused),
    };
    vec![
        products.get_product(get(&min_revision)).await.map(|_| 1),
        list,
        products.browse_products(browse).await.map(|answer| answer.get_ref().products.len()),
        products.batch_get_products(batch).await.map(|answer| answer.get_ref().products.len()),
        export,
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_after_a_write_sees_it() {
    let catalogue = Catalogue::start().await;
    catalogue.create(product("mug")).await;
    let token = adjust(&catalogue, 1).await;
    for answer in reads(&catalogue, &token).await {
        assert_eq!(answer.unwrap(), 1);
    }
    // Also in another process, which has not made the write.
    let catalogue = Catalogue::start_in(catalogue.stop().await).await;
    let read = catalogue.products().get_product(get(&token)).await.unwrap();
    assert_eq!(read.get_ref().stock_qty, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_without_effect_returns_the_position_of_the_feed() {
    let catalogue = Catalogue::start().await;
    catalogue.create(product("mug")).await;
    let token = adjust(&catalogue, 1).await;
    let product = Some(Product { stock_qty: 1, ..product("mug") });
    let update = UpdateProductRequest { product, ..Default::default() };
    let updated = catalogue.products().update_product(update).await.unwrap().into_inner();
    assert_eq!((updated.revision, updated.revision_token), (2, token));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_waits_for_the_write_it_requires() {
    let catalogue = Catalogue::start().await;
    catalogue.create(product("mug")).await;
    let token = later(&adjust(&catalogue, 1).await);
    let mut products = catalogue.products();
    let reading = tokio::spawn(async move { products.get_product(get(&token)).await });
    // Whichever comes first.
    adjust(&catalogue, 1).await;
    assert_eq!(soon(reading).await.unwrap().unwrap().get_ref().stock_qty, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_waits_no_longer_than_its_deadline() {
    let catalogue = Catalogue::start().await;
    catalogue.create(product("mug")).await;
    let token = later(&adjust(&catalogue, 1).await);
    let mut request = Request::new(get(&token));
    request.set_timeout(Duration::from_millis(600));
    let refused = catalogue.products().get_product(request).await;
    let refused = assert_refused(refused, Code::Aborted, "REVISION_NOT_REACHED");
    assert!(refused.message().contains("changes behind: 1)"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_another_feed_is_refused() {
    let (catalogue, other) = (Catalogue::start().await, Catalogue::start().await);
    other.create(product("mug")).await;
    catalogue.create(product("mug")).await;
    let token = adjust(&other, 1).await;
    for answer in reads(&catalogue, &token).await {
        assert_refused(answer, Code::FailedPrecondition, "REVISION_UNKNOWN");
    }
    for answer in reads(&catalogue, "garbage").await {
        let refusal = answer.as_ref().unwrap_err();
        assert_eq!(status::reason(refusal).as_deref(), Some(status::INVALID_FIELD));
        assert_invalid(answer, &["min_revision"]);
    }
}

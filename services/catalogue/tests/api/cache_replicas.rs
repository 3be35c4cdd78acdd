//! Two catalogues with one database: each caches products, and sees the other's writes.

use std::{sync::Arc, time::Duration};

use proto::catalogue::v1::{
    AdjustStockRequest, Category, DeleteProductRequest, GetProductRequest, Product,
    UpdateCategoryRequest,
};
use sea_orm::{ConnectionTrait as _, Database, TransactionTrait as _};
use testkit::until_within;
use tokio::time::{Instant, sleep, sleep_until};

use crate::support::{Catalogue, SOON, full_product, product, soon};

/// Maximum staleness of a read without `min_revision`, and time for the read itself.
const STALENESS: Duration = Duration::from_millis(1_000);
const A_CALL: Duration = Duration::from_millis(500);

async fn two() -> (Catalogue, Catalogue) {
    let first = Catalogue::start().await;
    let second = Catalogue::start_in(Arc::clone(first.data())).await;
    (first, second)
}

fn get(min_revision: &str) -> GetProductRequest {
    GetProductRequest {
        product_id: "mug".to_owned(),
        min_revision: min_revision.to_owned(),
        ..Default::default()
    }
}

async fn read(catalogue: &Catalogue, min_revision: &str) -> Option<Product> {
    let read = catalogue.products().get_product(get(min_revision)).await;
    read.ok().map(tonic::Response::into_inner)
}

/// Adds one to the stock; returns the new revision and its token.
async fn restock(catalogue: &Catalogue) -> (i64, String) {
    let request =
        AdjustStockRequest { product_id: "mug".to_owned(), delta: 1, ..Default::default() };
    let level = catalogue.stock().adjust_stock(request).await.unwrap().into_inner();
    (level.revision, level.revision_token)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_catalogue_sees_a_write_on_request_or_soon() {
    let (first, second) = two().await;
    first.create(product("mug")).await;
    for round in 0..60 {
        // Fills both caches.
        for catalogue in [&first, &second] {
            read(catalogue, "").await.unwrap();
        }
        let (writer, reader) = if round % 2 == 0 { (&first, &second) } else { (&second, &first) };
        let (revision, token) = restock(writer).await;
        let acknowledged = Instant::now();
        assert!(read(writer, "").await.unwrap().revision >= revision);
        assert!(read(reader, &token).await.unwrap().revision >= revision);
        while read(reader, "").await.unwrap().revision < revision {
            assert!(acknowledged.elapsed() < STALENESS + A_CALL);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deletions_purges_and_renames_invalidate_the_other_cache() {
    let (first, second) = two().await;
    first.create_category("kitchen", "").await;
    first.create(full_product("mug", &["kitchen"])).await;
    let named = async |name: &str| {
        let mug = read(&second, "").await?;
        (mug.category_paths[0].names == [name]).then_some(())
    };
    until_within(SOON, "it is there", || named("Name of kitchen")).await;
    let category =
        Category { id: "kitchen".to_owned(), name: "Küche".to_owned(), ..Default::default() };
    let request = UpdateCategoryRequest { category: Some(category), ..Default::default() };
    first.categories().update_category(request).await.unwrap();
    until_within(SOON, "it is renamed", || named("Küche")).await;

    let request = DeleteProductRequest { product_id: "mug".to_owned(), ..Default::default() };
    first.products().delete_product(request.clone()).await.unwrap();
    let gone = async || read(&second, "").await.is_none().then_some(());
    until_within(SOON, "it is deleted", gone).await;
    let purge = DeleteProductRequest { purge: true, ..request };
    first.products().delete_product(purge).await.unwrap();
    let show = GetProductRequest { show_deleted: true, ..get("") };
    assert!(second.products().get_product(show).await.is_err(), "a purge leaves no change");
}

/// The lock keeps the second catalogue from reading the feed only. It must bypass its cache once
/// the last state of the feed is too old.
#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_cannot_follow_the_feed_reads_from_the_database() {
    let (first, second) = two().await;
    first.create(product("mug")).await;
    let database = Database::connect(first.data().url().unwrap()).await.unwrap();
    for round in 0..2 {
        let old = read(&second, "").await.unwrap();
        let feed = database.begin().await.unwrap();
        feed.execute_unprepared("LOCK TABLE changes IN ACCESS EXCLUSIVE MODE").await.unwrap();
        let locked = Instant::now();
        let write = "UPDATE products SET name = name || '!', revision = revision + 1";
        database.execute_unprepared(write).await.unwrap();
        while read(&second, "").await.unwrap().revision == old.revision {
            assert!(locked.elapsed() < STALENESS + A_CALL, "round {round}");
            sleep(Duration::from_millis(5)).await;
        }
        // The last state is too old now: every write is visible immediately.
        sleep_until(locked + STALENESS).await;
        database.execute_unprepared(write).await.unwrap();
        assert_eq!(read(&second, "").await.unwrap().revision, old.revision + 2);
        let change = "INSERT INTO changes (product_id, op, changed_fields, changed_at) \
            VALUES ('mug', 2, '[\"name\"]', 0)";
        feed.execute_unprepared(change).await.unwrap();
        feed.commit().await.unwrap();
        assert_eq!(read(&second, "").await.unwrap().revision, old.revision + 2);
        // The feed is followed again.
        let (revision, token) = soon(restock(&first)).await;
        assert!(read(&second, &token).await.unwrap().revision >= revision);
    }
}

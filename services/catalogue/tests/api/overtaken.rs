//! Concurrent transactions: the first to start may be the last to commit.

use proto::catalogue::v1::{
    AdjustStockRequest, Change, ListChangesRequest, Product, ReservationLine, ReserveStockRequest,
};
use sea_orm::{
    ConnectionTrait as _, Database, DatabaseConnection, DbBackend, Statement, TransactionTrait as _,
};
use testkit::until_within;

use crate::support::{Catalogue, SOON, product, soon};

/// A reservation starts, and waits for its first product. Meanwhile its second product is sold: the
/// feed and the product's history have the sale first.
#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_waited_is_ordered_after_those_it_waited_for() {
    let catalogue = Catalogue::start().await;
    for id in ["a", "b"] {
        catalogue.create(Product { stock_qty: 10, ..product(id) }).await;
    }
    let outside = Database::connect(catalogue.data().url().unwrap()).await.unwrap();
    let lock = outside.begin().await.unwrap();
    lock.execute_unprepared("SELECT id FROM products WHERE id = 'a' FOR UPDATE").await.unwrap();

    let line =
        |id: &str| ReservationLine { product_id: id.to_owned(), quantity: 1, ..Default::default() };
    let request = ReserveStockRequest {
        lines: vec![line("a"), line("b")],
        request_id: "reserved".to_owned(),
        ..Default::default()
    };
    let mut stock = catalogue.stock();
    let reserving = tokio::spawn(async move { stock.reserve_stock(request).await });
    let watcher = Database::connect(catalogue.data().url().unwrap()).await.unwrap();
    let waits = async || (waiting(&watcher).await).then_some(());
    until_within(SOON, "the reservation waits", waits).await;

    let sale = AdjustStockRequest {
        product_id: "b".to_owned(),
        delta: -1,
        request_id: "sold".to_owned(),
        ..Default::default()
    };
    soon(catalogue.stock().adjust_stock(sale)).await.unwrap();
    assert!(!reserving.is_finished());
    lock.commit().await.unwrap();
    soon(reserving).await.unwrap().unwrap();

    catalogue.settled().await;
    assert_eq!(request_ids_of(&catalogue, "b").await, ["", "sold", "reserved"]);
    assert_eq!(request_ids_of(&catalogue, "a").await, ["", "reserved"]);
}

/// Each transaction waits for a product of another one, and has got its number before.
#[tokio::test(flavor = "multi_thread")]
async fn the_feed_has_concurrent_reservations_in_the_order_of_revisions() {
    let catalogue = Catalogue::start().await;
    for id in ["a", "b", "c"] {
        catalogue.create(Product { stock_qty: 10_000, ..product(id) }).await;
    }
    let reserve = |ids: [&str; 3], request_id: String| {
        let mut stock = catalogue.stock();
        let lines = ids.map(|id| ReservationLine {
            product_id: id.to_owned(),
            quantity: 1,
            ..Default::default()
        });
        async move {
            let lines = lines.into();
            let request = ReserveStockRequest { lines, request_id, ..Default::default() };
            stock.reserve_stock(request).await.unwrap()
        }
    };
    let orders = [["a", "b", "c"], ["c", "b", "a"], ["b", "a", "c"], ["c", "a", "b"]];
    for round in 0..10 {
        let racing = (0..8).map(|n| reserve(orders[n % 4], format!("r-{round}-{n}")));
        soon(futures::future::join_all(racing)).await;
    }
    catalogue.settled().await;
    let history =
        "SELECT request_id FROM product_revisions WHERE product_id = '{}' ORDER BY revision";
    let outside = Database::connect(catalogue.data().url().unwrap()).await.unwrap();
    for id in ["a", "b", "c"] {
        let kept = texts(&outside, &history.replace("{}", id)).await;
        let told = request_ids_of(&catalogue, id).await;
        assert_eq!(kept.len(), 80);
        assert_eq!(told[1..], kept, "of {id}");
    }
}

/// The request ids of a product's changes, in the order of the feed.
async fn request_ids_of(catalogue: &Catalogue, id: &str) -> Vec<String> {
    let request = ListChangesRequest { page_size: 1_000, ..Default::default() };
    let listed = catalogue.feed().list_changes(request).await.unwrap().into_inner();
    assert!(listed.caught_up);
    let of_it = |change: &Change| change.product_id == id;
    listed.changes.into_iter().filter(of_it).map(|change| change.request_id).collect()
}

/// Whether any transaction waits for a lock in this database.
async fn waiting(db: &DatabaseConnection) -> bool {
    let sql = "SELECT pid::text FROM pg_stat_activity \
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    !texts(db, sql).await.is_empty()
}

async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

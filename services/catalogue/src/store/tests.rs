//! Tests of conditions that clients cannot cause: a full disk, expired rows, query plans.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _,
};
use tempfile::TempDir;

use super::{
    Location, PendingMigrations, RequestKey, Store, Write, WriteContext, Written, engine,
    open::Startup,
    products::read,
    schema::entity::{product, request},
};
use crate::domain::{
    Details, Error, ItemKey, Mask, Micros, Op, Place, ProductId, ReservationState, StockLevel,
};

async fn open(dir: &TempDir) -> Store {
    let location = Location::File(dir.path().join("catalogue.db"));
    Store::open(&location, PendingMigrations::Apply, 1 << 20).await.unwrap()
}

fn details(text: &str) -> Details {
    Details { name: "Mug".to_owned(), description: text.to_owned(), ..Default::default() }
}

fn plain<T>() -> Write<T> {
    Write::plain(WriteContext::default())
}

fn id(id: &str) -> ProductId {
    ProductId::parse(id).unwrap()
}

fn at(sequence: i64) -> Place {
    Place { transaction: 0, sequence }
}

#[tokio::test]
async fn a_full_disk_stops_writes_only_and_only_while_it_is_full() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir).await;
    store.create(plain(), id("first"), details("")).await.unwrap();
    let limit = async |pages: &str| {
        let sql = format!("PRAGMA max_page_count = {pages}");
        store.0.writer.execute_unprepared(&sql).await.unwrap();
    };
    // Lower than it is now means: as large as it is now.
    limit("1").await;
    let large = "x".repeat(100_000);
    let refused = store.create(plain(), id("second"), details(&large)).await;
    assert!(matches!(refused, Err(Error::StoreFull(_))), "{refused:?}");
    assert!(store.product(&id("first")).await.unwrap().is_some());
    assert_eq!(store.feed_bounds().await.unwrap().settled, at(1));
    limit("1000000").await;
    store.create(plain(), id("second"), details(&large)).await.unwrap();
    assert_eq!(store.feed_bounds().await.unwrap().settled, at(2));
    limit("1").await;
    let refused = store.create(plain(), id("third"), details(&large)).await;
    assert!(matches!(refused, Err(Error::StoreFull(_))), "{refused:?}");
}

#[tokio::test]
async fn a_cursor_before_the_retained_changes_is_expired() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir).await;
    let product = store.create(plain(), id("mug"), details("0")).await.unwrap();
    for number in 1..10 {
        let new = details(&number.to_string());
        store.update(plain(), product.id.clone(), new, Mask::all(), None).await.unwrap();
    }
    store.delete_old_changes(3).await.unwrap();
    let bounds = store.feed_bounds().await.unwrap();
    assert_eq!((bounds.floor, bounds.settled), (at(7), at(10)));
    let can_resume: Vec<i64> = (0..12).filter(|seq| bounds.can_resume(at(*seq))).collect();
    assert_eq!(can_resume, [7, 8, 9, 10]);
    assert!(matches!(store.changes_after(at(6), 10).await, Err(Error::CursorExpired)));
    assert_eq!(store.changes_after(at(7), 10).await.unwrap().changes.len(), 3);

    // One change is always retained, and no sequence number is reused.
    store.delete_old_changes(0).await.unwrap();
    store.delete(plain(), product.id, None, None).await.unwrap();
    let last = store.changes_after(at(10), 10).await.unwrap().changes;
    assert_eq!((last[0].place, last[0].op), (at(11), Op::Deleted));
    store.close().await;
    assert_eq!(open(&dir).await.feed_bounds().await.unwrap().settled, at(11));
}

#[tokio::test]
async fn an_expired_reservation_is_returned_when_stock_is_short() {
    let dir = TempDir::new().unwrap();
    // Without the periodic expiry task.
    let store = open(&dir).await;
    let ten = Details { stock_qty: 10, ..details("") };
    store.create(plain(), id("mug"), ten).await.unwrap();
    let mug = || ItemKey::Product(id("mug"));
    let expired = store.reserve(plain(), vec![(mug(), 4)], 0).await.unwrap();
    store.reserve(plain(), vec![(mug(), 3)], Micros::MAX).await.unwrap();
    assert_eq!(store.adjust_stock(plain(), mug(), -3).await.unwrap().stock_qty, 0);
    assert_eq!(store.adjust_stock(plain(), mug(), -1).await.unwrap().stock_qty, 3);
    let refused = store.reserve(plain(), vec![(mug(), 4)], Micros::MAX).await;
    assert!(matches!(refused, Err(Error::InsufficientStock { stock_qty: 3, .. })), "{refused:?}");
    let refused = store.commit_reservation(plain(), expired.id).await;
    let ended =
        matches!(refused, Err(Error::ReservationEnded { state: ReservationState::Expired, .. }));
    assert!(ended);
}

#[tokio::test]
async fn expired_responses_and_ended_reservations_are_deleted() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir).await;
    let ten = Details { stock_qty: 10, ..details("") };
    store.create(plain(), id("mug"), ten).await.unwrap();
    let mug = || ItemKey::Product(id("mug"));
    let request = |name: &str| WriteContext {
        request: Some(RequestKey { id: name.to_owned(), fingerprint: [7; 32] }),
        ..WriteContext::default()
    };
    // The response is the stock after the adjustment.
    let take = async |name: &str| {
        let write: Write<StockLevel, i32> = Write {
            context: request(name),
            to_response: |level, _after| level.stock_qty,
            written: |_| Written::of("mug", 0),
            encode: |level| level.to_be_bytes().to_vec(),
            decode: |stored| Some(i32::from_be_bytes(stored.try_into().ok()?)),
        };
        store.adjust_stock(write, mug(), -1).await.unwrap()
    };
    assert_eq!((take("old").await, take("new").await), (9, 8));
    let sold = store.reserve(plain(), vec![(mug(), 1)], 0).await.unwrap().id;
    store.commit_reservation(plain(), sold.clone()).await.unwrap();
    let held = store.reserve(plain(), vec![(mug(), 1)], Micros::MAX).await.unwrap().id;
    store.delete_expired_requests().await.unwrap();
    store.delete_ended_reservations().await.unwrap();
    assert_eq!((take("old").await, take("new").await), (9, 8));
    store.commit_reservation(plain(), sold.clone()).await.unwrap();

    for aged in [
        "UPDATE requests SET answered_at = answered_at - 86400000000 WHERE id = 'old'",
        "UPDATE reservations SET expires_at = expires_at - 86400000000 WHERE state = 2",
    ] {
        store.0.writer.execute_unprepared(aged).await.unwrap();
    }
    // Expired, although its row has not been deleted yet.
    assert_eq!((take("old").await, take("new").await), (5, 8));
    let aged = "UPDATE requests SET answered_at = answered_at - 86400000000 WHERE id = 'old'";
    store.0.writer.execute_unprepared(aged).await.unwrap();
    store.delete_expired_requests().await.unwrap();
    store.delete_ended_reservations().await.unwrap();
    let left = request::Entity::find().all(&store.0.reader).await.unwrap();
    assert_eq!(left.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["new"]);
    let gone = store.commit_reservation(plain(), sold).await;
    assert!(matches!(gone, Err(Error::ReservationNotFound(_))), "{gone:?}");
    store.commit_reservation(plain(), held).await.unwrap();
}

#[tokio::test]
async fn a_lock_held_by_another_process_is_reported_as_busy() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir).await;
    let other = engine::open_writer(&dir.path().join("catalogue.db")).await.unwrap();
    let short = "PRAGMA busy_timeout = 1";
    store.0.writer.execute_unprepared(short).await.unwrap();
    let held = {
        use sea_orm::TransactionTrait as _;
        other.begin_with_options(engine::write_transaction()).await.unwrap()
    };
    let refused = store.create(plain(), id("mug"), details("")).await;
    assert!(matches!(refused, Err(Error::StoreBusy(_))), "{refused:?}");
    held.rollback().await.unwrap();
    store.create(plain(), id("mug"), details("")).await.unwrap();
}

#[tokio::test]
async fn every_connection_has_its_pragmas() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir).await;
    let pragma = async |db: &sea_orm::DatabaseConnection, name: &str| -> i64 {
        let sql = format!("PRAGMA {name}");
        let statement = sea_orm::Statement::from_string(db.get_database_backend(), sql);
        db.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    };
    for (name, writer, reader) in [
        ("foreign_keys", 1, 1),
        ("busy_timeout", 5_000, 5_000),
        ("synchronous", 2, 2),
        ("query_only", 0, 1),
    ] {
        assert_eq!(pragma(&store.0.writer, name).await, writer, "writer's {name}");
        assert_eq!(pragma(&store.0.reader, name).await, reader, "reader's {name}");
    }
}

#[tokio::test]
async fn products_deleted_long_ago_are_purged() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir).await;
    let mut deleted = Vec::new();
    for name in ["old", "new", "back", "kept"] {
        store.create(plain(), id(name), details("")).await.unwrap();
    }
    for name in ["old", "back", "new"] {
        let product = store.delete(plain(), id(name), None, None).await;
        deleted.push(product.unwrap().deleted_at.unwrap());
    }
    store.undelete(plain(), id("back"), None).await.unwrap();
    // Two products may be deleted within the same microsecond.
    store.purge_deleted_before(deleted[0].max(deleted[2] - 1) + 1).await.unwrap();
    let left = async |name: &str| store.product(&id(name)).await.unwrap().is_some();
    assert!(!left("old").await && left("back").await && left("kept").await);
    store.purge_deleted_before(i64::MAX).await.unwrap();
    assert!(!left("new").await && left("back").await && left("kept").await);
}

/// Otherwise a list of a million products would sort all of them for every page.
#[tokio::test]
async fn a_page_is_read_along_the_index_of_ids() {
    let store = open(&TempDir::new().unwrap()).await;
    let page = read::select(DbBackend::Sqlite)
        .filter(product::Column::Id.gt("a"))
        .filter(product::Column::DeletedAt.is_null())
        .order_by_asc(product::Column::Id)
        .limit(50);
    let mut explain = page.build(DbBackend::Sqlite);
    explain.sql = format!("EXPLAIN QUERY PLAN {}", explain.sql);
    let plan = store.0.reader.query_all_raw(explain).await.unwrap();
    let first: String = plan[0].try_get("", "detail").unwrap();
    assert!(first.ends_with("sqlite_autoindex_products_1 (id>?)"), "{first}");
}

/// The common startup, which writes nothing.
#[tokio::test]
async fn one_statement_reads_the_state_of_a_prepared_database() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir).await;
    store.create(plain(), id("mug"), details("")).await.unwrap();
    let writer = store.0.writer.clone();
    let startup = Startup::read(&writer).await.unwrap();
    assert_eq!(startup.feed_epoch, store.feed_epoch());
    assert_eq!(startup.page_token_key, store.0.page_token_key);
    assert_eq!((startup.newest, startup.settled), (at(1), Some(at(1))));
    for missing in [
        "DELETE FROM meta WHERE key = 'feed_epoch'",
        "DELETE FROM seaql_migrations WHERE version = 'm0004_links'",
        "DROP TABLE seaql_migrations",
    ] {
        writer.execute_unprepared(missing).await.unwrap();
        assert!(Startup::read(&writer).await.is_none(), "{missing}");
    }
}

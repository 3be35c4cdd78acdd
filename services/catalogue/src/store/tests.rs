//! What cannot be brought about from outside: a full disk, a forgotten past.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _,
};
use tempfile::TempDir;

use super::{
    Location, Pending, RequestKey, Store, Write, WriteContext,
    entity::{product, request},
    page,
    startup::Startup,
};
use crate::domain::{
    Details, Error, ItemKey, Mask, Micros, Op, Place, ProductId, ReservationState, StockLevel,
};

async fn open(dir: &TempDir) -> Store {
    let location = Location::File(dir.path().join("catalogue.db"));
    Store::open(&location, Pending::Apply, 1 << 20).await.unwrap()
}

fn details(text: &str) -> Details {
    Details { name: "Mug".to_owned(), description: text.to_owned(), ..Default::default() }
}

fn plain<T>() -> Write<T> {
    Write::plain(String::new(), false)
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
    assert_eq!(store.kept_changes().await.unwrap().newest, at(1));
    limit("1000000").await;
    store.create(plain(), id("second"), details(&large)).await.unwrap();
    assert_eq!(store.kept_changes().await.unwrap().newest, at(2));
    limit("1").await;
    let refused = store.create(plain(), id("third"), details(&large)).await;
    assert!(matches!(refused, Err(Error::StoreFull(_))), "{refused:?}");
}

#[tokio::test]
async fn forgotten_changes_are_missed_by_name() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir).await;
    let product = store.create(plain(), id("mug"), details("0")).await.unwrap();
    for number in 1..10 {
        let new = details(&number.to_string());
        store.update(plain(), product.id.clone(), new, Mask::all(), None).await.unwrap();
    }
    store.forget_changes(3).await.unwrap();
    let kept = store.kept_changes().await.unwrap();
    assert_eq!((kept.floor, kept.newest), (at(7), at(10)));
    let can_resume: Vec<i64> = (0..12).filter(|seq| kept.can_resume(at(*seq))).collect();
    assert_eq!(can_resume, [7, 8, 9, 10]);
    assert!(matches!(store.changes_after(at(6), 10).await, Err(Error::CursorExpired)));
    assert_eq!(store.changes_after(at(7), 10).await.unwrap().changes.len(), 3);

    // One is always kept, and no number is given twice.
    store.forget_changes(0).await.unwrap();
    store.delete(plain(), product.id, None).await.unwrap();
    let last = store.changes_after(at(10), 10).await.unwrap().changes;
    assert_eq!((last[0].place, last[0].op), (at(11), Op::Deleted));
    store.close().await;
    assert_eq!(open(&dir).await.kept_changes().await.unwrap().newest, at(11));
}

#[tokio::test]
async fn what_is_held_past_its_time_is_given_to_whoever_finds_too_little() {
    let dir = TempDir::new().unwrap();
    // Nobody sweeps here.
    let store = open(&dir).await;
    let ten = Details { stock_qty: 10, ..details("") };
    store.create(plain(), id("mug"), ten).await.unwrap();
    let mug = || ItemKey::Product(id("mug"));
    let over = store.reserve(plain(), vec![(mug(), 4)], 0).await.unwrap();
    store.reserve(plain(), vec![(mug(), 3)], Micros::MAX).await.unwrap();
    assert_eq!(store.adjust_stock(plain(), mug(), -3).await.unwrap().stock_qty, 0);
    assert_eq!(store.adjust_stock(plain(), mug(), -1).await.unwrap().stock_qty, 3);
    let refused = store.reserve(plain(), vec![(mug(), 4)], Micros::MAX).await;
    assert!(matches!(refused, Err(Error::InsufficientStock { stock_qty: 3, .. })), "{refused:?}");
    let refused = store.commit_reservation(plain(), over.id).await;
    let expired = ReservationState::Expired;
    assert!(matches!(refused, Err(Error::ReservationEnded { state, .. }) if state == expired));
}

#[tokio::test]
async fn answers_and_reservations_of_long_ago_are_forgotten() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir).await;
    let ten = Details { stock_qty: 10, ..details("") };
    store.create(plain(), id("mug"), ten).await.unwrap();
    let mug = || ItemKey::Product(id("mug"));
    let request = |name: &str| WriteContext {
        request: Some(RequestKey { id: name.to_owned(), fingerprint: [7; 32] }),
        ..WriteContext::default()
    };
    // An answer that says how many there were.
    let take = async |name: &str| {
        let write: Write<StockLevel, i32> = Write {
            context: request(name),
            tell: |level, _done| level.stock_qty,
            keep: |level| level.to_be_bytes().to_vec(),
            recall: |kept| Some(i32::from_be_bytes(kept.try_into().ok()?)),
        };
        store.adjust_stock(write, mug(), -1).await.unwrap()
    };
    assert_eq!((take("old").await, take("new").await), (9, 8));
    let sold = store.reserve(plain(), vec![(mug(), 1)], 0).await.unwrap().id;
    store.commit_reservation(plain(), sold.clone()).await.unwrap();
    let held = store.reserve(plain(), vec![(mug(), 1)], Micros::MAX).await.unwrap().id;
    store.forget_requests().await.unwrap();
    store.forget_reservations().await.unwrap();
    assert_eq!((take("old").await, take("new").await), (9, 8));
    store.commit_reservation(plain(), sold.clone()).await.unwrap();

    for aged in [
        "UPDATE requests SET answered_at = answered_at - 86400000000 WHERE id = 'old'",
        "UPDATE reservations SET expires_at = expires_at - 86400000000 WHERE state = 2",
    ] {
        store.0.writer.execute_unprepared(aged).await.unwrap();
    }
    // Too old to count, whether it has been forgotten or not.
    assert_eq!((take("old").await, take("new").await), (5, 8));
    let aged = "UPDATE requests SET answered_at = answered_at - 86400000000 WHERE id = 'old'";
    store.0.writer.execute_unprepared(aged).await.unwrap();
    store.forget_requests().await.unwrap();
    store.forget_reservations().await.unwrap();
    let left = request::Entity::find().all(&store.0.reader).await.unwrap();
    assert_eq!(left.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["new"]);
    let gone = store.commit_reservation(plain(), sold).await;
    assert!(matches!(gone, Err(Error::ReservationNotFound(_))), "{gone:?}");
    store.commit_reservation(plain(), held).await.unwrap();
}

#[tokio::test]
async fn a_lock_held_by_another_process_is_busy_not_broken() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir).await;
    let other = super::engine::open_writer(&dir.path().join("catalogue.db")).await.unwrap();
    let short = "PRAGMA busy_timeout = 1";
    store.0.writer.execute_unprepared(short).await.unwrap();
    let held = {
        use sea_orm::TransactionTrait as _;
        other.begin_with_options(super::engine::write_transaction()).await.unwrap()
    };
    let refused = store.create(plain(), id("mug"), details("")).await;
    assert!(matches!(refused, Err(Error::StoreBusy(_))), "{refused:?}");
    held.rollback().await.unwrap();
    store.create(plain(), id("mug"), details("")).await.unwrap();
}

#[tokio::test]
async fn every_connection_is_as_it_must_be() {
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
async fn what_was_deleted_long_ago_is_purged() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir).await;
    let mut deleted = Vec::new();
    for name in ["old", "new", "back", "kept"] {
        store.create(plain(), id(name), details("")).await.unwrap();
    }
    for name in ["old", "back", "new"] {
        let product = store.delete(plain(), id(name), None).await;
        deleted.push(product.unwrap().deleted_at.unwrap());
    }
    store.undelete(plain(), id("back"), None).await.unwrap();
    // In the order they were deleted; two of them may be so within one microsecond.
    store.purge_deleted_before(deleted[0].max(deleted[2] - 1) + 1).await.unwrap();
    let left = async |name: &str| store.product(&id(name)).await.unwrap().is_some();
    assert!(!left("old").await && left("back").await && left("kept").await);
    store.purge_deleted_before(i64::MAX).await.unwrap();
    assert!(!left("new").await && left("back").await && left("kept").await);
}

/// Or a list of a million products sorts all of them, for each page again.
#[tokio::test]
async fn a_page_of_a_list_is_read_in_the_order_of_ids_from_where_it_begins() {
    let store = open(&TempDir::new().unwrap()).await;
    let page = page::select(DbBackend::Sqlite)
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

/// The common start: nothing is written, and nothing is looked for step by step.
#[tokio::test]
async fn a_database_that_is_up_to_date_is_known_by_one_statement() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir).await;
    store.create(plain(), id("mug"), details("")).await.unwrap();
    let writer = store.0.writer.clone();
    let startup = Startup::read(&writer).await.unwrap();
    assert_eq!(startup.feed_epoch, store.feed_epoch());
    assert_eq!(startup.page_token_key, store.page_token_key());
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

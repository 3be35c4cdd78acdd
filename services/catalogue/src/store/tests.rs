//! What cannot be brought about from outside: a full disk, a forgotten past.

use sea_orm::ConnectionTrait as _;
use tempfile::TempDir;

use super::{Location, Pending, Store, Write};
use crate::domain::{Details, Error, Mask, Op, Place, ProductId};

async fn open(dir: &TempDir) -> Store {
    let location = Location::File(dir.path().join("catalogue.db"));
    Store::open(&location, Pending::Apply).await.unwrap()
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
    // There is room again, since the limit was the connection's and that one is no longer used.
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

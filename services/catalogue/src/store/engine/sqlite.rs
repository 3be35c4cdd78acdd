//! SQLite: one writing connection and several reading ones to a file.

use std::{path::Path, time::Duration};

use futures::future::try_join_all;
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbErr,
    sqlx::{
        self,
        error::DatabaseError,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};

use super::failure::Failure;

/// Reading connections. A streamed response holds one only while it fetches a page.
const READERS: u32 = 4;
/// The timeout of waiting for another process's lock, and for a connection of the pool.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The page cache of each connection: 1 MiB (negative: in KiB). The operating system caches the file,
/// too.
const CACHE_SIZE: &str = "-1024";
/// The page cache of the writer: 8 MiB. It should hold the pages that a batch of an import changes,
/// or an index page that is changed repeatedly is written repeatedly.
const WRITER_CACHE_SIZE: &str = "-8192";
/// Pages (of 4 KiB) in the WAL before a checkpoint. A checkpoint writes a page once, however often it
/// was changed.
const CHECKPOINT_PAGES: &str = "4000";

/// See [`super::category_ids`].
pub(super) const CATEGORY_IDS: &str = "CASE WHEN links_revision = content_revision \
    THEN category_list ELSE (SELECT group_concat(m.category_id, ' ' ORDER BY m.position) \
    FROM product_categories m WHERE m.product_id = products.id) END";

/// See [`super::variants`].
pub(super) const VARIANTS: &str = "CASE WHEN links_revision = content_revision \
    AND variant_count = 0 THEN NULL ELSE (SELECT json_group_array(json_array(v.sku, v.gtin, \
    json(v.option_values), v.price_minor, v.currency, v.stock_qty, v.offer, v.media_url) ORDER BY v.position) \
    FROM product_variants v WHERE v.product_id = products.id) END";

/// See [`super::startup`]. Every committed change is settled.
pub(super) const STARTUP: &str = "WITH newest AS ( \
        SELECT xid, seq FROM changes ORDER BY seq DESC LIMIT 1) \
    SELECT (SELECT group_concat(version, ' ') FROM seaql_migrations), \
        true, \
        (SELECT value FROM meta WHERE key = 'feed_epoch'), \
        (SELECT value FROM meta WHERE key = 'page_token_key'), \
        (SELECT xid FROM newest), (SELECT seq FROM newest), \
        (SELECT xid FROM newest), (SELECT seq FROM newest)";

/// See [`super::in_json_list`].
pub(super) fn in_json_list(expression: &str) -> String {
    format!("{expression} IN (SELECT value FROM json_each(?))")
}

/// Opens the writing connection, creating the file if it is missing.
pub(in crate::store) async fn open_writer(file: &Path) -> Result<DatabaseConnection, DbErr> {
    let file = file.to_owned();
    open(1, move |options| {
        // FULL: acknowledged writes survive a power failure, not only a crash.
        options
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("cache_size", WRITER_CACHE_SIZE)
            .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
    })
    .await
}

/// Opens the reading connections: one at once, the others in the background. Open ones still read a file whose name is
/// gone, of which no further ones can be opened.
pub(in crate::store) async fn open_readers(file: &Path) -> Result<DatabaseConnection, DbErr> {
    let file = file.to_owned();
    let readers = open(READERS, move |options| options.filename(&file).pragma("query_only", "ON"));
    let readers = readers.await?;
    let pool = readers.get_sqlite_connection_pool().clone();
    tokio::spawn(async move {
        // As many as are held together.
        match try_join_all((0..READERS).map(|_| pool.acquire())).await {
            Ok(_) | Err(sqlx::Error::PoolClosed) => {}
            Err(error) => tracing::warn!(%error, "not all reading connections could be opened"),
        }
    });
    Ok(readers)
}

/// Closes the writing connection; the next transaction opens a new one.
///
/// After some errors, such as a full disk, SQLite rolls the transaction back by itself. The driver
/// does not notice and still counts an open transaction, so the connection must not be used again.
pub(super) async fn discard_connection(writer: &DatabaseConnection) {
    let closed = match writer.get_sqlite_connection_pool().acquire().await {
        Ok(connection) => connection.close().await,
        Err(error) => Err(error),
    };
    if let Err(error) = closed {
        tracing::warn!(%error, "the writing connection could not be closed after a failed transaction");
    }
}

/// Opens a pool. PRAGMAs apply to one connection, so they are part of the connect options.
async fn open(
    connections: u32,
    configure: impl Fn(SqliteConnectOptions) -> SqliteConnectOptions + Send + Sync + 'static,
) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new("sqlite:replaced-below");
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(TIMEOUT)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |options| {
            let options = options.foreign_keys(true).busy_timeout(TIMEOUT);
            configure(options.pragma("cache_size", CACHE_SIZE))
        });
    Database::connect(options).await
}

/// Classifies an error by its result code.
pub(super) fn failure(error: &dyn DatabaseError) -> Failure {
    match code(error) {
        Some(code) if is_full(code) => Failure::Full,
        Some(code) if is_busy(code) => Failure::Busy,
        Some(code) if is_damaged(code) => Failure::Damaged,
        // SQLITE_ERROR of the JSON functions.
        Some(1) if error.message() == "malformed JSON" => Failure::Unreadable,
        _ => Failure::Other,
    }
}

/// The extended result code (<https://www.sqlite.org/rescode.html>).
fn code(error: &dyn DatabaseError) -> Option<u32> {
    error.code()?.parse().ok()
}

/// SQLITE_BUSY and SQLITE_LOCKED with all extended codes.
fn is_busy(code: u32) -> bool {
    matches!(code & 0xff, 5 | 6)
}

/// SQLITE_FULL, and SQLITE_IOERR_SHMSIZE: the WAL index could not grow.
fn is_full(code: u32) -> bool {
    code == 13 || code == 4874
}

/// SQLITE_CORRUPT with all extended codes, SQLITE_NOTADB, and SQLITE_IOERR_CORRUPTFS.
fn is_damaged(code: u32) -> bool {
    matches!(code & 0xff, 11 | 26) || code == 8458
}

/// See [`super::advice`].
pub(super) fn advice(error: Option<&dyn DatabaseError>) -> &'static str {
    match error.and_then(code) {
        Some(code) if is_busy(code) => "the database is locked by another process; stop that one",
        Some(code) if is_full(code) => "the disk is full; make room or choose another --data-dir",
        Some(code) if matches!(code & 0xff, 8 | 14 | 23) => {
            "the database cannot be written; check the owner and permissions of --data-dir"
        }
        Some(code) if is_damaged(code) => {
            "the file is not an intact database; restore a backup or choose another --data-dir"
        }
        Some(code) if code & 0xff == 10 => "the disk could not be read or written; is it full?",
        _ => "the database could not be opened",
    }
}

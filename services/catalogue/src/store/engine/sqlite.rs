//! SQLite: a file, one connection that writes, some that read.

use std::{path::Path, time::Duration};

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbErr,
    sqlx::{
        error::DatabaseError,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};

use super::Failure;

/// Readers beside the one writer. A streamed answer holds one only while it fetches a batch.
const READERS: u32 = 4;
/// How long a statement waits for another process's lock, and a caller for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// SQLite's own page cache, a connection: 1 MiB (negative: in KiB). The system caches the file anyway.
const CACHE: &str = "-1024";
/// The writer's: 8 MiB. It should hold what a batch of an import changes, or each page of an index
/// that is changed again is written again.
const WRITER_CACHE: &str = "-8192";
/// Pages in the log (of 4 KiB each) before they go to their places in the file. Many changes of one
/// page go there as one.
const CHECKPOINT: &str = "4000";

/// See [`super::category_ids`].
pub(super) const CATEGORY_IDS: &str = "CASE WHEN links_revision = content_revision \
    THEN category_list ELSE (SELECT group_concat(m.category_id, ' ' ORDER BY m.position) \
    FROM product_categories m WHERE m.product_id = products.id) END";

/// See [`super::variants`].
pub(super) const VARIANTS: &str = "CASE WHEN links_revision = content_revision \
    AND variant_count = 0 THEN NULL ELSE (SELECT json_group_array(json_array(v.sku, v.gtin, \
    json(v.option_values), v.price_minor, v.currency, v.stock_qty) ORDER BY v.position) \
    FROM product_variants v WHERE v.product_id = products.id) END";

/// See [`super::startup`]. What has been committed is settled.
pub(super) const STARTUP: &str = "WITH newest AS ( \
        SELECT xid, seq FROM changes ORDER BY seq DESC LIMIT 1) \
    SELECT (SELECT group_concat(version, ' ') FROM seaql_migrations), \
        true, \
        (SELECT value FROM meta WHERE key = 'feed_epoch'), \
        (SELECT value FROM meta WHERE key = 'page_token_key'), \
        (SELECT xid FROM newest), (SELECT seq FROM newest), \
        (SELECT xid FROM newest), (SELECT seq FROM newest)";

/// See [`super::is_among`].
pub(super) fn is_among(expression: &str) -> String {
    format!("{expression} IN (SELECT value FROM json_each(?))")
}

/// Opens the one connection that writes, creating the file if need be.
pub(in crate::store) async fn open_writer(file: &Path) -> Result<DatabaseConnection, DbErr> {
    let file = file.to_owned();
    open(1, move |options| {
        // FULL: what was acknowledged survives a power cut, not just a crash.
        options
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("cache_size", WRITER_CACHE)
            .pragma("wal_autocheckpoint", CHECKPOINT)
    })
    .await
}

/// Opens the connections that read.
pub(in crate::store) async fn open_readers(file: &Path) -> Result<DatabaseConnection, DbErr> {
    let file = file.to_owned();
    open(READERS, move |options| options.filename(&file).pragma("query_only", "ON")).await
}

/// Closes the writer's connection; the next transaction opens a fresh one.
///
/// After some errors (a full disk among them) SQLite has rolled back by itself. The driver does
/// not notice and goes on counting an open transaction, so such a connection must not be used again.
pub(super) async fn discard_connection(writer: &DatabaseConnection) {
    let closed = match writer.get_sqlite_connection_pool().acquire().await {
        Ok(connection) => connection.close().await,
        Err(error) => Err(error),
    };
    if let Err(error) = closed {
        tracing::warn!(%error, "a broken connection could not be closed");
    }
}

/// PRAGMAs hold for one connection only, so they are part of how each is made.
async fn open(
    connections: u32,
    with: impl Fn(SqliteConnectOptions) -> SqliteConnectOptions + Send + Sync + 'static,
) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new("sqlite:replaced-below");
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |options| {
            let options = options.foreign_keys(true).busy_timeout(PATIENCE);
            with(options.pragma("cache_size", CACHE))
        });
    Database::connect(options).await
}

/// What has become of a statement of which this was said.
pub(super) fn failure(said: &dyn DatabaseError) -> Failure {
    match code(said) {
        Some(code) if is_full(code) => Failure::Full,
        Some(code) if is_busy(code) => Failure::Busy,
        _ => Failure::Broken,
    }
}

/// The extended result code (<https://www.sqlite.org/rescode.html>).
fn code(said: &dyn DatabaseError) -> Option<u32> {
    said.code()?.parse().ok()
}

/// SQLITE_BUSY and SQLITE_LOCKED in all their kinds.
fn is_busy(code: u32) -> bool {
    matches!(code & 0xff, 5 | 6)
}

/// SQLITE_FULL, and SQLITE_IOERR_SHMSIZE: the index of the log could not grow.
fn is_full(code: u32) -> bool {
    code == 13 || code == 4874
}

/// What to do about a database that cannot be opened, for whoever starts the service.
pub(super) fn advice(said: Option<&dyn DatabaseError>) -> &'static str {
    match said.and_then(code) {
        Some(code) if is_busy(code) => "the database is locked by another process; stop that one",
        Some(code) if is_full(code) => "the disk is full; make room or choose another --data-dir",
        Some(code) if matches!(code & 0xff, 8 | 14 | 23) => {
            "the database cannot be written; check the owner and permissions of --data-dir"
        }
        Some(code) if matches!(code & 0xff, 11 | 26) => {
            "the file is not an intact database; restore a backup or choose another --data-dir"
        }
        Some(code) if code & 0xff == 10 => "the disk could not be read or written; is it full?",
        _ => "the database could not be opened",
    }
}

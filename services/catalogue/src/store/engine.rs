//! The one place that knows which database this is: how it is opened, what it says when it fails,
//! and the SQL that only it understands.

use std::{path::Path, time::Duration};

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbErr, RuntimeErr, SqliteTransactionMode,
    TransactionOptions,
    sqlx::{
        self,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};

use crate::domain::Error;

/// Readers beside the one writer. A streamed answer holds one only while it fetches a batch.
const READERS: u32 = 4;
/// How long a statement waits for another process's lock, and a caller for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// SQLite's own page cache, a connection: 1 MiB (negative: in KiB). The system caches the file anyway.
const CACHE: &str = "-1024";

/// A product's category ids in their order, separated by blanks (no id has one), as a subquery:
/// with it a product is read in one statement, and so in one state.
pub(super) const CATEGORY_IDS: &str = "(SELECT group_concat(m.category_id, ' ' ORDER BY m.position) \
    FROM product_categories m WHERE m.product_id = products.id)";

/// A product's variants in their order, as a subquery: a JSON list of lists, each as
/// [`super::stored::StoredVariant`] reads it.
pub(super) const VARIANTS: &str = "(SELECT json_group_array(json_array(v.sku, v.gtin, \
    json(v.option_values), v.price_minor, v.currency, v.stock_qty) ORDER BY v.position) \
    FROM product_variants v WHERE v.product_id = products.id)";

/// Takes the writer's place at once: a transaction that first reads and then wants to write would
/// fail if another process had written in between.
pub(super) fn write_transaction() -> TransactionOptions {
    TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    }
}

/// Opens the one connection that writes, creating the file if need be.
pub(super) async fn open_writer(file: &Path) -> Result<DatabaseConnection, DbErr> {
    let file = file.to_owned();
    open(1, move |options| {
        // FULL: what was acknowledged survives a power cut, not just a crash.
        options
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
    })
    .await
}

/// Opens the connections that read.
pub(super) async fn open_readers(file: &Path) -> Result<DatabaseConnection, DbErr> {
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

/// What a database error means for a caller.
impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if matches!(error, DbErr::ConnectionAcquire(_)) {
            return Self::StoreBusy(Some(error.into()));
        }
        match code(&error) {
            Some(code) if is_full(code) => Self::StoreFull(error.into()),
            Some(code) if is_busy(code) => Self::StoreBusy(Some(error.into())),
            _ => Self::Store(error.into()),
        }
    }
}

/// SQLite's extended result code (<https://www.sqlite.org/rescode.html>).
fn code(error: &DbErr) -> Option<u32> {
    let (DbErr::Conn(runtime) | DbErr::Exec(runtime) | DbErr::Query(runtime)) = error else {
        return None;
    };
    let RuntimeErr::SqlxError(error) = runtime else { return None };
    let sqlx::Error::Database(error) = error.as_ref() else { return None };
    error.code()?.parse().ok()
}

/// SQLITE_BUSY and SQLITE_LOCKED in all their kinds.
pub(super) fn is_busy(code: u32) -> bool {
    matches!(code & 0xff, 5 | 6)
}

/// SQLITE_FULL, and SQLITE_IOERR_SHMSIZE: the index of the log could not grow.
fn is_full(code: u32) -> bool {
    code == 13 || code == 4874
}

/// What to do about a database that cannot be opened, for whoever starts the service.
pub(super) fn advice(error: &DbErr) -> &'static str {
    match code(error) {
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

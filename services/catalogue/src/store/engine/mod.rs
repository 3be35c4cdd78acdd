//! The one place that knows which databases there are: how each is opened, what it says when it
//! fails, and the SQL that only it understands. What both understand is nowhere near here.

pub(super) mod dialect;
mod postgres;
mod reader;
mod server;
mod sqlite;
mod watch;
mod watched;

pub(super) use postgres::{identity, lock_epoch, release_tables, try_claim_tables, was_set_back};
pub(super) use reader::{READER_LIFETIME, READER_PATIENCE, ReaderOptions};
pub(super) use server::{connect_migrations, connect_readers, connect_writers, reach};
pub(super) use sqlite::{open_readers, open_writer};
pub(super) use watch::{SeenChange, hear, listen, look, newest_number, next_transaction, tell};
pub(super) use watched::watched;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, RuntimeErr,
    SqliteTransactionMode, TransactionOptions,
    sqlx::{self, error::DatabaseError},
};

use super::bulk::Kind;
use crate::domain::{Error, ProductId, Result};

/// What has become of a statement that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    /// Nothing more can be kept.
    Full,
    /// Too much is going on; another try may well succeed.
    Busy,
    /// Another transaction got in the way of this one, which can be done again from its beginning.
    Raced,
    /// The connection ended, or the database did.
    Gone,
    /// Anything else.
    Broken,
}

/// A product's category ids in their order, separated by blanks (no id has one), as an expression
/// over its row: with it a product is read in one statement, and so in one state.
///
/// The row carries a copy of its links (`category_list`, `variant_count`) and the content revision
/// that the copy is of (`links_revision`). A program that does not know these columns leaves them
/// behind `content_revision`, or NULL; then the link tables are read by a subquery.
pub(super) fn category_ids(engine: DbBackend) -> &'static str {
    match engine {
        DbBackend::Postgres => postgres::CATEGORY_IDS,
        _ => sqlite::CATEGORY_IDS,
    }
}

/// A product's variants in their order, as an expression over its row: a JSON list of lists, each
/// as [`super::stored::StoredVariant`] reads it; NULL if the row says that there are none.
/// Variants are never copied into the row: their stock changes without it.
pub(super) fn variants(engine: DbBackend) -> &'static str {
    match engine {
        DbBackend::Postgres => postgres::VARIANTS,
        _ => sqlite::VARIANTS,
    }
}

/// Reads by one statement what [`super::startup`] needs to know: the names of the steps that the
/// tables went through, separated by blanks; whether the database can be served as it is; the feed's
/// epoch and the key of page tokens; the newest change, and the newest settled one, each by its
/// transaction and number.
pub(super) fn startup(engine: DbBackend) -> &'static str {
    match engine {
        DbBackend::Postgres => postgres::STARTUP,
        _ => sqlite::STARTUP,
    }
}

/// The rows of arrays on PostgreSQL, one array a column in this order, which are the values of the
/// statement. What is optional and absent comes as the one value that is nothing.
pub(super) fn array_rows(columns: &[(&str, Kind)]) -> String {
    postgres::array_rows(columns)
}

/// Whether `expression` is among the texts of a JSON list, which is the one value of the condition
/// (for `Expr::cust_with_values`, whose placeholders are the engine's).
pub(super) fn is_among(engine: DbBackend, expression: &str) -> String {
    match engine {
        DbBackend::Postgres => postgres::is_among(expression),
        _ => sqlite::is_among(expression),
    }
}

/// Whether `expression` is one of several texts, which are the one value of the statement: an array
/// on PostgreSQL, a JSON list on SQLite.
pub(super) fn is_in_list(engine: DbBackend, expression: &str) -> String {
    match engine {
        DbBackend::Postgres => format!("{expression} = ANY($1)"),
        _ => sqlite::is_among(expression),
    }
}

/// How a transaction that writes begins.
///
/// On SQLite it takes the writer's place at once: one that first reads and then wants to write
/// would fail if another process had written in between. The others ignore that.
pub(super) fn write_transaction() -> TransactionOptions {
    TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    }
}

/// Keeps these products, as far as they exist, from being changed by others until the transaction
/// ends. Only a statement that comes after this one sees them as they then are.
///
/// # Errors
/// The store cannot be read, or was busy for too long.
pub(super) async fn lock_products<'a>(
    tx: &DatabaseTransaction,
    ids: impl IntoIterator<Item = &'a ProductId>,
) -> Result<()> {
    match tx.get_database_backend() {
        DbBackend::Postgres => Ok(postgres::lock_products(tx, ids).await?),
        // There is one writer, and we are it.
        _ => Ok(()),
    }
}

/// Keeps others from changing the tree of categories until the transaction ends.
///
/// # Errors
/// The store cannot be read, or was busy for too long.
pub(super) async fn lock_tree(tx: &DatabaseTransaction) -> Result<()> {
    match tx.get_database_backend() {
        DbBackend::Postgres => Ok(postgres::lock_tree(tx).await?),
        _ => Ok(()),
    }
}

/// Whether transactions of this engine run side by side.
pub(super) fn is_concurrent(engine: DbBackend) -> bool {
    engine == DbBackend::Postgres
}

/// Sees to it that nobody uses a connection again whose transaction would not end.
pub(super) async fn discard_connection(writer: &DatabaseConnection) {
    match writer.get_database_backend() {
        // It is rolled back or closed before anyone else gets it.
        DbBackend::Postgres => {}
        _ => sqlite::discard_connection(writer).await,
    }
}

/// Whether the connection was lost: whatever had not been begun can be begun on another.
pub(super) fn is_gone(error: &DbErr) -> bool {
    failure(error) == Failure::Gone
}

/// What to do about a database that cannot be opened, for whoever starts the service.
pub(super) fn advice(engine: DbBackend, error: &DbErr) -> &'static str {
    let said = database_error(error);
    match engine {
        DbBackend::Postgres => postgres::advice(error, said),
        _ => sqlite::advice(said),
    }
}

/// What a database error means for a caller.
impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match failure(&error) {
            Failure::Full => Self::StoreFull(error.into()),
            Failure::Busy => Self::StoreBusy(Some(error.into())),
            Failure::Raced => Self::Raced(error.into()),
            Failure::Gone | Failure::Broken => Self::Store(error.into()),
        }
    }
}

fn failure(error: &DbErr) -> Failure {
    if matches!(error, DbErr::ConnectionAcquire(_)) {
        return Failure::Busy;
    }
    match sqlx_error(error) {
        Some(sqlx::Error::PoolTimedOut) => Failure::Busy,
        Some(sqlx::Error::Io(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed) => {
            Failure::Gone
        }
        Some(sqlx::Error::Database(said)) => {
            let said = said.as_ref();
            let postgres = said.try_downcast_ref::<sqlx::postgres::PgDatabaseError>();
            postgres.map_or_else(|| sqlite::failure(said), postgres::failure)
        }
        _ => Failure::Broken,
    }
}

fn sqlx_error(error: &DbErr) -> Option<&sqlx::Error> {
    let (DbErr::Conn(runtime) | DbErr::Exec(runtime) | DbErr::Query(runtime)) = error else {
        return None;
    };
    match runtime {
        RuntimeErr::SqlxError(error) => Some(error),
        RuntimeErr::Internal(_) => None,
    }
}

fn database_error(error: &DbErr) -> Option<&dyn DatabaseError> {
    match sqlx_error(error)? {
        sqlx::Error::Database(said) => Some(said.as_ref()),
        _ => None,
    }
}

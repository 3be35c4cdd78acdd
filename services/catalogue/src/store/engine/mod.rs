//! The differences between SQLite and PostgreSQL: opening connections, error codes, and SQL that
//! only one of them supports. SQL that both support is in the other modules of the store.

mod classify;
mod column;
pub(super) mod dialect;
mod failure;
mod metrics;
mod postgres;
mod postgres_feed;
mod postgres_pool;
mod postgres_reader;
mod sqlite;

pub(super) use classify::{damage_reports, is_damage, is_gone};
pub(super) use column::ColumnKind;
pub(super) use metrics::with_metrics;
pub(super) use postgres::{identity, lock_epoch, try_lock_schema, unlock_schema, was_set_back};
pub(super) use postgres_feed::{
    PolledChange, listen, newest_by_sequence, next_transaction, notify, poll_feed,
    receive_notification,
};
pub(super) use postgres_pool::{
    connect_migrations, connect_readers, connect_with_retries, connect_writers,
};
pub(super) use postgres_reader::{READER_LIFETIME, READER_TIMEOUT, ReaderOptions};
pub(super) use sqlite::{open_readers, open_writer};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, TransactionOptions,
};

use self::failure::database_error;
use crate::domain::{ProductId, Result};

/// The expression for a product's category ids in order, separated by spaces (no id contains one).
/// As part of the SELECT of a product it is evaluated in the same snapshot.
///
/// The row holds a copy of its links (`category_list`, `variant_count`) and the content revision of
/// the copy (`links_revision`). An earlier version of the program leaves the copy outdated or NULL;
/// then a subquery reads the link table.
pub(super) fn category_ids(engine: DbBackend) -> &'static str {
    match engine {
        DbBackend::Postgres => postgres::CATEGORY_IDS,
        _ => sqlite::CATEGORY_IDS,
    }
}

/// The expression for a product's variants in order: a JSON list, each item in the form of
/// [`super::rows::json_columns::StoredVariant`]; NULL if the row's copy of its links counts none.
/// Variants are not copied into the row, since their stock changes independently of it.
pub(super) fn variants(engine: DbBackend) -> &'static str {
    match engine {
        DbBackend::Postgres => postgres::VARIANTS,
        _ => sqlite::VARIANTS,
    }
}

/// The statement of `open::startup`. Its columns: the names of the applied migrations, separated by
/// spaces; whether the database can be served without preparation; the feed epoch; the key of page
/// tokens; the newest change and the newest settled one, each as transaction and sequence number.
pub(super) fn startup(engine: DbBackend) -> &'static str {
    match engine {
        DbBackend::Postgres => postgres::STARTUP,
        _ => sqlite::STARTUP,
    }
}

/// The PostgreSQL query that turns arrays, one a column and bound in this order, into rows. It maps
/// the values that [`ColumnKind`] substitutes for NULL back to NULL.
pub(super) fn array_rows(columns: &[(&str, ColumnKind)]) -> String {
    postgres::array_rows(columns)
}

/// The condition that `expression` is an item of a JSON list of texts, which is its only bound value
/// (for `Expr::cust_with_values`, whose placeholders are those of the engine).
pub(super) fn in_json_list(engine: DbBackend, expression: &str) -> String {
    match engine {
        DbBackend::Postgres => postgres::in_json_list(expression),
        _ => sqlite::in_json_list(expression),
    }
}

/// The condition that `expression` is one of several texts, bound as one value: an array on
/// PostgreSQL, a JSON list on SQLite.
pub(super) fn in_bound_list(engine: DbBackend, expression: &str) -> String {
    match engine {
        DbBackend::Postgres => format!("{expression} = ANY($1)"),
        _ => sqlite::in_json_list(expression),
    }
}

/// The options of a writing transaction.
///
/// On SQLite it takes the write lock immediately: a transaction that reads first and writes later
/// fails if another process has written in between. PostgreSQL ignores the option.
pub(super) fn write_transaction() -> TransactionOptions {
    TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    }
}

/// Locks the rows of these products until the transaction ends. Only a later statement sees their
/// current state.
///
/// # Errors
/// The store cannot be read, or the locks were not granted in time.
pub(super) async fn lock_products<'a>(
    tx: &DatabaseTransaction,
    ids: impl IntoIterator<Item = &'a ProductId>,
) -> Result<()> {
    match tx.get_database_backend() {
        DbBackend::Postgres => Ok(postgres::lock_products(tx, ids).await?),
        // This transaction is the only writer.
        _ => Ok(()),
    }
}

/// Locks the category tree until the transaction ends.
///
/// # Errors
/// The store cannot be read, or the lock was not granted in time.
pub(super) async fn lock_tree(tx: &DatabaseTransaction) -> Result<()> {
    match tx.get_database_backend() {
        DbBackend::Postgres => Ok(postgres::lock_tree(tx).await?),
        _ => Ok(()),
    }
}

/// Locks the settings until the transaction ends.
///
/// # Errors
/// The store cannot be read, or the lock was not granted in time.
pub(super) async fn lock_settings(tx: &DatabaseTransaction) -> Result<()> {
    match tx.get_database_backend() {
        DbBackend::Postgres => Ok(postgres::lock_settings(tx).await?),
        _ => Ok(()),
    }
}

/// Whether this engine runs writing transactions concurrently.
pub(super) fn is_concurrent(engine: DbBackend) -> bool {
    engine == DbBackend::Postgres
}

/// Closes the writing connection after its transaction could not be ended.
pub(super) async fn discard_connection(writer: &DatabaseConnection) {
    match writer.get_database_backend() {
        // The pool rolls back or closes the connection before it is used again.
        DbBackend::Postgres => {}
        _ => sqlite::discard_connection(writer).await,
    }
}

/// The remedy for an error of opening the database, for operators.
pub(super) fn advice(engine: DbBackend, error: &DbErr) -> &'static str {
    let database_error = database_error(error);
    match engine {
        DbBackend::Postgres => postgres::advice(error, database_error),
        _ => sqlite::advice(database_error),
    }
}

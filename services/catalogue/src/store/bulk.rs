//! Any number of rows by one statement that never changes.
//!
//! A statement with a placeholder for each value is a text of its own for each number of rows,
//! which costs more to build, to send and to plan than the rows do to write. Here the rows are one
//! value, a JSON text, which the database takes apart.

use std::sync::LazyLock;

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde::Serialize;

use super::{engine, stored::json};
use crate::domain::Result;

/// Rows a statement; bounds the text.
const MAX_ROWS: usize = 500;

/// What a column holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Text,
    Integer,
    BigInteger,
    /// JSON, kept as text. It comes as what it means, not as a text within the text.
    Json,
}

/// An INSERT.
pub(super) struct Insert {
    sqlite: String,
    postgres: String,
}

/// An INSERT that is made when it is first needed.
pub(super) type LazyInsert = LazyLock<Insert>;

impl Insert {
    /// Into these columns of `table`, which the rows have under the same names. `behind` is an ON
    /// CONFLICT clause, or empty.
    pub(super) fn new(table: &str, columns: &[(&str, Kind)], behind: &str) -> Self {
        let names = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let statement = |engine| {
            let rows = engine::json_rows(engine, columns);
            // The condition keeps ON CONFLICT from being read as the condition of a join.
            format!("INSERT INTO {table} ({names}) {rows} WHERE true {behind}")
        };
        Self { sqlite: statement(DbBackend::Sqlite), postgres: statement(DbBackend::Postgres) }
    }

    /// Writes the rows, in their order; how many it has written.
    ///
    /// # Errors
    /// The store refuses, or is busy, full or broken.
    pub(super) async fn run<T: Serialize>(
        &self,
        db: &impl ConnectionTrait,
        rows: &[T],
    ) -> Result<u64> {
        let engine = db.get_database_backend();
        let sql = if engine == DbBackend::Postgres { &self.postgres } else { &self.sqlite };
        let mut written = 0;
        for chunk in rows.chunks(MAX_ROWS) {
            let rows = json(chunk)?;
            let statement = Statement::from_sql_and_values(engine, sql, [rows.into()]);
            written += db.execute_raw(statement).await?.rows_affected();
        }
        Ok(written)
    }
}

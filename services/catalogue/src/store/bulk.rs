//! Any number of rows by statements that never change.
//!
//! A statement with a placeholder for each value is a text of its own for each number of rows,
//! which costs more to build, to send and to plan than the rows do to write. PostgreSQL is given
//! one array a column, however many rows there are. SQLite has no arrays: it is given powers of
//! two of rows, so that a few statements do.

use std::{array, sync::LazyLock};

use sea_orm::{
    ConnectionTrait, DbBackend, Statement, Value,
    sea_query::{ArrayType, Value as SqlValue},
};

use super::engine;
use crate::domain::Result;

/// Rows a statement on PostgreSQL; bounds what is held twice.
const MAX_ROWS: usize = 1_000;
/// Rows of the largest statement on SQLite, as a power of two: more of them are no faster.
const LARGEST: u32 = 6;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// None is NULL. An empty text is none.
    OptionalText,
    Integer,
    BigInteger,
    /// None is NULL. The smallest number there is is none.
    OptionalBigInteger,
}

/// Something that is written as a row.
pub(super) trait Row<const N: usize> {
    /// The columns it is written to, in their order.
    const COLUMNS: [(&'static str, Kind); N];

    /// What it has for each of them.
    ///
    /// # Errors
    /// It cannot be kept.
    fn values(&self) -> Result<[Value; N]>;
}

/// An INSERT of rows with `N` columns.
pub(super) struct Insert<const N: usize> {
    columns: [(&'static str, Kind); N],
    /// Of 1, 2, 4 .. rows.
    sqlite: Vec<String>,
    postgres: String,
}

/// An INSERT that is made when it is first needed.
pub(super) type LazyInsert<const N: usize> = LazyLock<Insert<N>>;

impl<const N: usize> Insert<N> {
    /// Of rows of this kind into `table`. `behind` is an ON CONFLICT clause, or empty.
    pub(super) fn of<R: Row<N>>(table: &str, behind: &str) -> Self {
        let columns = R::COLUMNS;
        let names = columns.map(|(name, _)| name).join(", ");
        let into = format!("INSERT INTO {table} ({names})");
        let row = format!("({})", ["?"; N].join(", "));
        let of_rows = |rows: usize| {
            let rows = vec![row.as_str(); rows].join(", ");
            format!("{into} VALUES {rows} {behind}")
        };
        Self {
            columns,
            sqlite: (0..=LARGEST).map(|power| of_rows(1 << power)).collect(),
            postgres: format!("{into} {} {behind}", engine::array_rows(&columns)),
        }
    }

    /// Writes the rows, in their order; how many it has written.
    ///
    /// # Errors
    /// The store refuses, or is busy, full or broken.
    pub(super) async fn run<R: Row<N>>(
        &self,
        db: &impl ConnectionTrait,
        rows: &[R],
    ) -> Result<u64> {
        let engine = db.get_database_backend();
        let mut written = 0;
        let mut rest = rows;
        while !rest.is_empty() {
            let (sql, count) = match engine {
                DbBackend::Postgres => (&self.postgres, rest.len().min(MAX_ROWS)),
                _ => {
                    let power = rest.len().ilog2().min(LARGEST);
                    (&self.sqlite[power as usize], 1 << power)
                }
            };
            let (now, later) = rest.split_at(count);
            let values = match engine {
                DbBackend::Postgres => self.arrays(now)?,
                _ => now
                    .iter()
                    .map(R::values)
                    .collect::<Result<Vec<_>>>()?
                    .into_iter()
                    .flatten()
                    .collect(),
            };
            let statement = Statement::from_sql_and_values(engine, sql, values);
            written += db.execute_raw(statement).await?.rows_affected();
            rest = later;
        }
        Ok(written)
    }

    /// One array a column. The driver takes none with NULLs in it: see [`engine::array_rows`].
    fn arrays<R: Row<N>>(&self, rows: &[R]) -> Result<Vec<Value>> {
        let mut columns: [Vec<Value>; N] = array::from_fn(|_| Vec::with_capacity(rows.len()));
        for row in rows {
            for (column, value) in columns.iter_mut().zip(row.values()?) {
                column.push(match value {
                    SqlValue::String(None) => String::new().into(),
                    SqlValue::BigInt(None) => i64::MIN.into(),
                    value => value,
                });
            }
        }
        let array = |(values, (_, kind)): (Vec<Value>, (&str, Kind))| {
            let of = match kind {
                Kind::Text | Kind::OptionalText => ArrayType::String,
                Kind::Integer => ArrayType::Int,
                Kind::BigInteger | Kind::OptionalBigInteger => ArrayType::BigInt,
            };
            SqlValue::Array(of, Some(Box::new(values)))
        };
        Ok(columns.into_iter().zip(self.columns).map(array).collect())
    }
}

//! INSERT of any number of rows with a fixed set of SQL texts.
//!
//! One placeholder a value would make another SQL text for each number of rows, which costs more to
//! build, send and plan than the rows cost to write. On PostgreSQL the values are one array a
//! column, however many rows there are. SQLite has no arrays: rows are split into powers of two, so
//! that a few statements suffice.

use std::{array, sync::LazyLock};

use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbBackend, EntityTrait, Iterable as _, Statement, Value,
    sea_query::{ArrayType, Value as SqlValue},
};

use crate::{
    domain::Result,
    store::engine::{self, ColumnKind},
};

/// Values in one statement; below SQLite's limit of 32,766.
const MAX_VALUES: usize = 30_000;
/// Rows in one statement on PostgreSQL; bounds the memory of their second copy, the arrays.
const MAX_ROWS: usize = 1_000;
/// The power of two of the rows in the largest statement on SQLite; larger ones are no faster.
const MAX_POWER: u32 = 6;

/// A value that is inserted as one row.
pub(in crate::store) trait Row<const N: usize> {
    /// The columns, in the order of [`values`](Self::values).
    const COLUMNS: [(&'static str, ColumnKind); N];

    /// The value of each column.
    ///
    /// # Errors
    /// A value cannot be encoded.
    fn values(&self) -> Result<[Value; N]>;
}

/// An INSERT of rows with `N` columns.
pub(in crate::store) struct Insert<const N: usize> {
    columns: [(&'static str, ColumnKind); N],
    /// The SQL for 1, 2, 4, … rows.
    sqlite: Vec<String>,
    postgres: String,
}

/// An INSERT whose SQL is built on first use.
pub(in crate::store) type LazyInsert<const N: usize> = LazyLock<Insert<N>>;

impl<const N: usize> Insert<N> {
    /// The INSERT of `R` rows into `table`. `suffix` is an ON CONFLICT clause, or empty.
    pub(in crate::store) fn new<R: Row<N>>(table: &str, suffix: &str) -> Self {
        let columns = R::COLUMNS;
        let names = columns.map(|(name, _)| name).join(", ");
        let into = format!("INSERT INTO {table} ({names})");
        let row = format!("({})", ["?"; N].join(", "));
        let of_rows = |rows: usize| {
            let rows = vec![row.as_str(); rows].join(", ");
            format!("{into} VALUES {rows} {suffix}")
        };
        Self {
            columns,
            sqlite: (0..=MAX_POWER).map(|power| of_rows(1 << power)).collect(),
            postgres: format!("{into} {} {suffix}", engine::array_rows(&columns)),
        }
    }

    /// Inserts the rows in order, and returns how many rows were inserted or updated.
    ///
    /// # Errors
    /// A constraint is violated; the store is busy, full or broken.
    pub(in crate::store) async fn run<R: Row<N>>(
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
                    let power = rest.len().ilog2().min(MAX_POWER);
                    (&self.sqlite[power as usize], 1 << power)
                }
            };
            let (chunk, tail) = rest.split_at(count);
            let values = match engine {
                DbBackend::Postgres => self.arrays(chunk)?,
                _ => chunk
                    .iter()
                    .map(R::values)
                    .collect::<Result<Vec<_>>>()?
                    .into_iter()
                    .flatten()
                    .collect(),
            };
            let statement = Statement::from_sql_and_values(engine, sql, values);
            written += db.execute_raw(statement).await?.rows_affected();
            rest = tail;
        }
        Ok(written)
    }

    /// One array a column. The driver takes no NULLs in arrays: see [`ColumnKind`].
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
        let array = |(values, (_, kind)): (Vec<Value>, (&str, ColumnKind))| {
            let element = match kind {
                ColumnKind::Text | ColumnKind::OptionalText => ArrayType::String,
                ColumnKind::Integer => ArrayType::Int,
                ColumnKind::BigInteger | ColumnKind::OptionalBigInteger => ArrayType::BigInt,
            };
            SqlValue::Array(element, Some(Box::new(values)))
        };
        Ok(columns.into_iter().zip(self.columns).map(array).collect())
    }
}

/// Inserts entities, in statements of at most [`MAX_VALUES`] values.
pub(in crate::store) async fn insert_models<A>(
    db: &impl ConnectionTrait,
    rows: Vec<A>,
) -> Result<()>
where
    A: ActiveModelTrait + Send,
{
    let columns = <A::Entity as EntityTrait>::Column::iter().count();
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk = rows.by_ref().take(MAX_VALUES / columns);
        A::Entity::insert_many(chunk).exec_without_returning(db).await?;
    }
    Ok(())
}

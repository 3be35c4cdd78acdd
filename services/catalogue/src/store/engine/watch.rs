//! PostgreSQL: what is new in the feed since we last looked, and who is told of it.

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, QueryResult, RuntimeErr, Statement,
    Value,
    sea_query::ArrayType,
    sqlx::{self, postgres::PgListener},
};

use crate::domain::Place;

/// What is said here is said to all processes that have this database open.
const CHANNEL: &str = "catalogue_changes";

/// The state of the feed, and of the transactions that write it.
const STATE: &str = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon, \
    (SELECT value FROM meta WHERE key = 'feed_floor') AS floor, \
    (SELECT value FROM meta WHERE key = 'feed_epoch') AS epoch";
/// The newest change that nothing can come before any more.
const SETTLED: &str = "SELECT xid AS settled_xid, seq AS settled_seq FROM changes \
    WHERE xid < state.horizon ORDER BY xid DESC, seq DESC LIMIT 1";

/// What one statement sees of the feed.
#[derive(Debug)]
pub(in crate::store) struct Look {
    /// All transactions with lower ids have ended.
    pub(in crate::store) horizon: i64,
    /// The newest change that nothing can come before any more, if there is one.
    pub(in crate::store) settled: Place,
    /// As it is kept in the table of settings.
    pub(in crate::store) floor: Option<Vec<u8>>,
    pub(in crate::store) epoch: Option<Vec<u8>>,
    /// Whether the last change that was read before is still there.
    pub(in crate::store) is_continuous: bool,
    /// In the order of their numbers.
    pub(in crate::store) changes: Vec<SeenChange>,
}

/// A change, by what it means for what is kept in memory.
#[derive(Debug)]
pub(in crate::store) struct SeenChange {
    pub(in crate::store) place: Place,
    /// Empty if it is about a category.
    pub(in crate::store) product_id: String,
    /// Whether it is about a category.
    pub(in crate::store) is_category: bool,
    /// Whether a product came, went, or was put into other categories.
    pub(in crate::store) moved: bool,
}

/// The newest change by number, settled or not.
pub(in crate::store) async fn newest_number(db: &DatabaseConnection) -> Result<Place, DbErr> {
    const SQL: &str = "SELECT xid, seq FROM changes ORDER BY seq DESC LIMIT 1";
    let statement = Statement::from_string(DbBackend::Postgres, SQL);
    let Some(row) = db.query_one_raw(statement).await? else { return Ok(Place::default()) };
    Ok(Place { transaction: row.try_get_by_index(0)?, sequence: row.try_get_by_index(1)? })
}

/// The id of a transaction that is over, and higher than that of every one that had begun to write
/// before this was asked.
pub(in crate::store) async fn next_transaction(db: &DatabaseConnection) -> Result<i64, DbErr> {
    const SQL: &str = "SELECT pg_current_xact_id()::text::bigint";
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, SQL)).await?;
    row.ok_or_else(|| DbErr::RecordNotFound("a transaction id".to_owned()))?.try_get_by_index(0)
}

/// Reads the changes behind `last`, by number, and those in the gaps before it: `limit` of them at
/// most, all in one state of the database.
pub(in crate::store) async fn look(
    db: &DatabaseConnection,
    last: Place,
    gaps: impl Iterator<Item = (i64, i64)>,
    limit: usize,
) -> Result<Look, DbErr> {
    const COLUMNS: &str = "xid, seq, product_id, category_id IS NOT NULL AS is_category, \
        op IN (1, 3) OR changed_fields ~ 'category_ids|delete_time|status' AS moved";
    let sql = format!(
        "SELECT state.*, settled.*, \
            $1 = 0 OR EXISTS (SELECT 1 FROM changes WHERE seq = $1 AND xid = $2) AS is_continuous, \
            news.* \
        FROM ({STATE}) AS state \
        LEFT JOIN LATERAL ({SETTLED}) AS settled ON true \
        LEFT JOIN (SELECT {COLUMNS} FROM changes WHERE seq > $1 \
            UNION ALL SELECT {COLUMNS} FROM unnest($3::bigint[], $4::bigint[]) AS gap(a, z) \
                JOIN changes ON seq BETWEEN gap.a AND gap.z \
            ORDER BY seq LIMIT $5) AS news ON true \
        ORDER BY news.seq"
    );
    let (first, end): (Vec<Value>, Vec<Value>) =
        gaps.map(|(a, z)| (Value::from(a), Value::from(z))).unzip();
    let array = |values| Value::Array(ArrayType::BigInt, Some(Box::new(values)));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values =
        [last.sequence.into(), last.transaction.into(), array(first), array(end), limit.into()];
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
    read(&db.query_all_raw(statement).await?)
}

fn read(rows: &[QueryResult]) -> Result<Look, DbErr> {
    let nothing = || DbErr::RecordNotFound("the state of the feed".to_owned());
    let state = rows.first().ok_or_else(nothing)?;
    let settled: (Option<i64>, Option<i64>) =
        (state.try_get("", "settled_xid")?, state.try_get("", "settled_seq")?);
    let place = |(transaction, sequence)| Place { transaction, sequence };
    let mut changes = Vec::with_capacity(rows.len());
    for row in rows {
        // Without news there is one row, for the state alone.
        let Some(sequence) = row.try_get("", "seq")? else { continue };
        changes.push(SeenChange {
            place: Place { transaction: row.try_get("", "xid")?, sequence },
            product_id: row.try_get("", "product_id")?,
            is_category: row.try_get("", "is_category")?,
            moved: row.try_get("", "moved")?,
        });
    }
    Ok(Look {
        horizon: state.try_get("", "horizon")?,
        settled: settled.0.zip(settled.1).map(place).unwrap_or_default(),
        floor: state.try_get("", "floor")?,
        epoch: state.try_get("", "epoch")?,
        is_continuous: state.try_get("", "is_continuous")?,
        changes,
    })
}

/// Begins to listen, on a connection of its own.
pub(in crate::store) async fn listen(db: &DatabaseConnection) -> Result<PgListener, DbErr> {
    let pool = db.get_postgres_connection_pool();
    let mut listener = PgListener::connect_with(pool).await.map_err(failed)?;
    listener.listen(CHANNEL).await.map_err(failed)?;
    Ok(listener)
}

/// Waits until something is said. False if the connection was lost.
pub(in crate::store) async fn hear(listener: &mut PgListener) -> Result<bool, DbErr> {
    Ok(listener.try_recv().await.map_err(failed)?.is_some())
}

/// Tells everyone that there is something new.
pub(in crate::store) async fn tell(db: &DatabaseConnection) -> Result<(), DbErr> {
    db.execute_unprepared(&format!("NOTIFY {CHANNEL}")).await?;
    Ok(())
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}

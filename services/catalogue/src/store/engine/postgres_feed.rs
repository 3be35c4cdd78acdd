//! PostgreSQL: polling the feed for changes of other processes, and their notifications.

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, QueryResult, RuntimeErr, Statement,
    Value,
    sea_query::ArrayType,
    sqlx::{self, postgres::PgListener},
};

use crate::domain::Place;

/// The notification channel of all processes that use this database.
const CHANNEL: &str = "catalogue_changes";

/// The state of the feed and of running transactions.
const STATE: &str = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon, \
    (SELECT value FROM meta WHERE key = 'feed_floor') AS floor, \
    (SELECT value FROM meta WHERE key = 'feed_epoch') AS epoch, \
    (SELECT max(revision) FROM setting_changes) AS setting_revision";
/// The newest settled change.
const SETTLED: &str = "SELECT xid AS settled_xid, seq AS settled_seq FROM changes \
    WHERE xid < state.horizon ORDER BY xid DESC, seq DESC LIMIT 1";

/// The result of a poll, all from one snapshot.
#[derive(Debug)]
pub(in crate::store) struct Poll {
    /// All transactions with lower numbers have ended.
    pub(in crate::store) horizon: i64,
    /// The newest settled change; the default if there is none.
    pub(in crate::store) settled: Place,
    /// The `meta` values of the feed.
    pub(in crate::store) floor: Option<Vec<u8>>,
    pub(in crate::store) epoch: Option<Vec<u8>>,
    /// The newest change of settings.
    pub(in crate::store) setting_revision: Option<i64>,
    /// Whether the last change of the previous poll still exists.
    pub(in crate::store) is_continuous: bool,
    /// In the order of their sequence numbers.
    pub(in crate::store) changes: Vec<PolledChange>,
}

/// A change, reduced to its effects on the state in memory.
#[derive(Debug)]
pub(in crate::store) struct PolledChange {
    pub(in crate::store) place: Place,
    /// Empty for a change of a category.
    pub(in crate::store) product_id: String,
    pub(in crate::store) is_category: bool,
    /// Whether a product was created, deleted, undeleted, or moved to other categories.
    pub(in crate::store) changes_memberships: bool,
}

/// The change with the highest sequence number, settled or not.
pub(in crate::store) async fn newest_by_sequence(db: &DatabaseConnection) -> Result<Place, DbErr> {
    const SQL: &str = "SELECT xid, seq FROM changes ORDER BY seq DESC LIMIT 1";
    let statement = Statement::from_string(DbBackend::Postgres, SQL);
    let Some(row) = db.query_one_raw(statement).await? else { return Ok(Place::default()) };
    Ok(Place { transaction: row.try_get_by_index(0)?, sequence: row.try_get_by_index(1)? })
}

/// Assigns a transaction number and returns it: all transactions that had written before the call have
/// lower ones.
pub(in crate::store) async fn next_transaction(db: &DatabaseConnection) -> Result<i64, DbErr> {
    const SQL: &str = "SELECT pg_current_xact_id()::text::bigint";
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, SQL)).await?;
    row.ok_or_else(|| DbErr::RecordNotFound("a transaction number".to_owned()))?.try_get_by_index(0)
}

/// Reads the changes with sequence numbers after `last`, and those in the `gaps` (first and last
/// numbers) before it; at most `limit`, in one snapshot.
pub(in crate::store) async fn poll_feed(
    db: &DatabaseConnection,
    last: Place,
    gaps: impl Iterator<Item = (i64, i64)>,
    limit: usize,
) -> Result<Poll, DbErr> {
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

fn read(rows: &[QueryResult]) -> Result<Poll, DbErr> {
    let missing = || DbErr::RecordNotFound("the state of the feed".to_owned());
    let state = rows.first().ok_or_else(missing)?;
    let settled: (Option<i64>, Option<i64>) =
        (state.try_get("", "settled_xid")?, state.try_get("", "settled_seq")?);
    let place = |(transaction, sequence)| Place { transaction, sequence };
    let mut changes = Vec::with_capacity(rows.len());
    for row in rows {
        // Without new changes there is one row with the state alone.
        let Some(sequence) = row.try_get("", "seq")? else { continue };
        changes.push(PolledChange {
            place: Place { transaction: row.try_get("", "xid")?, sequence },
            product_id: row.try_get("", "product_id")?,
            is_category: row.try_get("", "is_category")?,
            changes_memberships: row.try_get("", "moved")?,
        });
    }
    Ok(Poll {
        horizon: state.try_get("", "horizon")?,
        settled: settled.0.zip(settled.1).map(place).unwrap_or_default(),
        floor: state.try_get("", "floor")?,
        epoch: state.try_get("", "epoch")?,
        setting_revision: state.try_get("", "setting_revision")?,
        is_continuous: state.try_get("", "is_continuous")?,
        changes,
    })
}

/// Listens for notifications, on a dedicated connection.
pub(in crate::store) async fn listen(db: &DatabaseConnection) -> Result<PgListener, DbErr> {
    let pool = db.get_postgres_connection_pool();
    let mut listener = PgListener::connect_with(pool).await.map_err(connection_error)?;
    listener.listen(CHANNEL).await.map_err(connection_error)?;
    Ok(listener)
}

/// Waits for a notification. False if the connection was lost.
pub(in crate::store) async fn receive_notification(
    listener: &mut PgListener,
) -> Result<bool, DbErr> {
    Ok(listener.try_recv().await.map_err(connection_error)?.is_some())
}

/// Notifies all listeners.
pub(in crate::store) async fn notify(db: &DatabaseConnection) -> Result<(), DbErr> {
    db.execute_unprepared(&format!("NOTIFY {CHANNEL}")).await?;
    Ok(())
}

fn connection_error(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}

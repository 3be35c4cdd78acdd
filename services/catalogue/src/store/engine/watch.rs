//! PostgreSQL: what is new since we last looked, and who is told of it.

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, QueryResult, RuntimeErr, Statement,
    sqlx::{self, postgres::PgListener},
};

/// What is said here is said to all processes that have this database open.
const CHANNEL: &str = "catalogue_changes";

/// What is new in the feed. Other news than before: something has been written.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct News {
    /// The newest change that nothing can come before any more: its transaction and its number.
    settled: (i64, i64),
    /// How many changes are seen behind that one, and the sum of their numbers: they may come in
    /// any order.
    unsettled: (i64, i64),
    /// Whether categories were changed, as far back as the last news.
    pub(in crate::store) categories: bool,
    /// Whether products came, went, or were put into other categories.
    pub(in crate::store) memberships: bool,
}

/// What is new since `known`. The first news is that everything is.
///
/// Changes behind the newest settled one are looked at each time, as they come; a transaction that
/// stays open keeps them unsettled, and many of them are not looked at before it ends.
pub(in crate::store) async fn news(db: &DatabaseConnection, known: News) -> Result<News, DbErr> {
    const SQL: &str = "WITH news AS ( \
            SELECT xid, seq, op, category_id, changed_fields, \
                xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS settled \
            FROM changes WHERE (xid, seq) > ($1, $2) ORDER BY xid, seq LIMIT 20000) \
        SELECT (SELECT xid FROM news WHERE settled ORDER BY xid DESC, seq DESC LIMIT 1), \
            (SELECT seq FROM news WHERE settled ORDER BY xid DESC, seq DESC LIMIT 1), \
            count(*) FILTER (WHERE NOT settled), \
            coalesce(sum(seq) FILTER (WHERE NOT settled), 0)::bigint, \
            coalesce(bool_or(category_id IS NOT NULL), false), \
            coalesce(bool_or(op IN (1, 3) OR changed_fields ~ 'category_ids|delete_time|status'), \
                false) \
        FROM news";
    let known = if known == News::default() { newest(db).await? } else { known };
    let values = [known.settled.0.into(), known.settled.1.into()];
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, SQL, values);
    let Some(row) = db.query_one_raw(statement).await? else { return Ok(known) };
    read(&row, known)
}

/// Where to begin: before the oldest transaction that is still open.
async fn newest(db: &DatabaseConnection) -> Result<News, DbErr> {
    const SQL: &str = "SELECT xid, seq FROM changes \
        WHERE xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint \
        ORDER BY xid DESC, seq DESC LIMIT 1";
    let statement = Statement::from_string(DbBackend::Postgres, SQL);
    let settled = match db.query_one_raw(statement).await? {
        Some(row) => (row.try_get_by_index(0)?, row.try_get_by_index(1)?),
        None => (0, 0),
    };
    // Whatever was kept in memory before is read again.
    Ok(News { settled, unsettled: (0, 0), categories: true, memberships: true })
}

fn read(row: &QueryResult, known: News) -> Result<News, DbErr> {
    let settled: (Option<i64>, Option<i64>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    let unsettled = (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
    let settled = settled.0.zip(settled.1).unwrap_or(known.settled);
    if (settled, unsettled) == (known.settled, known.unsettled) {
        return Ok(known);
    }
    let (categories, memberships) = (row.try_get_by_index(4)?, row.try_get_by_index(5)?);
    Ok(News { settled, unsettled, categories, memberships })
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

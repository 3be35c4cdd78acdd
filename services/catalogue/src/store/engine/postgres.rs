//! PostgreSQL: its SQL, the locks of concurrent transactions, and its error codes.

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, Statement,
    sqlx::{self, error::DatabaseError, postgres::PgDatabaseError},
};

use super::{
    column::ColumnKind,
    failure::{Failure, sqlx_error},
};
use crate::domain::ProductId;

/// See [`super::category_ids`].
pub(super) const CATEGORY_IDS: &str = "CASE WHEN links_revision = content_revision \
    THEN category_list ELSE (SELECT string_agg(m.category_id, ' ' ORDER BY m.position) \
    FROM product_categories m WHERE m.product_id = products.id) END";

/// See [`super::variants`].
pub(super) const VARIANTS: &str = "CASE WHEN links_revision = content_revision \
    AND variant_count = 0 THEN NULL ELSE (SELECT coalesce(json_agg(json_build_array(v.sku, v.gtin, \
    v.option_values::json, v.price_minor, v.currency, v.stock_qty, v.offer, v.media_url) ORDER BY v.position), '[]')::text \
    FROM product_variants v WHERE v.product_id = products.id) END";

/// See [`super::startup`]. A database that was restored, copied or set back, or that cannot be
/// written, must be prepared first; [`identity`] and [`was_set_back`] explain the conditions. The
/// statement fails if the user may not read the cluster's system identifier.
pub(super) const STARTUP: &str = "WITH newest AS ( \
        SELECT xid, seq FROM changes ORDER BY xid DESC, seq DESC LIMIT 1), \
    settled AS ( \
        SELECT xid, seq FROM changes \
        WHERE xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint \
        ORDER BY xid DESC, seq DESC LIMIT 1) \
    SELECT (SELECT string_agg(version, ' ') FROM seaql_migrations), \
        current_setting('transaction_read_only') = 'off' \
        AND coalesce((SELECT value FROM meta WHERE key = 'feed_database') = convert_to( \
            (SELECT system_identifier FROM pg_control_system())::text || ':' || \
            (SELECT oid FROM pg_database WHERE datname = current_database())::text, 'UTF8'), false) \
        AND coalesce((SELECT max(xid) FROM changes) \
            < pg_snapshot_xmax(pg_current_snapshot())::text::bigint, true), \
        (SELECT value FROM meta WHERE key = 'feed_epoch'), \
        (SELECT value FROM meta WHERE key = 'page_token_key'), \
        (SELECT xid FROM newest), (SELECT seq FROM newest), \
        (SELECT xid FROM settled), (SELECT seq FROM settled)";

/// The advisory lock for changing the category tree: "tree" in ASCII.
const TREE_LOCK: i64 = 0x7472_6565;
/// The advisory lock for beginning a new feed epoch: "epoch" in ASCII.
const EPOCH_LOCK: i64 = 0x65_706f_6368;
/// The advisory lock for writing settings: "sets" in ASCII.
const SETTINGS_LOCK: i64 = 0x7365_7473;
/// The advisory lock for migrating: "tables" in ASCII.
const SCHEMA_LOCK: i64 = 0x7461_626c_6573;

/// See [`super::array_rows`].
pub(super) fn array_rows(columns: &[(&str, ColumnKind)]) -> String {
    let value = |(name, kind): &(&str, ColumnKind)| match kind {
        ColumnKind::Text | ColumnKind::Integer | ColumnKind::BigInteger => format!("r.{name}"),
        ColumnKind::OptionalText => format!("nullif(r.{name}, '')"),
        ColumnKind::OptionalBigInteger => format!("nullif(r.{name}, {})", i64::MIN),
    };
    let array = |(place, (_, kind)): (usize, &(&str, ColumnKind))| match kind {
        ColumnKind::Text | ColumnKind::OptionalText => format!("${place}::text[]"),
        ColumnKind::Integer => format!("${place}::integer[]"),
        ColumnKind::BigInteger | ColumnKind::OptionalBigInteger => format!("${place}::bigint[]"),
    };
    let values = columns.iter().map(value).collect::<Vec<_>>().join(", ");
    let arrays = (1..).zip(columns).map(array).collect::<Vec<_>>().join(", ");
    let names = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    format!("SELECT {values} FROM unnest({arrays}) AS r({names})")
}

/// See [`super::in_json_list`]. An array rather than a subquery: the planner cannot estimate the
/// number of items of a list, and might scan the whole table.
pub(super) fn in_json_list(expression: &str) -> String {
    format!("{expression} = ANY(ARRAY(SELECT json_array_elements_text($1::json)))")
}

/// Takes the migration lock for this connection, if it is free.
pub(in crate::store) async fn try_lock_schema(db: &DatabaseConnection) -> Result<bool, DbErr> {
    const SQL: &str = "SELECT pg_try_advisory_lock($1)";
    let lock = [SCHEMA_LOCK.into()];
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, SQL, lock);
    db.query_one_raw(statement).await?.map_or(Ok(false), |row| row.try_get_by_index(0))
}

/// Releases the migration lock.
pub(in crate::store) async fn unlock_schema(db: &DatabaseConnection) -> Result<(), DbErr> {
    const SQL: &str = "SELECT pg_advisory_unlock($1)";
    let lock = [SCHEMA_LOCK.into()];
    db.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, SQL, lock)).await?;
    Ok(())
}

/// Locks the feed epoch until the transaction ends.
pub(in crate::store) async fn lock_epoch(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    lock_until_end(tx, EPOCH_LOCK).await
}

/// The identity of this database. Copies and databases restored from a dump have another one;
/// physical replicas have the same.
pub(in crate::store) async fn identity(tx: &DatabaseTransaction) -> Result<String, DbErr> {
    // Not every user may read the cluster's system identifier, and not every server has one.
    const MAY_READ_CLUSTER: &str =
        "SELECT has_function_privilege('pg_control_system()', 'EXECUTE')";
    const WITH_CLUSTER: &str = "SELECT (SELECT system_identifier FROM pg_control_system())::text \
        || ':' || oid::text FROM pg_database WHERE datname = current_database()";
    const WITHOUT_CLUSTER: &str =
        "SELECT oid::text FROM pg_database WHERE datname = current_database()";
    let row = async |sql: &str| {
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        let row = tx.query_one_raw(statement).await?;
        row.ok_or_else(|| DbErr::Custom("the current database is not in pg_database".to_owned()))
    };
    let may: bool = row(MAY_READ_CLUSTER).await?.try_get_by_index(0)?;
    row(if may { WITH_CLUSTER } else { WITHOUT_CLUSTER }).await?.try_get_by_index(0)
}

/// Whether the database was set back: a change has a transaction number that is still to be assigned.
pub(in crate::store) async fn was_set_back(tx: &DatabaseTransaction) -> Result<bool, DbErr> {
    const SQL: &str = "SELECT coalesce((SELECT max(xid) FROM changes) \
        >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint, false)";
    let row = tx.query_one_raw(Statement::from_string(DbBackend::Postgres, SQL)).await?;
    row.map_or(Ok(false), |row| row.try_get_by_index(0))
}

/// See [`super::lock_products`]. In the order of ids, which rules out deadlocks.
pub(super) async fn lock_products<'a>(
    tx: &DatabaseTransaction,
    ids: impl IntoIterator<Item = &'a ProductId>,
) -> Result<(), DbErr> {
    const SQL: &str = "SELECT id FROM products WHERE id = ANY(string_to_array($1, ' ')) \
        ORDER BY id FOR UPDATE";
    // No id contains a space.
    let ids: Vec<&str> = ids.into_iter().map(ProductId::as_str).collect();
    let ids = ids.join(" ");
    tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, SQL, [ids.into()])).await?;
    Ok(())
}

/// See [`super::lock_tree`].
pub(super) async fn lock_tree(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    lock_until_end(tx, TREE_LOCK).await
}

/// See [`super::lock_settings`].
pub(super) async fn lock_settings(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    lock_until_end(tx, SETTINGS_LOCK).await
}

/// Takes an advisory lock until the transaction ends.
async fn lock_until_end(tx: &DatabaseTransaction, lock: i64) -> Result<(), DbErr> {
    const SQL: &str = "SELECT pg_advisory_xact_lock($1)";
    let lock = [lock.into()];
    tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, SQL, lock)).await?;
    Ok(())
}

/// Classifies an error by its SQLSTATE code
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
pub(super) fn failure(error: &PgDatabaseError) -> Failure {
    match error.code() {
        // Serialization failure, deadlock; a row that a concurrent transaction has just inserted
        // (unique violation), deleted or referenced (foreign key violation).
        "40001" | "40P01" | "23505" | "23503" => Failure::Raced,
        // Disk full, out of memory.
        "53100" | "53200" => Failure::Full,
        // Too many connections, cannot connect now, lock not available, query canceled.
        "53300" | "57P03" | "55P03" | "57014" => Failure::Busy,
        // Shutdown, crash, idle transaction timeout.
        "57P01" | "57P02" | "57P04" | "57P05" | "25P03" => Failure::Gone,
        // Data corrupted, index corrupted.
        "XX001" | "XX002" => Failure::Damaged,
        // Invalid text representation: a stored text is not the JSON that it is cast to.
        "22P02" => Failure::Unreadable,
        code if code.starts_with("08") => Failure::Gone,
        _ => Failure::Other,
    }
}

/// See [`super::advice`].
pub(super) fn advice(error: &DbErr, database_error: Option<&dyn DatabaseError>) -> &'static str {
    let code = database_error.and_then(DatabaseError::code);
    match code.as_deref() {
        Some("28P01" | "28000") => "the user or password of --database-url was rejected",
        Some("3D000") => "the database of --database-url does not exist; create it first",
        Some("42501") => "its user may not create or change the tables; grant it the schema",
        Some("53300") => "the server has no free connection; raise its max_connections",
        Some("25006") => "the server is a replica that cannot be written; name the primary",
        Some(_) => "the server rejected the connection",
        None => match sqlx_error(error) {
            Some(sqlx::Error::Tls(_)) => "no secure connection; check sslmode and sslrootcert",
            Some(sqlx::Error::Configuration(_)) => "--database-url is not a URL of PostgreSQL",
            _ => "the server does not respond; is it running, and --database-url right?",
        },
    }
}

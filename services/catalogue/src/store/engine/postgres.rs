//! PostgreSQL: its SQL, the locks of transactions side by side, and what its errors mean.

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, Statement,
    sqlx::{self, error::DatabaseError, postgres::PgDatabaseError},
};

use super::{Failure, Kind};
use crate::domain::ProductId;

/// See [`super::category_ids`].
pub(super) const CATEGORY_IDS: &str = "CASE WHEN links_revision = content_revision \
    THEN category_list ELSE (SELECT string_agg(m.category_id, ' ' ORDER BY m.position) \
    FROM product_categories m WHERE m.product_id = products.id) END";

/// See [`super::variants`].
pub(super) const VARIANTS: &str = "CASE WHEN links_revision = content_revision \
    AND variant_count = 0 THEN NULL ELSE (SELECT coalesce(json_agg(json_build_array(v.sku, v.gtin, \
    v.option_values::json, v.price_minor, v.currency, v.stock_qty) ORDER BY v.position), '[]')::text \
    FROM product_variants v WHERE v.product_id = products.id) END";

/// See [`super::startup`]. A database that was restored or copied, was set back, or cannot be
/// written must not be served as it is; the parts of this are explained at [`identity`] and
/// [`was_set_back`]. Fails where the user may not read the cluster's number.
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

/// Whoever changes the tree of categories holds this advisory lock: "tree".
const TREE_LOCK: i64 = 0x7472_6565;
/// Whoever begins a new feed holds this one: "epoch".
const EPOCH_LOCK: i64 = 0x65_706f_6368;
/// Whoever changes the tables holds this one: "tables".
const TABLES_LOCK: i64 = 0x7461_626c_6573;

/// See [`super::array_rows`].
pub(super) fn array_rows(columns: &[(&str, Kind)]) -> String {
    let value = |(name, kind): &(&str, Kind)| match kind {
        Kind::Text | Kind::Integer | Kind::BigInteger => format!("r.{name}"),
        Kind::OptionalText => format!("nullif(r.{name}, '')"),
        Kind::OptionalBigInteger => format!("nullif(r.{name}, {})", i64::MIN),
    };
    let array = |(place, (_, kind)): (usize, &(&str, Kind))| match kind {
        Kind::Text | Kind::OptionalText => format!("${place}::text[]"),
        Kind::Integer => format!("${place}::integer[]"),
        Kind::BigInteger | Kind::OptionalBigInteger => format!("${place}::bigint[]"),
    };
    let values = columns.iter().map(value).collect::<Vec<_>>().join(", ");
    let arrays = (1..).zip(columns).map(array).collect::<Vec<_>>().join(", ");
    let names = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    format!("SELECT {values} FROM unnest({arrays}) AS r({names})")
}

/// See [`super::is_among`]. An array, and not a subquery, since the planner has no idea how many
/// a list has, and might read the whole table for it.
pub(super) fn is_among(expression: &str) -> String {
    format!("{expression} = ANY(ARRAY(SELECT json_array_elements_text($1::json)))")
}

/// Takes the lock of the tables for this connection, if it is free.
pub(in crate::store) async fn try_claim_tables(db: &DatabaseConnection) -> Result<bool, DbErr> {
    const SQL: &str = "SELECT pg_try_advisory_lock($1)";
    let lock = [TABLES_LOCK.into()];
    let claim = Statement::from_sql_and_values(DbBackend::Postgres, SQL, lock);
    db.query_one_raw(claim).await?.map_or(Ok(false), |row| row.try_get_by_index(0))
}

/// Gives it back.
pub(in crate::store) async fn release_tables(db: &DatabaseConnection) -> Result<(), DbErr> {
    const SQL: &str = "SELECT pg_advisory_unlock($1)";
    let lock = [TABLES_LOCK.into()];
    db.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, SQL, lock)).await?;
    Ok(())
}

/// Keeps others from beginning a new epoch beside this transaction.
pub(in crate::store) async fn lock_epoch(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    const SQL: &str = "SELECT pg_advisory_xact_lock($1)";
    let lock = [EPOCH_LOCK.into()];
    tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, SQL, lock)).await?;
    Ok(())
}

/// Tells this database from every other one, its copies and what is restored from a dump of it;
/// not from its physical replicas, which are the same.
pub(in crate::store) async fn identity(tx: &DatabaseTransaction) -> Result<String, DbErr> {
    // Not everyone may read the cluster's own number, and not every server has one.
    const CLUSTER: &str = "SELECT has_function_privilege('pg_control_system()', 'EXECUTE')";
    const WITH_CLUSTER: &str = "SELECT (SELECT system_identifier FROM pg_control_system())::text \
        || ':' || oid::text FROM pg_database WHERE datname = current_database()";
    const ALONE: &str = "SELECT oid::text FROM pg_database WHERE datname = current_database()";
    let text = async |sql: &str| {
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        let row = tx.query_one_raw(statement).await?;
        row.ok_or_else(|| DbErr::Custom("the database does not know itself".to_owned()))
    };
    let may: bool = text(CLUSTER).await?.try_get_by_index(0)?;
    text(if may { WITH_CLUSTER } else { ALONE }).await?.try_get_by_index(0)
}

/// Whether a change is of a transaction that is yet to come.
pub(in crate::store) async fn was_set_back(tx: &DatabaseTransaction) -> Result<bool, DbErr> {
    const SQL: &str = "SELECT coalesce((SELECT max(xid) FROM changes) \
        >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint, false)";
    let row = tx.query_one_raw(Statement::from_string(DbBackend::Postgres, SQL)).await?;
    row.map_or(Ok(false), |row| row.try_get_by_index(0))
}

/// See [`super::lock_products`]. In one order, so that no two wait for each other.
pub(super) async fn lock_products<'a>(
    tx: &DatabaseTransaction,
    ids: impl IntoIterator<Item = &'a ProductId>,
) -> Result<(), DbErr> {
    const SQL: &str = "SELECT id FROM products WHERE id = ANY(string_to_array($1, ' ')) \
        ORDER BY id FOR UPDATE";
    // No id has a blank.
    let ids: Vec<&str> = ids.into_iter().map(ProductId::as_str).collect();
    let ids = ids.join(" ");
    tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, SQL, [ids.into()])).await?;
    Ok(())
}

/// See [`super::lock_tree`].
pub(super) async fn lock_tree(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    const SQL: &str = "SELECT pg_advisory_xact_lock($1)";
    let lock = [TREE_LOCK.into()];
    tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, SQL, lock)).await?;
    Ok(())
}

/// What has become of a statement of which this was said
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
pub(super) fn failure(said: &PgDatabaseError) -> Failure {
    match said.code() {
        // Serialization failure, deadlock; a row that another transaction has just added
        // (unique), removed or begun to refer to (foreign key).
        "40001" | "40P01" | "23505" | "23503" => Failure::Raced,
        // Disk full, out of memory.
        "53100" | "53200" => Failure::Full,
        // Too many connections, still starting, lock not available, statement took too long.
        "53300" | "57P03" | "55P03" | "57014" => Failure::Busy,
        // Shut down, crashed, or it let an idle transaction's session go.
        "57P01" | "57P02" | "57P04" | "57P05" | "25P03" => Failure::Gone,
        code if code.starts_with("08") => Failure::Gone,
        _ => Failure::Broken,
    }
}

/// See [`super::advice`].
pub(super) fn advice(error: &DbErr, said: Option<&dyn DatabaseError>) -> &'static str {
    let code = said.and_then(DatabaseError::code);
    match code.as_deref() {
        Some("28P01" | "28000") => "the user or password of --database-url was refused",
        Some("3D000") => "the database of --database-url does not exist; create it first",
        Some("42501") => "its user may not create or change the tables; grant it the schema",
        Some("53300") => "the server has no connection left for us; raise max_connections there",
        Some("25006") => "the server is a replica that cannot be written; name the primary",
        Some(_) => "the server refused",
        None => match super::sqlx_error(error) {
            Some(sqlx::Error::Tls(_)) => "no secure connection; check sslmode and sslrootcert",
            Some(sqlx::Error::Configuration(_)) => "--database-url is not a URL of PostgreSQL",
            _ => "the server does not answer; is it running, and --database-url right?",
        },
    }
}

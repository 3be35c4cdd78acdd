//! PostgreSQL: a server, transactions side by side, and replicas of us beside us.

use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DatabaseTransaction,
    DbBackend, DbErr, Statement,
    sqlx::{
        self, Executor as _,
        error::DatabaseError,
        postgres::{PgDatabaseError, PgPoolOptions},
    },
};
use tokio::time::{Instant, sleep};

use super::Failure;
use crate::domain::ProductId;

/// See [`super::category_ids`].
pub(super) const CATEGORY_IDS: &str = "(SELECT string_agg(m.category_id, ' ' ORDER BY m.position) \
    FROM product_categories m WHERE m.product_id = products.id)";

/// See [`super::variants`].
pub(super) const VARIANTS: &str = "(SELECT coalesce(json_agg(json_build_array(v.sku, v.gtin, \
    v.option_values::json, v.price_minor, v.currency, v.stock_qty) ORDER BY v.position), '[]')::text \
    FROM product_variants v WHERE v.product_id = products.id)";

/// How long a caller waits for a connection before it is told that the store is busy.
const ACQUIRE: Duration = Duration::from_secs(2);
/// A statement that takes longer is given up; none of ours does in a healthy database.
const STATEMENT: &str = "30s";
/// How long one waits for a row that another transaction holds.
const LOCK: &str = "10s";
/// A transaction that does nothing for so long has lost its owner. Open ones hold up the feed.
const IDLE_TRANSACTION: &str = "30s";
/// A connection that was idle for so long is tried before it is used: the server may have been
/// restarted meanwhile.
const TRUSTED: Duration = Duration::from_secs(1);
/// Connections are renewed after so long, for servers behind an address that moves.
const LIFETIME: Duration = Duration::from_secs(30 * 60);
const IDLE: Duration = Duration::from_secs(10 * 60);
/// How often a database that does not answer is tried again, and how often that is said.
const RETRY_EVERY: Duration = Duration::from_millis(300);
const SAY_EVERY: Duration = Duration::from_secs(5);

/// Whoever changes the tree of categories holds this advisory lock: "tree".
const TREE_LOCK: i64 = 0x7472_6565;
/// Whoever changes the tables holds this one: "tables".
const TABLES_LOCK: i64 = 0x7461_626c_6573;

/// Waits until the database at `url` lets us in, saying so, for at most `patience`. What will not
/// heal by waiting, such as a wrong password, is not waited for.
pub(in crate::store) async fn reach(url: &str, patience: Duration) -> Result<(), DbErr> {
    let begun = Instant::now();
    let mut said: Option<Instant> = None;
    loop {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).acquire_timeout(ACQUIRE).sqlx_logging(false);
        let error = match Database::connect(options).await {
            Ok(connection) => return connection.close().await,
            Err(error) => error,
        };
        let may_heal = matches!(super::failure(&error), Failure::Gone | Failure::Busy);
        if !may_heal || begun.elapsed() + RETRY_EVERY > patience {
            return Err(error);
        }
        if said.is_none_or(|said| said.elapsed() >= SAY_EVERY) {
            said = Some(Instant::now());
            let (waited_s, limit_s) = (begun.elapsed().as_secs(), patience.as_secs());
            tracing::info!(waited_s, limit_s, %error, "waiting for the database");
        }
        sleep(RETRY_EVERY).await;
    }
}

/// Opens the connections that write. What a cancelled caller may have left open on one is rolled
/// back before the next caller gets it: the driver forgets a BEGIN that nobody waited for
/// (launchbadge/sqlx#4393), and everything after it would be acknowledged and lost.
pub(in crate::store) async fn connect_writers(
    url: &str,
    connections: u32,
) -> Result<DatabaseConnection, DbErr> {
    connect(url, connections, &[], |pool| {
        pool.after_release(|connection, _| {
            Box::pin(async move {
                connection.execute("ROLLBACK").await?;
                Ok(true)
            })
        })
    })
    .await
}

/// Opens the connections that read. Each statement is on its own there, never in a transaction.
pub(in crate::store) async fn connect_readers(
    url: &str,
    connections: u32,
) -> Result<DatabaseConnection, DbErr> {
    let read_only = [("default_transaction_read_only", "on")];
    connect(url, connections, &read_only, |pool| pool).await
}

/// Opens the one connection that changes tables, and may take its time.
pub(in crate::store) async fn connect_migrations(url: &str) -> Result<DatabaseConnection, DbErr> {
    let patient = [("statement_timeout", "0"), ("idle_in_transaction_session_timeout", "0")];
    connect(url, 1, &patient, |pool| pool.max_lifetime(None).idle_timeout(None)).await
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

async fn connect(
    url: &str,
    connections: u32,
    settings: &[(&'static str, &'static str)],
    with: impl Fn(PgPoolOptions) -> PgPoolOptions + Send + Sync + 'static,
) -> Result<DatabaseConnection, DbErr> {
    let mut all = vec![
        ("statement_timeout", STATEMENT),
        ("lock_timeout", LOCK),
        ("idle_in_transaction_session_timeout", IDLE_TRANSACTION),
        // A ROLLBACK to be sure is no reason for a warning.
        ("client_min_messages", "error"),
    ];
    all.extend(settings);
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections.max(1))
        .min_connections(1)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .test_before_acquire_if_idle_for(TRUSTED)
        .idle_timeout(IDLE)
        .max_lifetime(LIFETIME)
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(move |options| {
            options.application_name("catalogue").options(all.iter().copied())
        })
        .map_sqlx_postgres_pool_opts(with);
    Database::connect(options).await
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

//! PostgreSQL: connection pools and their settings.

use std::time::Duration;

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbErr, RuntimeErr,
    sqlx::{self, Connection as _, Executor as _, PgConnection, postgres::PgPoolOptions},
};
use tokio::time::{Instant, sleep, timeout};

use super::{
    classify::failure,
    failure::Failure,
    postgres_session::{NO_TIMEOUTS, READ_ONLY, Settings, WRITER, prepare},
    postgres_target::Target,
};

/// How long to wait for a free connection before the store is reported as busy.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);
/// A connection that was idle for longer is tested before it is used: the server may have been
/// restarted.
const TEST_AFTER_IDLE: Duration = Duration::from_secs(1);
/// The maximum age of a connection, so that connections follow a DNS name that moves.
pub(super) const MAX_LIFETIME: Duration = Duration::from_secs(30 * 60);
const IDLE_TIMEOUT: Duration = Duration::from_secs(10 * 60);
/// How long a statement of a cancelled request may run on before its connection is closed.
const CANCEL_GRACE: Duration = Duration::from_millis(20);
/// The intervals of connecting to an unavailable database, and of logging it.
const RETRY_INTERVAL: Duration = Duration::from_millis(300);
const LOG_INTERVAL: Duration = Duration::from_secs(5);

/// Connects by `connect`, with retries for at most `limit` while the database is unavailable, and logs
/// that it waits. Permanent errors, such as a wrong password, are not retried.
pub(in crate::store) async fn connect_with_retries<T>(
    limit: Duration,
    connect: impl AsyncFn() -> Result<T, DbErr>,
) -> Result<T, DbErr> {
    let started = Instant::now();
    let mut logged: Option<Instant> = None;
    loop {
        let error = match connect().await {
            Ok(connected) => return Ok(connected),
            Err(error) => error,
        };
        let is_transient = matches!(failure(&error), Failure::Gone | Failure::Busy);
        if !is_transient || started.elapsed() + RETRY_INTERVAL > limit {
            return Err(error);
        }
        if logged.is_none_or(|at| at.elapsed() >= LOG_INTERVAL) {
            logged = Some(Instant::now());
            let (waited_s, limit_s) = (started.elapsed().as_secs(), limit.as_secs());
            tracing::info!(waited_s, limit_s, %error, "waiting for the database");
        }
        sleep(RETRY_INTERVAL).await;
    }
}

/// Looks for the wanted server, if there are several.
///
/// # Errors
/// There is none.
pub(in crate::store) async fn locate(target: &Target) -> Result<(), DbErr> {
    let located = target.locate().await.map(drop);
    located.map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(error.into())))
}

/// Opens the pool of writing connections. A released connection is rolled back before it is used
/// again: the driver forgets a BEGIN whose future was dropped (launchbadge/sqlx#4393), and later
/// statements on it would be acknowledged and lost.
pub(in crate::store) async fn connect_writers(
    target: &Target,
    connections: u32,
) -> Result<DatabaseConnection, DbErr> {
    let options = options(target, connections, &WRITER, |pool| {
        pool.after_release(|connection, _| {
            Box::pin(async move {
                connection.execute("ROLLBACK").await?;
                Ok(true)
            })
        })
    });
    Database::connect(options).await
}

/// Creates a pool of reading connections, each opened on first use, so that the database need not be
/// available yet. Statements on them run outside of transactions.
pub(in crate::store) async fn connect_readers(
    target: &Target,
    connections: u32,
) -> Result<DatabaseConnection, DbErr> {
    // Statements are cancelled with their requests. Otherwise the driver would wait for the end of a
    // cancelled statement, and block the connection.
    let mut options = options(target, connections, &READ_ONLY, |pool| {
        pool.after_release(|connection, _| Box::pin(is_reusable(connection)))
    });
    options.min_connections(0).connect_lazy(true);
    Database::connect(options).await
}

/// Opens the connection for migrations, without statement timeouts.
pub(in crate::store) async fn connect_migrations(
    target: &Target,
) -> Result<DatabaseConnection, DbErr> {
    let mut options = options(target, 1, &NO_TIMEOUTS, |pool| pool);
    options.max_lifetime(None).idle_timeout(None);
    Database::connect(options).await
}

/// Whether the last statement has ended, so that the connection can be used again. Returns
/// immediately if its result was read to the end.
async fn is_reusable(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    match timeout(CANCEL_GRACE, connection.flush()).await {
        Ok(flushed) => flushed.map(|()| true),
        Err(_elapsed) => Ok(false),
    }
}

/// The options of a pool whose connections have these settings, and what `more` adds.
fn options(
    target: &Target,
    connections: u32,
    settings: &'static Settings,
    more: fn(PgPoolOptions) -> PgPoolOptions,
) -> ConnectOptions {
    // The address is the target's; this one only names the engine.
    let mut options = ConnectOptions::new("postgres://");
    let (target, current) = (target.clone(), target.options());
    options
        .max_connections(connections.max(1))
        .min_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .test_before_acquire_if_idle_for(TEST_AFTER_IDLE)
        .idle_timeout(IDLE_TIMEOUT)
        .max_lifetime(MAX_LIFETIME)
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(move |_| current.clone())
        .map_sqlx_postgres_pool_opts(move |pool| {
            let target = target.clone();
            more(pool).after_connect(move |connection, _| {
                let target = target.clone();
                Box::pin(async move { prepare(&target, connection, settings).await })
            })
        });
    options
}

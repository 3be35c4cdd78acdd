//! PostgreSQL: connection pools and their settings.

use std::time::Duration;

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbErr,
    sqlx::{self, Connection as _, Executor as _, PgConnection},
};
use tokio::time::{Instant, sleep, timeout};

use super::{classify::failure, failure::Failure};

/// How long to wait for a free connection before the store is reported as busy.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);
/// The timeout of a statement; none takes as long in a healthy database.
const STATEMENT_TIMEOUT: &str = "30s";
/// The timeout of waiting for a row lock.
const LOCK_TIMEOUT: &str = "10s";
/// The timeout of an idle transaction: its process has probably died. Open transactions keep changes from being
/// settled.
const IDLE_TRANSACTION_TIMEOUT: &str = "30s";
/// A connection that was idle for longer is tested before it is used: the server may have been
/// restarted.
const TEST_AFTER_IDLE: Duration = Duration::from_secs(1);
/// The maximum age of a connection, so that connections follow a DNS name that moves.
pub(super) const MAX_LIFETIME: Duration = Duration::from_secs(30 * 60);
const IDLE_TIMEOUT: Duration = Duration::from_secs(10 * 60);
/// How long a statement of a cancelled request may run on before its connection is closed.
const CANCEL_GRACE: Duration = Duration::from_millis(20);
/// How often the server checks, while a statement runs, whether the client is still connected:
/// PostgreSQL 14 or later, not on every operating system.
const SET_CHECK_INTERVAL: &str =
    "SELECT set_config('client_connection_check_interval', '50ms', false)";
const CHECKS_SINCE_VERSION: u32 = 14_00_00;
/// The intervals of connecting to an unavailable database, and of logging it.
const RETRY_INTERVAL: Duration = Duration::from_millis(300);
const LOG_INTERVAL: Duration = Duration::from_secs(5);

/// Run-time parameters of a connection.
pub(super) type Parameters = [(&'static str, &'static str)];

/// Rejects writes on reading connections, as a second line of defence against injected SQL.
pub(super) const READ_ONLY: [(&str, &str); 1] = [("default_transaction_read_only", "on")];

/// Connects by `connect`, with retries for at most `limit` while the database is unavailable, and logs
/// that it waits. Permanent errors, such as a wrong password, are not retried.
pub(in crate::store) async fn connect_with_retries<T, Fut>(
    limit: Duration,
    connect: impl Fn() -> Fut,
) -> Result<T, DbErr>
where
    Fut: Future<Output = Result<T, DbErr>>,
{
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

/// Opens the pool of writing connections. A released connection is rolled back before it is used
/// again: the driver forgets a BEGIN whose future was dropped (launchbadge/sqlx#4393), and later
/// statements on it would be acknowledged and lost.
pub(in crate::store) async fn connect_writers(
    url: &str,
    connections: u32,
) -> Result<DatabaseConnection, DbErr> {
    // Writers use indexes only. A plan cached while a table was small would scan the whole table for
    // every batch of an import that fills it.
    let mut options = options(url, connections, &[("enable_seqscan", "off")]);
    options.map_sqlx_postgres_pool_opts(|pool| {
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
    url: &str,
    connections: u32,
) -> Result<DatabaseConnection, DbErr> {
    let mut options = reader_options(url, connections);
    options.min_connections(0).connect_lazy(true);
    Database::connect(options).await
}

/// The options of connections that cancel statements with their requests. Otherwise the driver would wait for the end
/// of a cancelled statement, and block the connection.
fn reader_options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = options(url, connections, &READ_ONLY);
    options.map_sqlx_postgres_pool_opts(|pool| {
        pool.after_connect(|connection, _| Box::pin(detect_disconnects(connection)))
            .after_release(|connection, _| Box::pin(is_reusable(connection)))
    });
    options
}

/// Makes the server cancel a statement when its connection is closed. A server without support for it runs the
/// statement to its end.
pub(super) async fn detect_disconnects(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    if connection.server_version_num().is_some_and(|version| version >= CHECKS_SINCE_VERSION)
        && let Err(error) = connection.execute(SET_CHECK_INTERVAL).await
    {
        tracing::debug!(%error, "statements of cancelled requests run to their end");
    }
    Ok(())
}

/// Whether the last statement has ended, so that the connection can be used again. Returns
/// immediately if its result was read to the end.
async fn is_reusable(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    match timeout(CANCEL_GRACE, connection.flush()).await {
        Ok(flushed) => flushed.map(|()| true),
        Err(_elapsed) => Ok(false),
    }
}

/// Opens the connection for migrations, without statement timeouts.
pub(in crate::store) async fn connect_migrations(url: &str) -> Result<DatabaseConnection, DbErr> {
    let no_timeouts = [("statement_timeout", "0"), ("idle_in_transaction_session_timeout", "0")];
    let mut options = options(url, 1, &no_timeouts);
    options.max_lifetime(None).idle_timeout(None);
    Database::connect(options).await
}

fn options(url: &str, connections: u32, parameters: &Parameters) -> ConnectOptions {
    let all = run_time_parameters(parameters);
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections.max(1))
        .min_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .test_before_acquire_if_idle_for(TEST_AFTER_IDLE)
        .idle_timeout(IDLE_TIMEOUT)
        .max_lifetime(MAX_LIFETIME)
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(move |options| {
            options.application_name("catalogue").options(all.iter().copied())
        });
    options
}

/// The run-time parameters of every connection, and `more`.
pub(super) fn run_time_parameters(more: &Parameters) -> Vec<(&'static str, &'static str)> {
    let mut all = vec![
        ("statement_timeout", STATEMENT_TIMEOUT),
        ("lock_timeout", LOCK_TIMEOUT),
        ("idle_in_transaction_session_timeout", IDLE_TRANSACTION_TIMEOUT),
        // The ROLLBACK of a released connection would log a warning.
        ("client_min_messages", "error"),
    ];
    all.extend(more);
    all
}

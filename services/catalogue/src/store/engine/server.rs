//! PostgreSQL: opening connections to it.

use std::time::Duration;

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbErr,
    sqlx::{self, Connection as _, Executor as _, PgConnection},
};
use tokio::time::{Instant, sleep, timeout};

use super::Failure;

/// How long a caller waits for a connection before it is told that the store is busy.
pub(super) const ACQUIRE: Duration = Duration::from_secs(2);
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
pub(super) const LIFETIME: Duration = Duration::from_secs(30 * 60);
const IDLE: Duration = Duration::from_secs(10 * 60);
/// A statement whose caller is gone has so long to end, and then loses its connection.
const ABANDONED: Duration = Duration::from_millis(20);
/// How often the server looks, while a statement runs, whether we are still there: from
/// PostgreSQL 14 on, and not on every system.
const LOOK: &str = "SELECT set_config('client_connection_check_interval', '50ms', false)";
const LOOKS_SINCE: u32 = 14_00_00;
/// How often a database that does not answer is tried again, and how often that is said.
const RETRY_EVERY: Duration = Duration::from_millis(300);
const SAY_EVERY: Duration = Duration::from_secs(5);

/// Settings of a connection.
pub(super) type Settings = [(&'static str, &'static str)];

/// For connections that must not write, whatever we are made to say on them.
pub(super) const READ_ONLY: [(&str, &str); 1] = [("default_transaction_read_only", "on")];

/// Connects by `connect`, again and again for at most `patience` while the database does not let us
/// in, and says that it waits. What will not heal by waiting, such as a wrong password, is not waited
/// for.
pub(in crate::store) async fn reach<T, Fut>(
    patience: Duration,
    connect: impl Fn() -> Fut,
) -> Result<T, DbErr>
where
    Fut: Future<Output = Result<T, DbErr>>,
{
    let begun = Instant::now();
    let mut said: Option<Instant> = None;
    loop {
        let error = match connect().await {
            Ok(connected) => return Ok(connected),
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
    // Writers go by keys only. A plan that was made while a table was small, and is kept, would
    // read all of it for every batch of an import that fills it.
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

/// Makes the connections that read, each when it is first needed: the database need not answer yet.
/// Each statement is on its own there, never in a transaction.
pub(in crate::store) async fn connect_readers(
    url: &str,
    connections: u32,
) -> Result<DatabaseConnection, DbErr> {
    let mut options = reading(url, connections);
    options.min_connections(0).connect_lazy(true);
    Database::connect(options).await
}

/// Connections whose statements end when their callers do. The driver would wait for a statement
/// that nobody waits for, and keep a connection from those who do.
fn reading(url: &str, connections: u32) -> ConnectOptions {
    let mut options = options(url, connections, &READ_ONLY);
    options.map_sqlx_postgres_pool_opts(|pool| {
        pool.after_connect(|connection, _| Box::pin(looked_after(connection)))
            .after_release(|connection, _| Box::pin(is_free(connection)))
    });
    options
}

/// Has the server notice that a statement's connection was closed. One that cannot notices when the
/// statement is over.
pub(super) async fn looked_after(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    if connection.server_version_num().is_some_and(|version| version >= LOOKS_SINCE)
        && let Err(error) = connection.execute(LOOK).await
    {
        tracing::debug!(%error, "statements of callers who hang up run to their ends");
    }
    Ok(())
}

/// Whether the last statement is over, so that the connection can be used again. At once, if its
/// caller has waited for it: then nothing is left to be read.
async fn is_free(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    match timeout(ABANDONED, connection.flush()).await {
        Ok(flushed) => flushed.map(|()| true),
        Err(_abandoned) => Ok(false),
    }
}

/// Opens the one connection that changes tables, and may take its time.
pub(in crate::store) async fn connect_migrations(url: &str) -> Result<DatabaseConnection, DbErr> {
    let patient = [("statement_timeout", "0"), ("idle_in_transaction_session_timeout", "0")];
    let mut options = options(url, 1, &patient);
    options.max_lifetime(None).idle_timeout(None);
    Database::connect(options).await
}

fn options(url: &str, connections: u32, settings: &Settings) -> ConnectOptions {
    let all = self::settings(settings);
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
        });
    options
}

/// What every connection of ours is set to, and `more`.
pub(super) fn settings(more: &Settings) -> Vec<(&'static str, &'static str)> {
    let mut all = vec![
        ("statement_timeout", STATEMENT),
        ("lock_timeout", LOCK),
        ("idle_in_transaction_session_timeout", IDLE_TRANSACTION),
        // A ROLLBACK to be sure is no reason for a warning.
        ("client_min_messages", "error"),
    ];
    all.extend(more);
    all
}

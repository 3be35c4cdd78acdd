//! PostgreSQL: the settings of a connection.
//!
//! They are set by a statement after connecting, since poolers refuse or drop them among the parameters of the
//! start. A pooler that changes the server's connection between transactions loses them: [`has_own_sessions`]
//! finds that out.

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, Statement,
    sqlx::{self, AssertSqlSafe, Executor as _, PgConnection},
};

use super::postgres_target::Target;

/// Run-time parameters of a connection.
pub(super) type Settings = [(&'static str, &'static str)];

const ALL: [(&str, &str); 4] = [
    // The timeout of a statement; none takes as long in a healthy database.
    ("statement_timeout", "30s"),
    // The timeout of waiting for a row lock.
    ("lock_timeout", "10s"),
    // The timeout of an idle transaction, whose process has probably died. Open transactions keep
    // changes from being settled.
    ("idle_in_transaction_session_timeout", "30s"),
    // The ROLLBACK of a released connection would log a warning.
    ("client_min_messages", "error"),
];
/// Writers use indexes only. A plan cached while a table was small would scan the whole table for
/// every batch of an import that fills it.
pub(super) const WRITER: [(&str, &str); 1] = [("enable_seqscan", "off")];
/// Rejects writes on reading connections, as a second line of defence against injected SQL.
pub(super) const READ_ONLY: [(&str, &str); 1] = [("default_transaction_read_only", "on")];
pub(super) const NO_TIMEOUTS: [(&str, &str); 2] =
    [("statement_timeout", "0"), ("idle_in_transaction_session_timeout", "0")];

/// How often the server checks, while a statement runs, whether the client is still connected, so that the
/// statement of a closed connection is cancelled: PostgreSQL 14 or later, not on every operating system.
const SET_CHECK_INTERVAL: &str =
    "SELECT set_config('client_connection_check_interval', '50ms', false)";
const CHECKS_SINCE_VERSION: u32 = 14_00_00;

/// Prepares a new connection: checks where it leads, and sets `more` beside the settings of all.
///
/// # Errors
/// The server is not of the wanted kind, or refuses a setting.
pub(super) async fn prepare(
    target: &Target,
    connection: &mut PgConnection,
    more: &Settings,
) -> Result<(), sqlx::Error> {
    target.check(connection).await?;
    let set = ALL
        .iter()
        .chain(more)
        .map(|(name, value)| format!("set_config('{name}', '{value}', false)"));
    let sql = format!("SELECT {}", set.collect::<Vec<_>>().join(", "));
    // Safe: composed of constants only.
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
    let is_reader = more == READ_ONLY;
    if is_reader
        && connection.server_version_num().is_some_and(|version| version >= CHECKS_SINCE_VERSION)
        && let Err(error) = connection.execute(SET_CHECK_INTERVAL).await
    {
        tracing::debug!(%error, "statements of cancelled requests run to their end");
    }
    Ok(())
}

/// Whether the settings of two connections are apart, each used by turns: behind a pooler in transaction mode
/// both have those of the last one.
///
/// # Errors
/// A connection fails.
pub(in crate::store) async fn has_own_sessions(
    writer: &DatabaseConnection,
    reader: &DatabaseConnection,
) -> Result<bool, DbErr> {
    for _ in 0..2 {
        for (db, expected) in [(reader, "on"), (writer, "off")] {
            const SQL: &str = "SELECT current_setting('default_transaction_read_only')";
            let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, SQL)).await?;
            let found: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?;
            if found.as_deref() != Some(expected) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// The remedy of a pooler in transaction mode.
pub(in crate::store) const POOLED: &str = "a pooler between here and PostgreSQL changes the connection with each transaction: \
    use pool_mode = session for this database, or name the server itself (docs/database.md)";

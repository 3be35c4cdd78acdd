//! The connection of a worker: a dedicated one on PostgreSQL, the reader pool on SQLite.

use std::time::Duration;

use opentelemetry::Context;
use sea_orm::{
    DatabaseConnection, DbBackend, DbErr, QueryResult, RuntimeErr,
    sqlx::{self, Connection as _, PgConnection},
};
use tokio::time::{Instant, sleep, timeout};

use crate::{
    domain::{Error, Result},
    store::{
        encoded,
        engine::{self, ReaderOptions},
    },
};

/// The delay before connecting is retried.
const RETRY_DELAY: Duration = Duration::from_millis(50);

/// The connection of a worker.
pub(super) enum WorkerConnection {
    Postgres(Box<Dedicated>),
    Sqlite(DatabaseConnection),
}

impl WorkerConnection {
    /// Reads the rows of products in one statement, in no particular order. `traces` are the trace
    /// contexts of the lookups.
    ///
    /// Dropping the future while the statement runs closes the connection on PostgreSQL, which
    /// cancels the statement.
    ///
    /// # Errors
    /// [`Error::StoreBusy`] if no connection is available in time; the store cannot be read.
    pub(super) async fn read(
        &mut self,
        ids: &[&str],
        traces: &[Context],
    ) -> Result<Vec<QueryResult>> {
        match self {
            Self::Postgres(dedicated) => dedicated.read(ids, traces).await,
            Self::Sqlite(database) => {
                let (began, sql) = (Instant::now(), encoded::sql(DbBackend::Sqlite));
                let ids = serde_json::Value::from_iter(ids.iter().copied()).to_string();
                let pool = database.get_sqlite_connection_pool();
                let read = sqlx::query(sql).bind(ids).fetch_all(pool).await;
                let (took, failed) = (began.elapsed(), read.is_err());
                telemetry::batched_statement("sqlite", sql, took, failed, traces);
                Ok(read.map_err(query_error)?.into_iter().map(Into::into).collect())
            }
        }
    }
}

/// A connection that belongs to one worker. Its socket is registered with the worker's runtime, so
/// no event crosses threads. It is opened on first use, and again when it is lost or old.
pub(super) struct Dedicated {
    options: ReaderOptions,
    idle: Option<Connected>,
}

struct Connected {
    connection: PgConnection,
    since: Instant,
}

impl Dedicated {
    pub(super) fn new(options: ReaderOptions) -> Self {
        Self { options, idle: None }
    }

    async fn read(&mut self, ids: &[&str], traces: &[Context]) -> Result<Vec<QueryResult>> {
        let sql = encoded::sql(DbBackend::Postgres);
        loop {
            let is_new = self.idle.is_none();
            let mut connected = self.take().await?;
            let began = Instant::now();
            let read = sqlx::query(sql).bind(ids).fetch_all(&mut connected.connection).await;
            let (took, failed) = (began.elapsed(), read.is_err());
            telemetry::batched_statement("postgresql", sql, took, failed, traces);
            match read.map_err(query_error) {
                Ok(rows) => {
                    self.idle = Some(connected);
                    return Ok(rows.into_iter().map(Into::into).collect());
                }
                // The server may have closed an idle connection: a read can be retried.
                Err(error) if engine::is_gone(&error) && !is_new => {}
                Err(error) => {
                    if !engine::is_gone(&error) {
                        self.idle = Some(connected);
                    }
                    return Err(error.into());
                }
            }
        }
    }

    /// Takes the connection out, so that it is dropped with a cancelled statement.
    async fn take(&mut self) -> Result<Connected> {
        if let Some(connected) = self.idle.take() {
            if connected.since.elapsed() < engine::READER_LIFETIME {
                return Ok(connected);
            }
            connected.connection.close().await.ok();
        }
        let deadline = Instant::now() + engine::READER_TIMEOUT;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let error = match timeout(left, self.options.connect()).await {
                Ok(Ok(connection)) => return Ok(Connected { connection, since: Instant::now() }),
                Ok(Err(error)) => query_error(error),
                Err(_elapsed) => return Err(Error::StoreBusy(None)),
            };
            match (engine::is_gone(&error), left > RETRY_DELAY) {
                (true, true) => sleep(RETRY_DELAY).await,
                // The same error as of a pool without a free connection.
                (true, false) => return Err(Error::StoreBusy(Some(error.into()))),
                (false, _) => return Err(error.into()),
            }
        }
    }
}

fn query_error(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

//! The connection of a worker: a dedicated one on PostgreSQL, the reader pool on SQLite.

use std::time::Duration;

use opentelemetry::Context;
use sea_orm::{
    DatabaseConnection, DbBackend, DbErr, QueryResult, RuntimeErr,
    sqlx::{self, PgConnection, postgres::PgRow},
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::{
    domain::Result,
    store::{
        encoded,
        engine::{self, ReaderOptions},
    },
};

/// The delay before a read is retried again.
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
    /// [`StoreBusy`](crate::domain::Error::StoreBusy) if no connection is available in time; the store cannot be read.
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

/// A connection that belongs to one worker. Its socket is registered with the worker's runtime, so no event crosses
/// threads. It is opened on first use, and again when it is lost or old; meanwhile the pool serves.
pub(super) struct Dedicated {
    options: ReaderOptions,
    pool: DatabaseConnection,
    idle: Option<Connected>,
    opening: JoinSet<Result<PgConnection, sqlx::Error>>,
}

struct Connected {
    connection: PgConnection,
    since: Instant,
}

impl Dedicated {
    pub(super) fn new(options: ReaderOptions, pool: DatabaseConnection) -> Self {
        Self { options, pool, idle: None, opening: JoinSet::new() }
    }

    async fn read(&mut self, ids: &[&str], traces: &[Context]) -> Result<Vec<QueryResult>> {
        let deadline = Instant::now() + engine::READER_TIMEOUT;
        let mut delay = Duration::ZERO;
        loop {
            match self.read_once(ids, traces).await {
                Ok(rows) => return Ok(rows.into_iter().map(Into::into).collect()),
                // The server may have closed an idle connection: a read can be retried.
                Err(error) if engine::is_gone(&error) && Instant::now() + delay < deadline => {
                    sleep(delay).await;
                    delay = RETRY_DELAY;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn read_once(&mut self, ids: &[&str], traces: &[Context]) -> Result<Vec<PgRow>, DbErr> {
        let sql = encoded::sql(DbBackend::Postgres);
        let query = sqlx::query(sql).bind(ids);
        let mut connected = self.take();
        let began = Instant::now();
        let read = match &mut connected {
            Some(connected) => query.fetch_all(&mut connected.connection).await,
            None => query.fetch_all(self.pool.get_postgres_connection_pool()).await,
        };
        telemetry::batched_statement("postgresql", sql, began.elapsed(), read.is_err(), traces);
        let read = read.map_err(query_error);
        if !read.as_ref().is_err_and(engine::is_gone) {
            self.idle = connected;
        }
        read
    }

    /// Takes the connection out, so that it is dropped with a cancelled statement. None while it is being opened.
    fn take(&mut self) -> Option<Connected> {
        match self.opening.try_join_next() {
            Some(Ok(Ok(connection))) => {
                self.idle = Some(Connected { connection, since: Instant::now() });
            }
            // The pool reports it, if it is still so.
            Some(Ok(Err(error))) => tracing::debug!(%error, "a reader cannot connect"),
            Some(Err(_)) | None => {}
        }
        self.idle.take_if(|idle| idle.since.elapsed() >= engine::READER_LIFETIME);
        if self.idle.is_none() && self.opening.is_empty() {
            let options = self.options.clone();
            self.opening.spawn(async move { options.connect().await });
        }
        self.idle.take()
    }
}

fn query_error(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

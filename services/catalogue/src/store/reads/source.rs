//! Where a worker reads: a connection of its own on PostgreSQL, the pool of readers on SQLite.

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

/// Before trying again to connect.
const RETRY: Duration = Duration::from_millis(50);

/// A worker's way to the database.
pub(super) enum Source {
    Postgres(Box<Dedicated>),
    Sqlite(DatabaseConnection),
}

impl Source {
    /// Reads the rows of products, in one statement, in no order. `traces` are those of its callers.
    ///
    /// A future that is dropped in the middle of a statement closes its connection, and so ends the
    /// statement.
    ///
    /// # Errors
    /// [`Error::StoreBusy`] if no connection can be had in time; the store cannot be read.
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
                Ok(read.map_err(query)?.into_iter().map(Into::into).collect())
            }
        }
    }
}

/// A connection that one worker has for itself: its socket is that of the worker's runtime, so
/// that no event crosses threads. Made when it is first needed, and again when it is lost or old.
pub(super) struct Dedicated {
    options: ReaderOptions,
    open: Option<Open>,
}

struct Open {
    connection: PgConnection,
    since: Instant,
}

impl Dedicated {
    pub(super) fn new(options: ReaderOptions) -> Self {
        Self { options, open: None }
    }

    async fn read(&mut self, ids: &[&str], traces: &[Context]) -> Result<Vec<QueryResult>> {
        let sql = encoded::sql(DbBackend::Postgres);
        loop {
            let is_fresh = self.open.is_none();
            let mut open = self.connection().await?;
            let began = Instant::now();
            let read = sqlx::query(sql).bind(ids).fetch_all(&mut open.connection).await;
            let (took, failed) = (began.elapsed(), read.is_err());
            telemetry::batched_statement("postgresql", sql, took, failed, traces);
            match read.map_err(query) {
                Ok(rows) => {
                    self.open = Some(open);
                    return Ok(rows.into_iter().map(Into::into).collect());
                }
                // The server may have closed it long ago: a read does no harm twice.
                Err(error) if engine::is_gone(&error) && !is_fresh => {}
                Err(error) => {
                    if !engine::is_gone(&error) {
                        self.open = Some(open);
                    }
                    return Err(error.into());
                }
            }
        }
    }

    /// The connection, taken out: it comes back when its statement is over.
    async fn connection(&mut self) -> Result<Open> {
        if let Some(open) = self.open.take() {
            if open.since.elapsed() < engine::READER_LIFETIME {
                return Ok(open);
            }
            open.connection.close().await.ok();
        }
        let give_up = Instant::now() + engine::READER_PATIENCE;
        loop {
            let left = give_up.saturating_duration_since(Instant::now());
            let error = match timeout(left, self.options.connect()).await {
                Ok(Ok(connection)) => return Ok(Open { connection, since: Instant::now() }),
                Ok(Err(error)) => query(error),
                Err(_too_long) => return Err(Error::StoreBusy(None)),
            };
            match (engine::is_gone(&error), left > RETRY) {
                (true, true) => sleep(RETRY).await,
                // As a pool would say that has none to lend.
                (true, false) => return Err(Error::StoreBusy(Some(error.into()))),
                (false, _) => return Err(error.into()),
            }
        }
    }
}

fn query(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

//! PostgreSQL: a dedicated reading connection, outside of the pools.

use std::time::Duration;

use sea_orm::{
    DbErr,
    sqlx::{self, ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions},
};

use super::postgres_pool::{
    ACQUIRE_TIMEOUT, MAX_LIFETIME, READ_ONLY, detect_disconnects, run_time_parameters,
};

/// How long to wait for such a connection; the same as for a pooled one.
pub(in crate::store) const READER_TIMEOUT: Duration = ACQUIRE_TIMEOUT;
/// The maximum age of such a connection; the same as of a pooled one.
pub(in crate::store) const READER_LIFETIME: Duration = MAX_LIFETIME;

/// The options of such a connection; the same as of pooled readers.
#[derive(Debug, Clone)]
pub(in crate::store) struct ReaderOptions(PgConnectOptions);

impl ReaderOptions {
    /// The options for the database at `url`.
    ///
    /// # Errors
    /// `url` is not a PostgreSQL URL.
    pub(in crate::store) fn new(url: &str) -> Result<Self, DbErr> {
        let options: PgConnectOptions = url.parse().map_err(|error: sqlx::Error| {
            DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into()))
        })?;
        let options = options
            .application_name("catalogue")
            .options(run_time_parameters(&READ_ONLY))
            .disable_statement_logging();
        Ok(Self(options))
    }

    /// Connects, on the current runtime.
    ///
    /// # Errors
    /// The server does not respond, or rejects the connection.
    pub(in crate::store) async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        let mut connection = PgConnection::connect_with(&self.0).await?;
        detect_disconnects(&mut connection).await?;
        Ok(connection)
    }
}

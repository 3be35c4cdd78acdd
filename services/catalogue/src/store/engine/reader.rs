//! PostgreSQL: a connection that reads and belongs to no pool.

use std::time::Duration;

use sea_orm::{
    DbErr,
    sqlx::{self, ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions},
};

use super::server::{ACQUIRE, LIFETIME, READ_ONLY, looked_after, settings};

/// How long a caller waits for such a connection, as for one of the pool.
pub(in crate::store) const READER_PATIENCE: Duration = ACQUIRE;
/// After so long such a connection is renewed, as one of the pool is.
pub(in crate::store) const READER_LIFETIME: Duration = LIFETIME;

/// How such a connection is made: as the pool's readers are.
#[derive(Debug, Clone)]
pub(in crate::store) struct ReaderOptions(PgConnectOptions);

impl ReaderOptions {
    /// For the database at `url`.
    ///
    /// # Errors
    /// It is not a URL of PostgreSQL.
    pub(in crate::store) fn new(url: &str) -> Result<Self, DbErr> {
        let options: PgConnectOptions = url.parse().map_err(|error: sqlx::Error| {
            DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into()))
        })?;
        let options = options
            .application_name("catalogue")
            .options(settings(&READ_ONLY))
            .disable_statement_logging();
        Ok(Self(options))
    }

    /// Connects, on the runtime of the caller.
    ///
    /// # Errors
    /// The server does not answer, or refuses.
    pub(in crate::store) async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        let mut connection = PgConnection::connect_with(&self.0).await?;
        looked_after(&mut connection).await?;
        Ok(connection)
    }
}

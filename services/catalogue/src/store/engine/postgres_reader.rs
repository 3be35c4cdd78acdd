//! PostgreSQL: a dedicated reading connection, outside of the pools.

use std::time::Duration;

use sea_orm::sqlx::{self, Connection as _, PgConnection};

use super::{
    postgres_pool::{ACQUIRE_TIMEOUT, MAX_LIFETIME},
    postgres_session::{READ_ONLY, prepare},
    postgres_target::Target,
};

/// How long to wait for such a connection; the same as for a pooled one.
pub(in crate::store) const READER_TIMEOUT: Duration = ACQUIRE_TIMEOUT;
/// The maximum age of such a connection; the same as of a pooled one.
pub(in crate::store) const READER_LIFETIME: Duration = MAX_LIFETIME;

/// The options of such a connection; the same as of pooled readers.
#[derive(Debug, Clone)]
pub(in crate::store) struct ReaderOptions(Target);

impl ReaderOptions {
    /// The options for the server in use of `target`.
    pub(in crate::store) fn new(target: Target) -> Self {
        Self(target)
    }

    /// Connects, on the current runtime.
    ///
    /// # Errors
    /// The server does not respond, or rejects the connection.
    pub(in crate::store) async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        let mut connection = PgConnection::connect_with(&self.0.options()).await?;
        prepare(&self.0, &mut connection, &READ_ONLY).await?;
        Ok(connection)
    }
}

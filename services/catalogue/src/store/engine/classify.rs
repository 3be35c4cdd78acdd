//! Classifies database errors.

use sea_orm::{
    DbErr,
    sqlx::{self, postgres::PgDatabaseError},
};

use super::{
    failure::{Failure, sqlx_error},
    postgres, sqlite,
};
use crate::domain::Error;

/// Whether the connection was lost. A statement that was not sent can be sent on another one.
pub(in crate::store) fn is_gone(error: &DbErr) -> bool {
    failure(error) == Failure::Gone
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match failure(&error) {
            Failure::Full => Self::StoreFull(error.into()),
            Failure::Busy => Self::StoreBusy(Some(error.into())),
            Failure::Raced => Self::Raced(error.into()),
            Failure::Gone | Failure::Other => Self::Store(error.into()),
        }
    }
}

/// The kind of an error.
pub(super) fn failure(error: &DbErr) -> Failure {
    if matches!(error, DbErr::ConnectionAcquire(_)) {
        return Failure::Busy;
    }
    match sqlx_error(error) {
        Some(sqlx::Error::PoolTimedOut) => Failure::Busy,
        Some(sqlx::Error::Io(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed) => {
            Failure::Gone
        }
        Some(sqlx::Error::Database(error)) => {
            let postgres = error.try_downcast_ref::<PgDatabaseError>();
            postgres.map_or_else(|| sqlite::failure(error.as_ref()), postgres::failure)
        }
        _ => Failure::Other,
    }
}

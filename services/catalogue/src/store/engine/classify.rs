//! Classifies database errors.

use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::{
    DbErr,
    sqlx::{self, postgres::PgDatabaseError},
};

use super::{
    failure::{Failure, sqlx_error},
    postgres, sqlite,
};
use crate::domain::Error;

/// The number of errors in this process by which a database has reported damage.
static DAMAGE_REPORTS: AtomicU64 = AtomicU64::new(0);

/// How often a database has reported damage to this process. A higher number than before is a reason to
/// check the files.
pub(in crate::store) fn damage_reports() -> u64 {
    DAMAGE_REPORTS.load(Ordering::Relaxed)
}

/// Whether the error reports damage to the files of the database.
pub(in crate::store) fn is_damage(error: &DbErr) -> bool {
    failure(error) == Failure::Damaged
}

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
            Failure::Damaged => {
                DAMAGE_REPORTS.fetch_add(1, Ordering::Relaxed);
                Self::Damaged(error.into())
            }
            Failure::Unreadable => Self::Damaged(error.into()),
            Failure::Gone | Failure::Other => Self::Store(error.into()),
        }
    }
}

/// The kind of an error.
pub(super) fn failure(error: &DbErr) -> Failure {
    match error {
        DbErr::ConnectionAcquire(_) => return Failure::Busy,
        DbErr::Type(_) | DbErr::Json(_) => return Failure::Unreadable,
        _ => {}
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
        Some(sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)) => Failure::Unreadable,
        _ => Failure::Other,
    }
}

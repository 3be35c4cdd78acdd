//! The kinds of database errors, and access to the driver's error.

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, error::DatabaseError},
};

/// The kind of a database error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// Disk or memory is full.
    Full,
    /// A resource is contended; a retry may succeed.
    Busy,
    /// The transaction conflicted with a concurrent one; it can be retried from its beginning.
    Raced,
    /// The database reports damage to its files.
    Damaged,
    /// A stored value is not what its column may hold.
    Unreadable,
    /// The connection was lost, or the database shut down.
    Gone,
    Other,
}

/// The error of the driver, if it caused the error.
pub(super) fn sqlx_error(error: &DbErr) -> Option<&sqlx::Error> {
    let (DbErr::Conn(runtime) | DbErr::Exec(runtime) | DbErr::Query(runtime)) = error else {
        return None;
    };
    match runtime {
        RuntimeErr::SqlxError(error) => Some(error),
        RuntimeErr::Internal(_) => None,
    }
}

/// The error that the database returned, if it caused the error.
pub(super) fn database_error(error: &DbErr) -> Option<&dyn DatabaseError> {
    match sqlx_error(error)? {
        sqlx::Error::Database(error) => Some(error.as_ref()),
        _ => None,
    }
}

//! A read replica of the PostgreSQL database, for reads that may be slightly stale.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::DatabaseConnection;

use crate::domain::{Error, Result};

/// How long a replica is skipped after a failure: each attempt may take as long as connecting does.
const COOLDOWN: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(in crate::store) struct ReadReplica {
    database: DatabaseConnection,
    failed_at: Mutex<Option<Instant>>,
}

impl ReadReplica {
    pub(in crate::store) fn new(database: DatabaseConnection) -> Self {
        Self { database, failed_at: Mutex::default() }
    }

    /// The replica, unless it has failed recently. The primary is read then, which is never stale.
    pub(in crate::store) fn database(&self) -> Option<&DatabaseConnection> {
        let failed_at = *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner);
        failed_at.is_none_or(|at| at.elapsed() > COOLDOWN).then_some(&self.database)
    }

    /// Takes the result of a read from the replica; None if it failed and the primary must be read.
    pub(in crate::store) fn check<T>(&self, result: Result<T>) -> Option<Result<T>> {
        match result {
            Err(error @ (Error::Store(_) | Error::StoreBusy(_) | Error::Damaged(_))) => {
                self.record_failure(&error);
                None
            }
            result => Some(result),
        }
    }

    fn record_failure(&self, error: &Error) {
        *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        let error = error as &dyn std::error::Error;
        tracing::warn!(error, "the read replica failed, reading from the primary instead");
    }

    /// The replica, whether it has failed or not.
    pub(in crate::store) fn pool(&self) -> &DatabaseConnection {
        &self.database
    }
}

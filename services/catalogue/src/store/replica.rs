//! A replica of the database, for what may be a little behind.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::DatabaseConnection;

use crate::domain::{Error, Result};

/// For so long one that has failed is not asked: each try may take as long as a connection does.
const LEFT_ALONE: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(super) struct Replica {
    database: DatabaseConnection,
    failed: Mutex<Option<Instant>>,
}

impl Replica {
    pub(super) fn new(database: DatabaseConnection) -> Self {
        Self { database, failed: Mutex::default() }
    }

    /// To read from, unless it has just failed. Then the primary is read, which is never wrong.
    pub(super) fn database(&self) -> Option<&DatabaseConnection> {
        let failed = *self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.is_none_or(|failed| failed.elapsed() > LEFT_ALONE).then_some(&self.database)
    }

    /// What the replica has answered; None if it could not be read, so that the primary must be.
    pub(super) fn answer<T>(&self, answer: Result<T>) -> Option<Result<T>> {
        match answer {
            Err(error @ (Error::Store(_) | Error::StoreBusy(_))) => {
                self.failed(&error);
                None
            }
            answer => Some(answer),
        }
    }

    fn failed(&self, error: &Error) {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        let error = error as &dyn std::error::Error;
        tracing::warn!(error, "the replica cannot be read; the primary is for now");
    }

    /// Whether it has failed or not.
    pub(super) fn pool(&self) -> &DatabaseConnection {
        &self.database
    }
}

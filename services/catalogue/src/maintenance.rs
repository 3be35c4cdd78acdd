//! Periodic tasks: deletes old rows, and returns the goods of expired reservations to stock.

use std::time::Duration;

use chassis::{CancellationToken, supervise};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use crate::{
    domain::{Error, Micros, now},
    store::Store,
};

const DAY: Micros = 24 * 60 * 60 * 1_000_000;
const DELETE_INTERVAL: Duration = Duration::from_secs(60);
/// The delay of the first deletion after the start, so that it does not slow down first requests.
const FIRST_DELETE_DELAY: Duration = Duration::from_secs(5);
const EXPIRE_INTERVAL: Duration = Duration::from_secs(1);

/// How much of the past is retained.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Retention {
    /// Changes in the feed.
    pub(crate) changes: u64,
    /// Days for which a deleted product can be undeleted.
    pub(crate) deleted_days: u16,
    /// Days for which events of the audit trail are kept.
    pub(crate) audit_days: u16,
    /// Days for which an import can be undone.
    pub(crate) import_days: u16,
}

/// Starts the tasks; they run until `shutdown`.
pub(crate) fn spawn(store: &Store, retention: Retention, shutdown: &CancellationToken) {
    let (old, stop) = (store.clone(), shutdown.clone());
    tokio::spawn(supervise("tidy", move || delete_old(old.clone(), retention, stop.clone())));
    let (expired, stop) = (store.clone(), shutdown.clone());
    tokio::spawn(supervise("expire", move || expire(expired.clone(), stop.clone())));
}

async fn delete_old(store: Store, retention: Retention, shutdown: CancellationToken) {
    let mut interval = interval(FIRST_DELETE_DELAY, DELETE_INTERVAL);
    while shutdown.run_until_cancelled(interval.tick()).await.is_some() {
        if let Err(error) = store.delete_old_changes(retention.changes).await {
            warn(&error, "old changes could not be deleted");
        }
        if let Err(error) = store.delete_ended_reservations().await {
            warn(&error, "ended reservations could not be deleted");
        }
        if let Err(error) = store.delete_expired_requests().await {
            warn(&error, "expired responses could not be deleted");
        }
        let oldest = now() - i64::from(retention.audit_days) * DAY;
        if let Err(error) = store.delete_audit_before(oldest).await {
            warn(&error, "old audit events could not be deleted");
        }
        let oldest = now() - i64::from(retention.import_days) * DAY;
        if let Err(error) = store.forget_imports_before(oldest).await {
            warn(&error, "old imports could not be forgotten");
        }
        let oldest = now() - i64::from(retention.deleted_days) * DAY;
        if let Err(error) = store.purge_deleted_before(oldest).await {
            warn(&error, "products deleted long ago could not be purged");
        }
    }
}

async fn expire(store: Store, shutdown: CancellationToken) {
    let mut interval = interval(EXPIRE_INTERVAL, EXPIRE_INTERVAL);
    while shutdown.run_until_cancelled(interval.tick()).await.is_some() {
        if let Err(error) = store.expire_reservations().await {
            warn(&error, "reservations could not be expired");
        }
    }
}

fn interval(first: Duration, period: Duration) -> Interval {
    let mut interval = interval_at(Instant::now() + first, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

/// Logs a failure; the next run of the task retries.
fn warn(error: &Error, message: &str) {
    tracing::warn!(error = error as &dyn std::error::Error, "{message}");
}

//! Probes the store periodically, for the health checks of load balancers and operators.

use std::time::Duration;

use chassis::CancellationToken;
use server::Health;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use crate::{domain::Error, store::Store};

const INTERVAL: Duration = Duration::from_secs(2);
const TIMEOUT: Duration = Duration::from_millis(1_500);
/// Consecutive failures before the store is reported as unhealthy: a single one may be due to load.
const MAX_FAILURES: u32 = 2;

/// Probes the store until `shutdown`, and reports the result to `health`.
pub(crate) async fn watch(store: Store, health: Health, shutdown: CancellationToken) {
    // The store has just been opened, so the first probe waits.
    let mut ticks = interval_at(Instant::now() + INTERVAL, INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut failed, mut is_lost) = (0, false);
    while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
        if let Err(error) = store.find_damage().await {
            tracing::warn!(%error, "the database file could not be checked for damage");
        }
        let reason = match timeout(TIMEOUT, store.probe()).await {
            Ok(Ok(())) => {
                (failed, is_lost) = (0, false);
                health.set("store", Ok(()));
                continue;
            }
            Ok(Err(error @ (Error::StoreReplaced | Error::Damaged(_)))) => {
                if !std::mem::replace(&mut is_lost, true) {
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(
                        error,
                        "database file lost: restore it or a backup, and restart"
                    );
                }
                // No load is the reason.
                failed = MAX_FAILURES;
                error.to_string()
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "the database does not respond".to_owned(),
        };
        failed += 1;
        if failed >= MAX_FAILURES {
            health.set("store", Err(reason));
        }
    }
}

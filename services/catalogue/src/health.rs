//! Probes the store periodically, for the health checks of load balancers and operators.

use std::time::Duration;

use chassis::CancellationToken;
use server::Health;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use crate::store::Store;

const INTERVAL: Duration = Duration::from_secs(2);
const TIMEOUT: Duration = Duration::from_millis(1_500);
/// Consecutive failures before the store is reported as unhealthy: a single one may be due to load.
const MAX_FAILURES: u32 = 2;

/// Probes the store until `shutdown`, and reports the result to `health`.
pub(crate) async fn watch(store: Store, health: Health, shutdown: CancellationToken) {
    // The store has just been opened, so the first probe waits.
    let mut ticks = interval_at(Instant::now() + INTERVAL, INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failed = 0;
    while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
        let reason = match timeout(TIMEOUT, store.probe()).await {
            Ok(Ok(())) => {
                failed = 0;
                health.set("store", Ok(()));
                continue;
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

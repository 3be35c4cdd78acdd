//! Stores the events of the audit trail, and the uses of keys.

use std::time::Duration;

use access::Access;
use audit::{Event, Trail};
use chassis::CancellationToken;
use tokio::time::{MissedTickBehavior, interval};

use crate::{
    domain::{Result, micros_of},
    store::Store,
};

const INTERVAL: Duration = Duration::from_secs(1);

/// Stores the events of the trail each second until `shutdown`, and then the rest.
pub(crate) async fn record(
    store: Store,
    trail: Trail,
    access: Access,
    shutdown: CancellationToken,
) {
    let mut interval = interval(INTERVAL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while shutdown.run_until_cancelled(interval.tick()).await.is_some() {
        let events = trail.take();
        if let Err(error) = store_all(&store, &access, events.clone()).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(
                error,
                events = events.len(),
                "audit events could not be stored; trying again"
            );
            trail.put_back(events);
        }
    }
    if let Err(error) = store_all(&store, &access, trail.take_rest()).await {
        let error = &error as &dyn std::error::Error;
        tracing::warn!(error, "the last audit events are in the log alone");
    }
}

async fn store_all(store: &Store, access: &Access, events: Vec<Event>) -> Result<()> {
    let uses = access.keys().map(|keys| keys.uses()).unwrap_or_default();
    let uses = uses.into_iter().map(|(id, at)| (id, micros_of(at)));
    store.record_audit(events, uses.collect()).await
}

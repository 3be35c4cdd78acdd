//! Whether the store can be read, found out now and then.
//!
//! Reads go on failing one by one while the database is away; this is for balancers and people, who
//! want to know without asking for a product.

use std::time::Duration;

use chassis::CancellationToken;
use server::Health;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use crate::store::Store;

const EVERY: Duration = Duration::from_secs(2);
const WITHIN: Duration = Duration::from_millis(1_500);
/// A read that fails once may have been one of too many.
const IN_A_ROW: u32 = 2;

/// Reads from the store every two seconds until `shutdown`, and says in `health` whether it can.
pub(crate) async fn watch(store: Store, health: Health, shutdown: CancellationToken) {
    // That it can be read has just been seen.
    let mut ticks = interval_at(Instant::now() + EVERY, EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failed = 0;
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = shutdown.cancelled() => return,
        }
        let reason = match timeout(WITHIN, store.probe()).await {
            Ok(Ok(())) => {
                failed = 0;
                health.set("store", Ok(()));
                continue;
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "the database does not answer".to_owned(),
        };
        failed += 1;
        if failed >= IN_A_ROW {
            health.set("store", Err(reason));
        }
    }
}

//! Keeps the keys that calls are checked against up to date with the database.

use std::time::{Duration, SystemTime};

use access::{Access, KeyRecord, Keys};
use chassis::CancellationToken;
use tokio::time::{MissedTickBehavior, interval};

use crate::{
    domain::{Key, Micros, Result, now},
    store::Store,
};

/// Interval of reads, by which the keys of other replicas are learnt.
const INTERVAL: Duration = Duration::from_secs(1);

/// Reads the keys once.
///
/// # Errors
/// The store cannot be read.
pub(crate) async fn refresh(store: &Store, access: &Access) -> Result<()> {
    let (keys, now) = (store.keys().await?, now());
    let has_keys = !keys.is_empty();
    let valid = keys.into_iter().filter(|key| !key.has_ended(now)).map(record);
    access.replace_keys(Keys::new(valid, has_keys));
    Ok(())
}

/// Reads the keys again and again, until `shutdown`.
pub(crate) async fn follow(store: Store, access: Access, shutdown: CancellationToken) {
    let mut interval = interval(INTERVAL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_failing = false;
    while shutdown.run_until_cancelled(interval.tick()).await.is_some() {
        let refreshed = refresh(&store, &access).await;
        if let Err(error) = &refreshed
            && !is_failing
        {
            let error = error as &dyn std::error::Error;
            tracing::warn!(error, "the keys cannot be read: those known stay valid");
        }
        is_failing = refreshed.is_err();
    }
}

fn record(key: Key) -> KeyRecord {
    let Key { id, name, scopes, digest, expires_at, .. } = key;
    KeyRecord { id, name, scopes, digest, expires: expires_at.map(time) }
}

fn time(at: Micros) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(at).unwrap_or(0))
}

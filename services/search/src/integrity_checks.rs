//! Integrity checks of the live index's files while it serves requests.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::{task::spawn_blocking, time::sleep};

use crate::{
    index::{Error, Verified},
    live_index::LiveIndex,
};

/// Interval of checks. One reads only files that have changed.
const INTERVAL: Duration = Duration::from_secs(1);

/// Interval of checks that read all files, because a disk can lose bytes without any write.
const SCRUB_INTERVAL: Duration = Duration::from_secs(10 * 60);

/// Checks the live index periodically, and immediately when damage is suspected.
#[derive(Debug)]
pub(crate) struct IntegrityChecks {
    verified: Arc<Mutex<Verified>>,
    scrubbed: Instant,
}

impl Default for IntegrityChecks {
    fn default() -> Self {
        Self { verified: Arc::default(), scrubbed: Instant::now() }
    }
}

impl IntegrityChecks {
    /// Waits until a check finds damage. Cancelling it loses nothing but the time until the next
    /// check.
    pub(crate) async fn find_damage(&mut self, live_index: &LiveIndex) -> Error {
        loop {
            let index = live_index.snapshot().index.clone();
            let is_suspected = tokio::select! {
                () = index.suspected() => true,
                () = sleep(INTERVAL) => false,
            };
            let reads_all = is_suspected || self.scrubbed.elapsed() >= SCRUB_INTERVAL;
            if reads_all {
                self.scrubbed = Instant::now();
            }
            let verified = Arc::clone(&self.verified);
            let checked = spawn_blocking(move || {
                let mut verified = verified.lock().unwrap_or_else(PoisonError::into_inner);
                if reads_all {
                    *verified = Verified::default();
                }
                index.check(&mut verified)
            });
            match checked.await {
                Ok(Ok(())) if is_suspected => {
                    tracing::warn!("damage was suspected; all files of the index are sound");
                }
                Ok(Ok(())) => {}
                Ok(Err(error)) if error.is_damage() => return error,
                Ok(Err(error)) => tracing::warn!(%error, "the index's files were not checked"),
                Err(error) => tracing::error!(%error, "checking the index's files panicked"),
            }
        }
    }
}

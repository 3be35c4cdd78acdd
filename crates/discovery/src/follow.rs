//! A service's endpoints, as a registry tells of them.
//!
//! The rules are those of Consul's blocking queries: ask for what is newer than the last index,
//! begin anew when the index falls or is none, never ask more often than a bucket allows, however
//! often one is woken, and wait no longer than a limit for an answer.

use std::{sync::Arc, time::Duration};

use crate::{
    Publisher, Source,
    backoff::Backoff,
    bucket::Bucket,
    registry::{Listing, Newer, Query, Registry, RegistryError, within},
};

/// How long the registry may keep us waiting for news. Short, since only its answers tell that it
/// lives.
const WAIT: Duration = Duration::from_secs(10);
/// A registry adds up to a sixteenth, so that not all are answered at once; the rest is for the way.
const ANSWER_WITHIN: Duration = Duration::from_millis(10_000 + 10_000 / 16 + 1_400);
/// What is asked without waiting needs no longer.
const ANSWER_AT_ONCE_WITHIN: Duration = Duration::from_secs(3);
/// Two questions at once, then one each 600 ms: fewer than two a second however often the registry
/// wakes us, and no news that waits for longer than that.
const BURST: u32 = 2;
const REFILL: Duration = Duration::from_millis(600);
/// After failures.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// Follows what a registry says about a service.
#[derive(Debug)]
pub(crate) struct Follow {
    pub(crate) registry: Arc<dyn Registry>,
    pub(crate) query: Query,
}

impl Source for Follow {
    async fn watch(self, publisher: Publisher) {
        let mut bucket = Bucket::new(BURST, REFILL);
        let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
        let mut index = None;
        let mut failing = false;
        loop {
            bucket.take().await;
            match self.ask(index).await {
                Ok(listing) => {
                    index = next_index(index, listing.index);
                    backoff.reset();
                    if std::mem::replace(&mut failing, false) {
                        tracing::info!(service = self.query.service, "the registry answers again");
                    }
                    self.learn(listing, &publisher);
                }
                Err(error) => {
                    // Whoever answers next may be another one, or have begun anew.
                    index = None;
                    let trouble = error.in_full();
                    if !std::mem::replace(&mut failing, true) {
                        let service = &self.query.service;
                        tracing::warn!(service, trouble, "keeping the endpoints that are known");
                    }
                    publisher.doubt(trouble);
                    tokio::time::sleep(backoff.next()).await;
                }
            }
        }
    }
}

impl Follow {
    async fn ask(&self, index: Option<u64>) -> Result<Listing, RegistryError> {
        let newer = index.map(|index| Newer { index, wait: WAIT });
        let limit = if newer.is_some() { ANSWER_WITHIN } else { ANSWER_AT_ONCE_WITHIN };
        within(limit, self.registry.passing(&self.query, newer)).await
    }

    /// Publishes what was heard, unless it is likelier that the registry has forgotten than that all
    /// are gone: an agent that lost its data says the same as one whose services have ended. If they
    /// have, those who call them find out by themselves.
    fn learn(&self, listing: Listing, publisher: &Publisher) {
        let last = publisher.last();
        if listing.endpoints.is_empty() && !last.endpoints.is_empty() {
            publisher.doubt("the registry lists none that passes; the last known are kept");
        } else if listing.leaderless && last.resolved {
            publisher.doubt("the registry has no leader and may not know what is new");
        } else {
            publisher.publish(listing.endpoints);
        }
    }
}

/// What to ask for next, after `answered` came when `asked` was known: nothing, which is to begin
/// anew, when the index is missing or has fallen. Zero would be answered at once and for ever.
fn next_index(asked: Option<u64>, answered: Option<u64>) -> Option<u64> {
    let answered = answered?.max(1);
    if asked.is_some_and(|asked| answered < asked) { None } else { Some(answered) }
}

#[cfg(test)]
mod tests;

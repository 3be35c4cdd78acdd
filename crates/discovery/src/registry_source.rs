//! Endpoints from a registry.
//!
//! Follows the rules of Consul's [blocking queries](https://developer.hashicorp.com/consul/api-docs/features/blocking):
//! each query waits for a newer index than the last one; the index is reset when it decreases or is
//! missing; queries are rate-limited, and have a timeout.

use std::{sync::Arc, time::Duration};

use backoff::Backoff;

use crate::{
    Publisher, Source,
    registry::{BlockingQuery, Listing, Query, Registry, RegistryError, with_timeout},
    token_bucket::TokenBucket,
};

/// Maximum wait of a blocking query. Short, because only responses show that the registry is alive.
const WAIT: Duration = Duration::from_secs(10);
/// Timeout of a blocking query: Consul adds up to a sixteenth of jitter to the wait; the rest is for
/// the network.
const BLOCKING_TIMEOUT: Duration = Duration::from_millis(10_000 + 10_000 / 16 + 1_400);
/// Timeout of a query that does not block.
const TIMEOUT: Duration = Duration::from_secs(3);
/// Rate limit: a burst of two queries, then one per 600 ms. That is less than two per second however
/// often the registry changes, and delays no change for longer.
const BURST: u32 = 2;
const REFILL: Duration = Duration::from_millis(600);
/// Delays after failures.
const FIRST_DELAY: Duration = Duration::from_millis(100);
const MAX_DELAY: Duration = Duration::from_secs(4);

/// Watches the passing instances of a service in a registry.
#[derive(Debug)]
pub(crate) struct RegistrySource {
    pub(crate) registry: Arc<dyn Registry>,
    pub(crate) query: Query,
}

impl Source for RegistrySource {
    async fn watch(self, publisher: Publisher) {
        let mut token_bucket = TokenBucket::new(BURST, REFILL);
        let mut backoff = Backoff::new(FIRST_DELAY, MAX_DELAY);
        let mut index = None;
        let mut failing = false;
        loop {
            token_bucket.take().await;
            match self.query(index).await {
                Ok(listing) => {
                    index = next_index(index, listing.index);
                    backoff.reset();
                    if std::mem::replace(&mut failing, false) {
                        tracing::info!(
                            service = self.query.service,
                            "registry query succeeded again"
                        );
                    }
                    self.apply(listing, &publisher);
                }
                Err(error) => {
                    // The next response may come from another or a restarted server.
                    index = None;
                    let trouble = error.full_message();
                    if !std::mem::replace(&mut failing, true) {
                        let service = &self.query.service;
                        tracing::warn!(
                            service,
                            error = trouble,
                            "registry query failed, keeping known endpoints"
                        );
                    }
                    publisher.doubt(trouble);
                    tokio::time::sleep(backoff.next_delay()).await;
                }
            }
        }
    }
}

impl RegistrySource {
    async fn query(&self, index: Option<u64>) -> Result<Listing, RegistryError> {
        let blocking = index.map(|index| BlockingQuery { index, wait: WAIT });
        let limit = if blocking.is_some() { BLOCKING_TIMEOUT } else { TIMEOUT };
        with_timeout(limit, self.registry.passing(&self.query, blocking)).await
    }

    /// Publishes a response, unless it is empty although endpoints are known: a registry that lost
    /// its data responds like one whose instances have all stopped. If they have, their callers
    /// notice by failing connections.
    fn apply(&self, listing: Listing, publisher: &Publisher) {
        let last = publisher.last();
        if listing.endpoints.is_empty() && !last.endpoints.is_empty() {
            publisher.doubt("the registry lists no passing instance; keeping the last known");
        } else if listing.leaderless && last.resolved {
            publisher.doubt("the registry has no leader and may be out of date");
        } else {
            publisher.publish(listing.endpoints);
        }
    }
}

/// The index of the next query; `None`, a query that does not block, if the index is missing or has
/// decreased. At least 1, because queries with index 0 never block.
fn next_index(last: Option<u64>, received: Option<u64>) -> Option<u64> {
    let received = received?.max(1);
    if last.is_some_and(|last| received < last) { None } else { Some(received) }
}

#[cfg(test)]
mod tests;

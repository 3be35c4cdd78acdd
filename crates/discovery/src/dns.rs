//! Endpoints from DNS.

use std::{collections::BTreeSet, net::SocketAddr, time::Duration};

use backoff::{Backoff, jitter};
use tokio::{net::lookup_host, time::sleep};

use crate::{Endpoint, Publisher, Source};

/// Interval between lookups. The system's resolver does not return the TTL of its response.
const INTERVAL: Duration = Duration::from_secs(5);
/// Time after which a pending lookup marks the set as stale. The lookup is not cancelled: the
/// system's resolver blocks a thread, and further lookups would block more.
const LATE_AFTER: Duration = Duration::from_secs(2);
/// First delay after a failure.
const FIRST_DELAY: Duration = Duration::from_millis(250);
/// Limit on the number of addresses; more indicate a configuration error.
const MAX_ADDRESSES: usize = 1_000;

/// Looks up a name periodically.
#[derive(Debug)]
pub(crate) struct DnsSource {
    /// `name:port`.
    pub(crate) name: String,
}

impl Source for DnsSource {
    async fn watch(self, publisher: Publisher) {
        let look_up = || async {
            let addresses = lookup_host(self.name.as_str()).await;
            addresses.map(|addresses| addresses.take(MAX_ADDRESSES).collect())
        };
        follow(&self.name, publisher, look_up).await;
    }
}

async fn follow<F>(name: &str, publisher: Publisher, mut look_up: impl FnMut() -> F)
where
    F: Future<Output = std::io::Result<BTreeSet<SocketAddr>>>,
{
    let mut backoff = Backoff::new(FIRST_DELAY, INTERVAL);
    let mut failing = false;
    loop {
        let mut looking_up = std::pin::pin!(look_up());
        let found = tokio::select! {
            found = &mut looking_up => found,
            () = sleep(LATE_AFTER) => {
                publisher.doubt(format!("lookup of {name} takes over {} s", LATE_AFTER.as_secs()));
                looking_up.await
            }
        };
        // An empty response is an error: a name without addresses should not be found at all.
        let trouble = match found {
            Ok(found) if !found.is_empty() => {
                let found = found.into_iter().map(|address| Endpoint::at(address.to_string()));
                publisher.publish(found.collect());
                None
            }
            Ok(_) => Some(format!("{name} has no address")),
            Err(error) => Some(format!("lookup of {name} failed: {error}")),
        };
        let changed = failing != trouble.is_some();
        failing = trouble.is_some();
        let delay = match trouble {
            Some(trouble) => {
                if changed {
                    tracing::warn!(
                        name,
                        error = trouble,
                        "DNS lookup failed, keeping known endpoints"
                    );
                }
                publisher.doubt(trouble);
                backoff.next_delay()
            }
            None => {
                if changed {
                    tracing::info!(name, "DNS lookup succeeded again");
                }
                backoff.reset();
                jitter(INTERVAL, 0.5)
            }
        };
        sleep(delay).await;
    }
}

#[cfg(test)]
mod tests {
    use std::{io, sync::Mutex};

    use super::*;
    use crate::Endpoints;

    type Response = io::Result<BTreeSet<SocketAddr>>;

    fn addresses(texts: &[&str]) -> Response {
        Ok(texts.iter().map(|text| text.parse().unwrap()).collect())
    }

    /// Returns the given responses, one per lookup, and then hangs.
    struct Scripted(Mutex<std::vec::IntoIter<Response>>);

    impl Source for Scripted {
        async fn watch(self, publisher: Publisher) {
            let next = || {
                let next = self.0.lock().unwrap().next();
                async move {
                    match next {
                        Some(response) => response,
                        None => std::future::pending().await,
                    }
                }
            };
            follow("a:1", publisher, next).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn failing_lookups_keep_known_endpoints() {
        let script = vec![
            addresses(&["10.0.0.2:1", "10.0.0.1:1"]),
            Err(io::Error::other("no route")),
            addresses(&[]),
            addresses(&["10.0.0.1:1"]),
        ];
        let mut endpoints = Endpoints::watch(Scripted(Mutex::new(script.into_iter())));
        let first = endpoints.changed().await;
        assert_eq!(first.endpoints.len(), 2);
        assert_eq!(first.endpoints[0].address, "10.0.0.1:1");
        // The next change is the last response: the failures in between change nothing.
        assert_eq!(endpoints.changed().await.endpoints.len(), 1);
        assert_eq!(endpoints.freshness().trouble, None);
        sleep(INTERVAL * 20).await;
        let freshness = endpoints.freshness();
        assert!(freshness.stale_s >= 90, "{freshness:?}");
        assert!(freshness.trouble.unwrap().contains("takes over"), "it hangs");
        assert_eq!(endpoints.current().endpoints.len(), 1);
    }

    #[tokio::test]
    async fn localhost_is_resolved() {
        let mut endpoints = Endpoints::watch(DnsSource { name: "localhost:50051".to_owned() });
        let found = endpoints.changed().await;
        assert!(found.endpoints.iter().any(|it| it.address.ends_with(":50051")), "{found:?}");
    }
}

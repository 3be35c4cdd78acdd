//! A service's endpoints, as DNS tells of them.

use std::{collections::BTreeSet, net::SocketAddr, time::Duration};

use tokio::{net::lookup_host, time::sleep};

use crate::{
    Endpoint, Publisher, Source,
    backoff::{Backoff, jittered},
};

/// How often the name is looked up. The system's resolver does not tell how long its answer holds.
const EVERY: Duration = Duration::from_secs(5);
/// After this an answer is late, though it is still waited for: the system's resolver cannot be
/// stopped, and asking it again meanwhile would only pile up threads.
const LATE: Duration = Duration::from_secs(2);
/// After failures.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// More addresses are a mistake, not a fleet.
const MAX_ADDRESSES: usize = 1_000;

/// Looks up a name, again and again.
#[derive(Debug)]
pub(crate) struct Dns {
    /// As `name:port`.
    pub(crate) name: String,
}

impl Source for Dns {
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
    let mut backoff = Backoff::new(FIRST_PAUSE, EVERY);
    let mut failing = false;
    loop {
        let mut looking_up = std::pin::pin!(look_up());
        let found = tokio::select! {
            found = &mut looking_up => found,
            () = sleep(LATE) => {
                publisher.doubt(format!("{name} has been looked up for {} s", LATE.as_secs()));
                looking_up.await
            }
        };
        // An empty answer is none: a name that stands for nothing would not be found.
        let trouble = match found {
            Ok(found) if !found.is_empty() => {
                let found = found.into_iter().map(|address| Endpoint::at(address.to_string()));
                publisher.publish(found.collect());
                None
            }
            Ok(_) => Some(format!("{name} has no address")),
            Err(error) => Some(format!("{name} cannot be looked up: {error}")),
        };
        let news = failing != trouble.is_some();
        failing = trouble.is_some();
        let pause = match trouble {
            Some(trouble) => {
                if news {
                    tracing::warn!(trouble, "keeping the endpoints that are known");
                }
                publisher.doubt(trouble);
                backoff.next()
            }
            None => {
                if news {
                    tracing::info!(name, "is found again");
                }
                backoff.reset();
                jittered(EVERY)
            }
        };
        sleep(pause).await;
    }
}

#[cfg(test)]
mod tests {
    use std::{io, sync::Mutex};

    use super::*;
    use crate::Endpoints;

    type Answer = io::Result<BTreeSet<SocketAddr>>;

    fn addresses(texts: &[&str]) -> Answer {
        Ok(texts.iter().map(|text| text.parse().unwrap()).collect())
    }

    /// Answers what it is given, one lookup after the other; then it hangs.
    struct Scripted(Mutex<std::vec::IntoIter<Answer>>);

    impl Source for Scripted {
        async fn watch(self, publisher: Publisher) {
            let next = || {
                let next = self.0.lock().unwrap().next();
                async move {
                    match next {
                        Some(answer) => answer,
                        None => std::future::pending().await,
                    }
                }
            };
            follow("a:1", publisher, next).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_known_outlives_a_resolver_that_fails() {
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
        // The next that differs is the last: failures in between change nothing.
        assert_eq!(endpoints.changed().await.endpoints.len(), 1);
        assert_eq!(endpoints.freshness().trouble, None);
        sleep(EVERY * 20).await;
        let freshness = endpoints.freshness();
        assert!(freshness.stale_s >= 90, "{freshness:?}");
        assert!(freshness.trouble.unwrap().contains("looked up for"), "it hangs");
        assert_eq!(endpoints.current().endpoints.len(), 1);
    }

    #[tokio::test]
    async fn a_name_of_this_machine_is_found() {
        let mut endpoints = Endpoints::watch(Dns { name: "localhost:50051".to_owned() });
        let found = endpoints.changed().await;
        assert!(found.endpoints.iter().any(|it| it.address.ends_with(":50051")), "{found:?}");
    }
}

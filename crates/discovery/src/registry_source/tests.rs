use std::{
    collections::VecDeque,
    io,
    sync::{Mutex, atomic::AtomicU64, atomic::Ordering},
};

use async_trait::async_trait;
use tokio::time::Instant;

use super::*;
use crate::{Endpoint, Endpoints, Instance, Registration, Status};

/// The registry's reaction to a query.
enum Response {
    Listing { addresses: Vec<&'static str>, index: Option<u64> },
    Leaderless(Vec<&'static str>),
    Fails,
    Hangs,
}

/// Returns scripted responses and then hangs. Records the time and index of each query.
#[derive(Default)]
struct Scripted {
    answers: Mutex<VecDeque<Response>>,
    requests: Mutex<Vec<(Instant, Option<u64>)>>,
    /// After the script, respond to each query with a different set instead of hanging.
    churns: bool,
    versions: AtomicU64,
}

impl std::fmt::Debug for Scripted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scripted")
    }
}

impl Scripted {
    fn new(answers: impl IntoIterator<Item = Response>) -> Arc<Self> {
        Arc::new(Self { answers: Mutex::new(answers.into_iter().collect()), ..Self::default() })
    }

    fn follow(self: &Arc<Self>) -> Endpoints {
        let query = Query { service: "s".to_owned(), tags: Vec::new(), datacenter: None };
        Endpoints::watch(RegistrySource { registry: self.clone(), query })
    }

    fn indexes(&self) -> Vec<Option<u64>> {
        self.requests.lock().unwrap().iter().map(|(_, index)| *index).collect()
    }
}

#[async_trait]
impl Registry for Scripted {
    async fn passing(
        &self,
        _: &Query,
        blocking: Option<BlockingQuery>,
    ) -> Result<Listing, RegistryError> {
        self.requests
            .lock()
            .unwrap()
            .push((Instant::now(), blocking.map(|blocking| blocking.index)));
        let next = self.answers.lock().unwrap().pop_front();
        match next {
            Some(Response::Listing { addresses, index }) => Ok(listing(&addresses, index)),
            Some(Response::Leaderless(addresses)) => {
                Ok(Listing { leaderless: true, ..listing(&addresses, Some(1)) })
            }
            Some(Response::Fails) => {
                Err(RegistryError::Unreachable(Box::new(io::Error::other("refused"))))
            }
            None if self.churns => {
                let version = self.versions.fetch_add(1, Ordering::Relaxed);
                let endpoint = Endpoint::at(format!("a:{}", version % 60_000 + 1));
                Ok(Listing { endpoints: vec![endpoint], index: Some(version), leaderless: false })
            }
            Some(Response::Hangs) | None => std::future::pending().await,
        }
    }

    async fn register(&self, _: &Instance, _: Status) -> Result<(), RegistryError> {
        Ok(())
    }

    async fn deregister(&self, _: &str) -> Result<(), RegistryError> {
        Ok(())
    }

    async fn registered(&self, _: &str) -> Result<Vec<Registration>, RegistryError> {
        Ok(Vec::new())
    }

    async fn report(&self, _: &str, _: Status) -> Result<(), RegistryError> {
        Ok(())
    }
}

fn listing(addresses: &[&str], index: Option<u64>) -> Listing {
    let endpoints = addresses.iter().map(|address| Endpoint::at(*address)).collect();
    Listing { endpoints, index, leaderless: false }
}

fn lists(addresses: &[&'static str], index: u64) -> Response {
    Response::Listing { addresses: addresses.to_vec(), index: Some(index) }
}

/// Waits for the given number of queries.
async fn played(registry: &Scripted, questions: usize) {
    while registry.requests.lock().unwrap().len() < questions {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tokio::time::sleep(Duration::from_millis(1)).await;
}

#[tokio::test(start_paused = true)]
async fn a_decreasing_or_missing_index_is_reset_and_zero_counts_as_one() {
    let registry = Scripted::new([
        lists(&["a:1"], 50),
        lists(&["a:1"], 51),
        lists(&["a:1"], 7),
        lists(&["a:1"], 8),
        Response::Listing { addresses: vec!["a:1"], index: None },
        lists(&["a:1"], 0),
    ]);
    let _endpoints = registry.follow();
    played(&registry, 7).await;
    let asked = registry.indexes();
    assert_eq!(asked, [None, Some(50), Some(51), None, Some(8), None, Some(1)]);
}

#[tokio::test(start_paused = true)]
async fn a_registry_that_fails_or_lost_its_data_empties_nothing() {
    let registry = Scripted::new([
        lists(&["a:1", "b:2"], 5),
        Response::Fails,
        lists(&[], 1),
        Response::Leaderless(vec![]),
        Response::Hangs,
        Response::Leaderless(vec!["c:3"]),
        lists(&[], 2),
    ]);
    let endpoints = registry.follow();
    played(&registry, 8).await;
    let known = endpoints.current();
    assert_eq!(known.endpoints.len(), 2, "{known:?}");
    let freshness = endpoints.freshness();
    assert!(freshness.trouble.unwrap().contains("lists no passing"));
    assert!(freshness.stale_s >= TIMEOUT.as_secs(), "{}", freshness.stale_s);
}

#[tokio::test(start_paused = true)]
async fn an_empty_set_is_published_if_none_was_known() {
    let registry = Scripted::new([lists(&[], 1), Response::Hangs, lists(&["a:1"], 2)]);
    let mut endpoints = registry.follow();
    let first = endpoints.changed().await;
    assert!(first.resolved && first.endpoints.is_empty());
    assert_eq!(endpoints.changed().await.endpoints.len(), 1);
    assert_eq!(endpoints.freshness().trouble, None);
}

#[tokio::test(start_paused = true)]
async fn the_query_after_a_failure_does_not_block() {
    let registry = Scripted::new([lists(&["a:1"], 5_000), Response::Fails, lists(&["b:2"], 3)]);
    let mut endpoints = registry.follow();
    assert_eq!(endpoints.changed().await.endpoints[0].address, "a:1");
    assert_eq!(endpoints.changed().await.endpoints[0].address, "b:2");
    assert_eq!(registry.indexes()[..3], [None, Some(5_000), None]);
}

#[tokio::test(start_paused = true)]
async fn a_query_that_hangs_is_cancelled_and_repeated() {
    let registry = Scripted::new([lists(&["a:1"], 5), Response::Hangs, lists(&["b:2"], 6)]);
    let mut endpoints = registry.follow();
    endpoints.changed().await;
    let began = Instant::now();
    assert_eq!(endpoints.changed().await.endpoints[0].address, "b:2");
    let waited = began.elapsed();
    assert!(waited > WAIT && waited < WAIT + Duration::from_secs(3), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn frequent_changes_cause_at_most_two_queries_a_second() {
    let registry = Arc::new(Scripted { churns: true, ..Scripted::default() });
    let mut endpoints = registry.follow();
    tokio::time::sleep(Duration::from_secs(30)).await;
    let asked = registry.requests.lock().unwrap().len();
    assert!((40..=60).contains(&asked), "{asked} in 30 s");
    // The last change is published within a second.
    let last = Instant::now();
    let version = registry.versions.load(Ordering::Relaxed);
    while !endpoints.current().endpoints[0].address.ends_with(&format!(":{}", version + 1)) {
        endpoints.changed().await;
    }
    assert!(last.elapsed() <= Duration::from_secs(1), "{:?}", last.elapsed());
}

#[tokio::test(start_paused = true)]
async fn queries_of_a_failing_registry_back_off() {
    let registry = Scripted::new((0..60).map(|_| Response::Fails));
    let _endpoints = registry.follow();
    tokio::time::sleep(Duration::from_secs(60)).await;
    let asked = registry.requests.lock().unwrap();
    let max = asked.windows(2).map(|pair| pair[1].0 - pair[0].0).max().unwrap();
    assert!((15..=50).contains(&asked.len()), "{} in a minute", asked.len());
    assert!(max <= MAX_DELAY + REFILL, "{max:?}");
}

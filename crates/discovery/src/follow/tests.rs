use std::{
    collections::VecDeque,
    io,
    sync::{Mutex, atomic::AtomicU64, atomic::Ordering},
};

use async_trait::async_trait;
use tokio::time::Instant;

use super::*;
use crate::{Endpoint, Endpoints, Instance, Registered, Status};

/// What the registry does when it is asked next.
enum Answer {
    Listing { addresses: Vec<&'static str>, index: Option<u64> },
    Leaderless(Vec<&'static str>),
    Fails,
    Hangs,
}

/// Answers by script, then hangs; remembers when it was asked, and for what.
#[derive(Default)]
struct Scripted {
    answers: Mutex<VecDeque<Answer>>,
    asked: Mutex<Vec<(Instant, Option<u64>)>>,
    /// Instead of hanging: each question is answered at once with a set of its own.
    churns: bool,
    versions: AtomicU64,
}

impl std::fmt::Debug for Scripted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scripted")
    }
}

impl Scripted {
    fn new(answers: impl IntoIterator<Item = Answer>) -> Arc<Self> {
        Arc::new(Self { answers: Mutex::new(answers.into_iter().collect()), ..Self::default() })
    }

    fn follow(self: &Arc<Self>) -> Endpoints {
        let query = Query { service: "s".to_owned(), tags: Vec::new(), datacenter: None };
        Endpoints::watch(Follow { registry: self.clone(), query })
    }

    fn indexes(&self) -> Vec<Option<u64>> {
        self.asked.lock().unwrap().iter().map(|(_, index)| *index).collect()
    }
}

#[async_trait]
impl Registry for Scripted {
    async fn passing(&self, _: &Query, newer: Option<Newer>) -> Result<Listing, RegistryError> {
        self.asked.lock().unwrap().push((Instant::now(), newer.map(|newer| newer.index)));
        let next = self.answers.lock().unwrap().pop_front();
        match next {
            Some(Answer::Listing { addresses, index }) => Ok(listing(&addresses, index)),
            Some(Answer::Leaderless(addresses)) => {
                Ok(Listing { leaderless: true, ..listing(&addresses, Some(1)) })
            }
            Some(Answer::Fails) => {
                Err(RegistryError::Unreachable(Box::new(io::Error::other("refused"))))
            }
            None if self.churns => {
                let version = self.versions.fetch_add(1, Ordering::Relaxed);
                let endpoint = Endpoint::at(format!("a:{}", version % 60_000 + 1));
                Ok(Listing { endpoints: vec![endpoint], index: Some(version), leaderless: false })
            }
            Some(Answer::Hangs) | None => std::future::pending().await,
        }
    }

    async fn register(&self, _: &Instance, _: Status) -> Result<(), RegistryError> {
        Ok(())
    }

    async fn deregister(&self, _: &str) -> Result<(), RegistryError> {
        Ok(())
    }

    async fn registered(&self, _: &str) -> Result<Vec<Registered>, RegistryError> {
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

fn lists(addresses: &[&'static str], index: u64) -> Answer {
    Answer::Listing { addresses: addresses.to_vec(), index: Some(index) }
}

/// Waits until all of the script was asked for, and the question that hangs.
async fn played(registry: &Scripted, questions: usize) {
    while registry.asked.lock().unwrap().len() < questions {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tokio::time::sleep(Duration::from_millis(1)).await;
}

#[tokio::test(start_paused = true)]
async fn an_index_that_falls_or_is_missing_begins_anew_and_zero_counts_as_one() {
    let registry = Scripted::new([
        lists(&["a:1"], 50),
        lists(&["a:1"], 51),
        lists(&["a:1"], 7),
        lists(&["a:1"], 8),
        Answer::Listing { addresses: vec!["a:1"], index: None },
        lists(&["a:1"], 0),
    ]);
    let _endpoints = registry.follow();
    played(&registry, 7).await;
    let asked = registry.indexes();
    assert_eq!(asked, [None, Some(50), Some(51), None, Some(8), None, Some(1)]);
}

#[tokio::test(start_paused = true)]
async fn a_registry_that_fails_or_forgets_empties_nothing() {
    let registry = Scripted::new([
        lists(&["a:1", "b:2"], 5),
        Answer::Fails,
        lists(&[], 1),
        Answer::Leaderless(vec![]),
        Answer::Hangs,
        Answer::Leaderless(vec!["c:3"]),
        lists(&[], 2),
    ]);
    let endpoints = registry.follow();
    played(&registry, 8).await;
    let known = endpoints.current();
    assert_eq!(known.endpoints.len(), 2, "{known:?}");
    let freshness = endpoints.freshness();
    assert!(freshness.trouble.unwrap().contains("lists none"));
    assert!(freshness.stale_s >= ANSWER_AT_ONCE_WITHIN.as_secs(), "{}", freshness.stale_s);
}

#[tokio::test(start_paused = true)]
async fn an_empty_set_is_believed_when_nothing_was_known() {
    let registry = Scripted::new([lists(&[], 1), Answer::Hangs, lists(&["a:1"], 2)]);
    let mut endpoints = registry.follow();
    let first = endpoints.changed().await;
    assert!(first.resolved && first.endpoints.is_empty());
    assert_eq!(endpoints.changed().await.endpoints.len(), 1);
    assert_eq!(endpoints.freshness().trouble, None);
}

#[tokio::test(start_paused = true)]
async fn after_a_failure_the_question_does_not_wait_for_news() {
    let registry = Scripted::new([lists(&["a:1"], 5_000), Answer::Fails, lists(&["b:2"], 3)]);
    let mut endpoints = registry.follow();
    assert_eq!(endpoints.changed().await.endpoints[0].address, "a:1");
    assert_eq!(endpoints.changed().await.endpoints[0].address, "b:2");
    assert_eq!(registry.indexes()[..3], [None, Some(5_000), None]);
}

#[tokio::test(start_paused = true)]
async fn a_registry_that_hangs_is_given_up_and_asked_again() {
    let registry = Scripted::new([lists(&["a:1"], 5), Answer::Hangs, lists(&["b:2"], 6)]);
    let mut endpoints = registry.follow();
    endpoints.changed().await;
    let began = Instant::now();
    assert_eq!(endpoints.changed().await.endpoints[0].address, "b:2");
    let waited = began.elapsed();
    assert!(waited > WAIT && waited < WAIT + Duration::from_secs(3), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn churn_is_followed_at_two_questions_a_second_at_most() {
    let registry = Arc::new(Scripted { churns: true, ..Scripted::default() });
    let mut endpoints = registry.follow();
    tokio::time::sleep(Duration::from_secs(30)).await;
    let asked = registry.asked.lock().unwrap().len();
    assert!((40..=60).contains(&asked), "{asked} in 30 s");
    // What is true at last is known within a second.
    let last = Instant::now();
    let version = registry.versions.load(Ordering::Relaxed);
    while !endpoints.current().endpoints[0].address.ends_with(&format!(":{}", version + 1)) {
        endpoints.changed().await;
    }
    assert!(last.elapsed() <= Duration::from_secs(1), "{:?}", last.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_registry_that_is_down_is_asked_less_and_less_but_always_again() {
    let registry = Scripted::new((0..60).map(|_| Answer::Fails));
    let _endpoints = registry.follow();
    tokio::time::sleep(Duration::from_secs(60)).await;
    let asked = registry.asked.lock().unwrap();
    let longest = asked.windows(2).map(|pair| pair[1].0 - pair[0].0).max().unwrap();
    assert!((15..=50).contains(&asked.len()), "{} in a minute", asked.len());
    assert!(longest <= LONGEST_PAUSE + REFILL, "{longest:?}");
}

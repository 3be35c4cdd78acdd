//! A set of endpoints with subscriptions to its changes, and the source that publishes it.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use tokio::{sync::watch, task::AbortHandle, time::Instant};

use crate::Endpoint;

/// A source of the endpoints of a service, such as DNS or a registry.
///
/// **Invariant:** a source that fails calls [`Publisher::doubt`], and never publishes an empty set
/// because of a failure: the set that was published last stays.
pub trait Source: Send + 'static {
    /// Publishes the current endpoints, and each change. Runs until the last subscriber is dropped,
    /// or returns if there will be no further change.
    fn watch(self, publisher: Publisher) -> impl Future<Output = ()> + Send;
}

/// The last known endpoints of a service. Cheap to clone; dropping the last clone stops the source.
///
/// Each clone is an independent subscription to changes, usable on any runtime.
#[derive(Debug, Clone)]
pub struct Endpoints {
    snapshots: watch::Receiver<Snapshot>,
    freshness: Arc<Mutex<FreshnessState>>,
    _work: Option<Arc<AbortOnDrop>>,
}

/// The endpoints at one point in time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Sorted by id; ids are unique.
    pub endpoints: Arc<[Endpoint]>,
    /// Whether the source has published. Until then the set is empty because it is unknown, and
    /// callers should wait for a moment.
    pub resolved: bool,
}

/// Whether a set is up to date.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Freshness {
    /// Seconds since the set was last confirmed; zero while it is fresh. A fixed list always is.
    pub stale_s: u64,
    /// The source's last error, for operators; `None` while the set is fresh.
    pub trouble: Option<String>,
}

#[derive(Debug)]
struct FreshnessState {
    /// Time of the last confirmation; of the start, if there was none.
    confirmed: Instant,
    stale: bool,
    trouble: Option<String>,
}

impl Endpoints {
    /// A set that never changes.
    pub fn fixed(endpoints: impl IntoIterator<Item = Endpoint>) -> Self {
        let (publisher, fixed) = Self::published();
        publisher.publish(endpoints.into_iter().collect());
        fixed
    }

    /// Runs `source` in a task on the current runtime, until the last clone of the set is dropped.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn watch(source: impl Source) -> Self {
        let (publisher, endpoints) = Self::published();
        let work = tokio::spawn(async move { source.watch(publisher).await });
        Self { _work: Some(Arc::new(AbortOnDrop(work.abort_handle()))), ..endpoints }
    }

    /// A set and its publisher, for tests. Dropping the publisher keeps the set as it is.
    pub fn published() -> (Publisher, Self) {
        let (sender, snapshots) = watch::channel(Snapshot::default());
        let freshness = FreshnessState { confirmed: Instant::now(), stale: true, trouble: None };
        let freshness = Arc::new(Mutex::new(freshness));
        let publisher = Publisher { snapshots: sender, freshness: freshness.clone() };
        (publisher, Self { snapshots, freshness, _work: None })
    }

    pub fn current(&self) -> Snapshot {
        self.snapshots.borrow().clone()
    }

    /// Waits for a snapshot that this clone has not seen, and returns it. A new clone has seen the
    /// same as its original. Never returns if there will be no further change.
    ///
    /// Cancel-safe.
    pub async fn changed(&mut self) -> Snapshot {
        if self.snapshots.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        self.snapshots.borrow_and_update().clone()
    }

    pub fn freshness(&self) -> Freshness {
        lock(&self.freshness).freshness()
    }

    /// The freshness, without being a subscriber.
    pub(crate) fn weak_freshness(&self) -> WeakFreshness {
        WeakFreshness(Arc::downgrade(&self.freshness))
    }
}

impl FreshnessState {
    fn freshness(&self) -> Freshness {
        let age = if self.stale { self.confirmed.elapsed() } else { Duration::ZERO };
        Freshness { stale_s: age.as_secs(), trouble: self.trouble.clone() }
    }
}

/// Reads the freshness of a set, without keeping its source alive.
#[derive(Debug)]
pub(crate) struct WeakFreshness(Weak<Mutex<FreshnessState>>);

impl WeakFreshness {
    /// `None` once the last subscriber is dropped.
    pub(crate) fn get(&self) -> Option<Freshness> {
        self.0.upgrade().map(|state| lock(&state).freshness())
    }
}

/// Updates a set of [`Endpoints`]; used by its [`Source`].
#[derive(Debug)]
pub struct Publisher {
    snapshots: watch::Sender<Snapshot>,
    freshness: Arc<Mutex<FreshnessState>>,
}

impl Publisher {
    /// Replaces the set. Subscribers are notified only if it has changed.
    pub fn publish(&self, mut endpoints: Vec<Endpoint>) {
        endpoints.sort();
        endpoints.dedup_by(|one, other| one.id == other.id);
        self.confirm();
        self.snapshots.send_if_modified(|last| {
            let changed = !last.resolved || *last.endpoints != *endpoints;
            if changed {
                *last = Snapshot { endpoints: endpoints.into(), resolved: true };
            }
            changed
        });
    }

    /// Marks the set as fresh.
    pub fn confirm(&self) {
        *lock(&self.freshness) =
            FreshnessState { confirmed: Instant::now(), stale: false, trouble: None };
    }

    /// Marks the set as stale because of an error, and keeps it.
    pub fn doubt(&self, trouble: impl Into<String>) {
        let mut state = lock(&self.freshness);
        state.stale = true;
        state.trouble = Some(trouble.into());
    }

    /// The set published last.
    pub fn last(&self) -> Snapshot {
        self.snapshots.borrow().clone()
    }
}

#[derive(Debug)]
struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn lock(freshness: &Mutex<FreshnessState>) -> MutexGuard<'_, FreshnessState> {
    freshness.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(addresses: &[&str]) -> Vec<Endpoint> {
        addresses.iter().map(|address| Endpoint::at(*address)).collect()
    }

    #[tokio::test]
    async fn subscribers_are_notified_of_changes_only() {
        let (publisher, mut endpoints) = Endpoints::published();
        assert!(!endpoints.current().resolved);
        publisher.publish(at(&["b:2", "a:1", "b:2"]));
        let first = endpoints.changed().await;
        assert_eq!(*first.endpoints, at(&["a:1", "b:2"])[..]);
        publisher.publish(at(&["a:1", "b:2"]));
        publisher.publish(at(&["a:1"]));
        assert_eq!(
            endpoints.changed().await.endpoints.len(),
            1,
            "the second did not change the set"
        );
    }

    #[tokio::test]
    async fn the_first_set_is_a_change_even_if_empty() {
        let (publisher, mut endpoints) = Endpoints::published();
        publisher.publish(Vec::new());
        assert!(endpoints.changed().await.resolved);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stale_set_is_kept_and_its_age_measured() {
        let (publisher, endpoints) = Endpoints::published();
        publisher.publish(at(&["a:1"]));
        tokio::time::advance(Duration::from_secs(100)).await;
        assert_eq!(endpoints.freshness().stale_s, 0, "it is fresh");
        publisher.doubt("refused");
        tokio::time::advance(Duration::from_secs(50)).await;
        publisher.doubt("no answer");
        tokio::time::advance(Duration::from_secs(10)).await;
        let freshness = endpoints.freshness();
        assert_eq!((freshness.stale_s, freshness.trouble.as_deref()), (160, Some("no answer")));
        assert_eq!(*endpoints.current().endpoints, at(&["a:1"])[..]);
        publisher.confirm();
        assert_eq!(endpoints.freshness(), Freshness { stale_s: 0, trouble: None });
    }

    #[tokio::test]
    async fn the_source_stops_with_the_last_clone() {
        struct Forever(Arc<()>);
        impl Source for Forever {
            async fn watch(self, _: Publisher) {
                let _alive = self.0;
                std::future::pending::<()>().await;
            }
        }
        let alive = Arc::new(());
        let endpoints = Endpoints::watch(Forever(alive.clone()));
        let clone = endpoints.clone();
        drop(endpoints);
        tokio::task::yield_now().await;
        assert_eq!(Arc::strong_count(&alive), 2);
        drop(clone);
        while Arc::strong_count(&alive) > 1 {
            tokio::task::yield_now().await;
        }
    }
}

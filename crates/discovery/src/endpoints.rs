//! A set of endpoints that changes under one's eyes.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use tokio::{sync::watch, task::AbortHandle, time::Instant};

use crate::{Endpoint, Source};

/// The replicas of a service, as last known. Cheap to clone; with the last clone the watch ends.
///
/// Clones see changes independently of each other. They may be used on any runtime, or on none.
#[derive(Debug, Clone)]
pub struct Endpoints {
    snapshots: watch::Receiver<Snapshot>,
    contact: Arc<Mutex<Contact>>,
    _work: Option<Arc<AbortOnDrop>>,
}

/// The set at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// In the order of their ids; no id twice.
    pub endpoints: Arc<[Endpoint]>,
    /// Whether anybody has been able to say yet. Until then the set is empty because nothing is
    /// known, and it is worth waiting a moment.
    pub resolved: bool,
}

/// How far a set can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Freshness {
    /// How long ago the set was last confirmed, in seconds; zero while nobody doubts it, as a fixed
    /// list never is.
    pub stale_s: u64,
    /// Why it could not be confirmed when that was last tried, for operators; nothing when it was.
    pub trouble: Option<String>,
}

/// What is known of whoever is asked for the endpoints.
#[derive(Debug)]
struct Contact {
    /// Or when it was first asked, if it has never said anything.
    confirmed: Instant,
    doubted: bool,
    trouble: Option<String>,
}

impl Endpoints {
    /// These and no others, for ever.
    pub fn fixed(endpoints: impl IntoIterator<Item = Endpoint>) -> Self {
        let (publisher, fixed) = Self::published();
        publisher.publish(endpoints.into_iter().collect());
        fixed
    }

    /// What `source` says, from now on. It works on the runtime this is called on, until the last
    /// clone of what is returned is dropped.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn watch(source: impl Source) -> Self {
        let (publisher, endpoints) = Self::published();
        let work = tokio::spawn(async move { source.watch(publisher).await });
        Self { _work: Some(Arc::new(AbortOnDrop(work.abort_handle()))), ..endpoints }
    }

    /// A set that is told by hand, as tests do. It stays as it is once the publisher is dropped.
    pub fn published() -> (Publisher, Self) {
        let (sender, snapshots) = watch::channel(Snapshot::default());
        let contact = Contact { confirmed: Instant::now(), doubted: true, trouble: None };
        let contact = Arc::new(Mutex::new(contact));
        let publisher = Publisher { snapshots: sender, contact: contact.clone() };
        (publisher, Self { snapshots, contact, _work: None })
    }

    /// The set as it is now.
    pub fn current(&self) -> Snapshot {
        self.snapshots.borrow().clone()
    }

    /// Waits for the next set that this clone has not seen, and returns it. A new clone has seen
    /// what its original has. When there can be no other, this never returns.
    ///
    /// Cancel safe: what was not returned is returned by the next call.
    pub async fn changed(&mut self) -> Snapshot {
        if self.snapshots.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        self.snapshots.borrow_and_update().clone()
    }

    /// How far the set can be trusted just now.
    pub fn freshness(&self) -> Freshness {
        lock(&self.contact).freshness()
    }

    /// The same for as long as somebody watches, without watching.
    pub(crate) fn contact(&self) -> WeakContact {
        WeakContact(Arc::downgrade(&self.contact))
    }
}

impl Contact {
    fn freshness(&self) -> Freshness {
        let stale = if self.doubted { self.confirmed.elapsed() } else { Duration::ZERO };
        Freshness { stale_s: stale.as_secs(), trouble: self.trouble.clone() }
    }
}

/// Sees how fresh a set is, and keeps nothing alive.
#[derive(Debug)]
pub(crate) struct WeakContact(Weak<Mutex<Contact>>);

impl WeakContact {
    pub(crate) fn freshness(&self) -> Option<Freshness> {
        self.0.upgrade().map(|contact| lock(&contact).freshness())
    }
}

/// The other end of [`Endpoints`]: through it a [`Source`] says what it knows.
#[derive(Debug)]
pub struct Publisher {
    snapshots: watch::Sender<Snapshot>,
    contact: Arc<Mutex<Contact>>,
}

impl Publisher {
    /// These are the endpoints now. Who watches hears of it only if it is news.
    pub fn publish(&self, mut endpoints: Vec<Endpoint>) {
        endpoints.sort();
        endpoints.dedup_by(|one, other| one.id == other.id);
        self.confirm();
        self.snapshots.send_if_modified(|last| {
            let news = !last.resolved || *last.endpoints != *endpoints;
            if news {
                *last = Snapshot { endpoints: endpoints.into(), resolved: true };
            }
            news
        });
    }

    /// What was published last is still true.
    pub fn confirm(&self) {
        *lock(&self.contact) = Contact { confirmed: Instant::now(), doubted: false, trouble: None };
    }

    /// It could not be found out whether what was published last is still true. It stays.
    pub fn doubt(&self, trouble: impl Into<String>) {
        let mut contact = lock(&self.contact);
        contact.doubted = true;
        contact.trouble = Some(trouble.into());
    }

    /// What was published last.
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

fn lock(contact: &Mutex<Contact>) -> MutexGuard<'_, Contact> {
    contact.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(addresses: &[&str]) -> Vec<Endpoint> {
        addresses.iter().map(|address| Endpoint::at(*address)).collect()
    }

    #[tokio::test]
    async fn only_news_wakes_who_watches() {
        let (publisher, mut endpoints) = Endpoints::published();
        assert!(!endpoints.current().resolved);
        publisher.publish(at(&["b:2", "a:1", "b:2"]));
        let first = endpoints.changed().await;
        assert_eq!(*first.endpoints, at(&["a:1", "b:2"])[..]);
        publisher.publish(at(&["a:1", "b:2"]));
        publisher.publish(at(&["a:1"]));
        assert_eq!(endpoints.changed().await.endpoints.len(), 1, "the second was no news");
    }

    #[tokio::test]
    async fn an_empty_set_is_news_when_nothing_was_known() {
        let (publisher, mut endpoints) = Endpoints::published();
        publisher.publish(Vec::new());
        assert!(endpoints.changed().await.resolved);
    }

    #[tokio::test(start_paused = true)]
    async fn doubt_keeps_the_set_and_counts_how_old_it_is() {
        let (publisher, endpoints) = Endpoints::published();
        publisher.publish(at(&["a:1"]));
        tokio::time::advance(Duration::from_secs(100)).await;
        assert_eq!(endpoints.freshness().stale_s, 0, "nobody doubts it");
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
    async fn work_ends_with_the_last_clone() {
        struct Forever(Arc<()>);
        impl Source for Forever {
            async fn watch(self, _: Publisher) {
                let _alive = self.0;
                std::future::pending().await
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

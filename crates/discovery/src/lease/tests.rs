use std::{collections::BTreeMap, io, sync::Mutex};

use async_trait::async_trait;
use tokio::time::Instant;

use super::*;
use crate::{Advertised, BlockingQuery, Listing, Query, Registration};

/// A registry in memory that can be emptied, fail and hang.
#[derive(Debug, Default)]
struct Memory {
    instances: Mutex<BTreeMap<String, (String, Status)>>,
    reports: Mutex<Vec<Status>>,
    refuses: Mutex<bool>,
    hangs: Mutex<bool>,
}

impl Memory {
    async fn admit(&self) -> Result<(), RegistryError> {
        if *self.hangs.lock().unwrap() {
            std::future::pending::<()>().await;
        }
        if *self.refuses.lock().unwrap() {
            return Err(RegistryError::Unreachable(Box::new(io::Error::other("refused"))));
        }
        Ok(())
    }

    fn statuses(&self) -> Vec<Status> {
        self.instances.lock().unwrap().values().map(|(_, status)| *status).collect()
    }

    /// Waits until instances with exactly these statuses are registered.
    async fn becomes(&self, wanted: &[Status]) {
        while self.statuses() != wanted {
            sleep(Duration::from_millis(1)).await;
        }
    }
}

#[async_trait]
impl Registry for Memory {
    async fn passing(&self, _: &Query, _: Option<BlockingQuery>) -> Result<Listing, RegistryError> {
        Ok(Listing::default())
    }

    async fn register(&self, instance: &Instance, status: Status) -> Result<(), RegistryError> {
        self.admit().await?;
        let entry = (instance.address(), status);
        // Like Consul: an existing registration keeps its status.
        self.instances.lock().unwrap().entry(instance.id.clone()).or_insert(entry);
        Ok(())
    }

    async fn deregister(&self, id: &str) -> Result<(), RegistryError> {
        self.admit().await?;
        self.instances.lock().unwrap().remove(id);
        Ok(())
    }

    async fn registered(&self, _: &str) -> Result<Vec<Registration>, RegistryError> {
        self.admit().await?;
        let instances = self.instances.lock().unwrap();
        let registered = instances
            .iter()
            .map(|(id, (address, _))| Registration { id: id.clone(), address: address.clone() });
        Ok(registered.collect())
    }

    async fn report(&self, id: &str, status: Status) -> Result<(), RegistryError> {
        self.admit().await?;
        self.reports.lock().unwrap().push(status);
        if let Some(instance) = self.instances.lock().unwrap().get_mut(id) {
            instance.1 = status;
        }
        Ok(())
    }
}

const GRPC: Check = Check::Grpc { interval: Duration::from_secs(10), tls: false };
const TTL: Check = Check::Ttl { ttl: Duration::from_secs(9) };

fn instance(check: Check) -> Instance {
    Instance::new("s", &Advertised { host: "10.0.0.7".to_owned(), port: 1 }, check)
}

fn lease(registry: &Arc<Memory>, check: Check, ready: &watch::Sender<bool>) -> Lease {
    Lease::keep(registry.clone(), instance(check), ready.subscribe())
}

#[tokio::test(start_paused = true)]
async fn the_status_follows_readiness() {
    for check in [GRPC, TTL] {
        let (registry, ready) = (Arc::new(Memory::default()), watch::Sender::new(false));
        let lease = lease(&registry, check, &ready);
        registry.becomes(&[Status::Critical]).await;
        for (now, status) in [(true, Status::Passing), (false, Status::Critical)] {
            let began = Instant::now();
            ready.send_replace(now);
            registry.becomes(&[status]).await;
            assert!(began.elapsed() < Duration::from_secs(1), "it does not wait for a check");
        }
        lease.release().await;
        registry.becomes(&[]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_instance_is_registered_again_with_its_status_if_the_registry_lost_it() {
    let (registry, ready) = (Arc::new(Memory::default()), watch::Sender::new(true));
    let lease = lease(&registry, GRPC, &ready);
    registry.becomes(&[Status::Passing]).await;
    for _ in 0..20 {
        *registry.refuses.lock().unwrap() = true;
        sleep(Duration::from_secs(30)).await;
        assert!(matches!(*lease.state().borrow(), LeaseState::Unknown(_)));
        registry.instances.lock().unwrap().clear();
        *registry.refuses.lock().unwrap() = false;
        let began = Instant::now();
        registry.becomes(&[Status::Passing]).await;
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        lease.state().wait_for(|it| *it == LeaseState::Registered).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn only_registrations_of_an_earlier_process_are_removed() {
    let registry = Arc::new(Memory::default());
    let elsewhere = ("10.0.0.8:1".to_owned(), Status::Passing);
    let ghost = ("10.0.0.7:1".to_owned(), Status::Passing);
    registry
        .instances
        .lock()
        .unwrap()
        .extend([("elsewhere".to_owned(), elsewhere), ("ghost".to_owned(), ghost)]);
    let ready = watch::Sender::new(true);
    let lease = lease(&registry, GRPC, &ready);
    lease.state().wait_for(|it| *it == LeaseState::Registered).await.unwrap();
    let ids: Vec<_> = registry.instances.lock().unwrap().keys().cloned().collect();
    assert_eq!(ids.len(), 2, "{ids:?}");
    assert!(ids.contains(&"elsewhere".to_owned()) && !ids.contains(&"ghost".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn reports_are_sent_within_the_ttl() {
    let (registry, ready) = (Arc::new(Memory::default()), watch::Sender::new(true));
    let _lease = lease(&registry, TTL, &ready);
    sleep(Duration::from_secs(90)).await;
    let reports = registry.reports.lock().unwrap().len();
    assert!((30..=100).contains(&reports), "{reports} in 90 s, for a TTL of 9 s");
}

#[tokio::test(start_paused = true)]
async fn a_release_is_fast_even_if_the_registry_hangs() {
    for hangs in [false, true] {
        let (registry, ready) = (Arc::new(Memory::default()), watch::Sender::new(true));
        let lease = lease(&registry, GRPC, &ready);
        registry.becomes(&[Status::Passing]).await;
        *registry.hangs.lock().unwrap() = hangs;
        // Long enough for a check to start, which may hang.
        sleep(CHECK_INTERVAL * 2).await;
        let began = Instant::now();
        lease.release().await;
        assert!(began.elapsed() <= FINISH_TIMEOUT + RELEASE_TIMEOUT, "{:?}", began.elapsed());
        assert_eq!(registry.statuses().is_empty(), !hangs);
    }
}

#[tokio::test]
async fn without_a_registry_there_is_nothing_to_release() {
    let lease = Lease::none();
    assert_eq!(*lease.state().borrow(), LeaseState::Unlisted);
    lease.release().await;
}

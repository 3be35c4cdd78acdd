//! Faulty agents.

use std::{sync::Arc, time::Duration};

use discovery::{Endpoints, Lease, LeaseState, Registry, Status};
use testkit::{ConsulFault, FakeConsul};
use tokio::{sync::watch::Sender, time::Instant};

use crate::subject::{becomes, instance, query, registry, watch};

const SERVICE: &str = "s";

async fn known() -> (FakeConsul, Arc<dyn Registry>, Endpoints) {
    let fake = FakeConsul::start().await;
    fake.add(SERVICE, "a", 1);
    fake.add(SERVICE, "b", 2);
    let registry = registry(&fake.addr(), None);
    let mut endpoints = watch(&registry, SERVICE);
    becomes(&mut endpoints, &["127.0.0.1:1", "127.0.0.1:2"]).await;
    (fake, registry, endpoints)
}

async fn until_doubted(endpoints: &Endpoints) -> String {
    testkit::until("the set is doubted", async || endpoints.freshness().trouble).await
}

#[tokio::test]
async fn invalid_responses_keep_known_endpoints() {
    for (fault, message) in [
        (ConsulFault::Fails, "500"),
        (ConsulFault::Garbage, "response is invalid"),
        (ConsulFault::Cut, "cannot be reached"),
        (ConsulFault::Endless, "longer than"),
        (ConsulFault::Empty, "lists no passing"),
    ] {
        let (fake, _registry, mut endpoints) = known().await;
        fake.set_fault(Some(fault));
        let trouble = until_doubted(&endpoints).await;
        assert!(trouble.contains(message), "{fault:?}: {trouble}");
        // A change during the fault is seen afterwards.
        fake.remove("a");
        assert_eq!(endpoints.current().endpoints.len(), 2, "{fault:?}");
        fake.set_fault(None);
        becomes(&mut endpoints, &["127.0.0.1:2"]).await;
        assert_eq!(endpoints.freshness().trouble, None);
    }
}

#[tokio::test]
async fn an_agent_that_hangs_or_is_stopped_keeps_known_endpoints() {
    let (fake, registry, endpoints) = known().await;
    fake.set_fault(Some(ConsulFault::Hangs));
    let query = query(SERVICE);
    let asked = registry.passing(&query, None);
    let response = tokio::time::timeout(Duration::from_millis(100), asked).await;
    assert!(response.is_err(), "it hangs, and can be cancelled");
    let trouble = until_doubted(&endpoints).await;
    assert!(trouble.contains("has not responded within"), "{trouble}");
    drop(fake);
    assert_eq!(endpoints.current().endpoints.len(), 2);
}

#[tokio::test]
async fn invalid_headers_are_ignored() {
    for fault in [ConsulFault::GarbageHeaders, ConsulFault::NoIndex, ConsulFault::Index(0)] {
        let (fake, _registry, mut endpoints) = known().await;
        fake.set_fault(Some(fault));
        fake.add(SERVICE, "c", 3);
        becomes(&mut endpoints, &["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"]).await;
        assert_eq!(endpoints.freshness().trouble, None, "{fault:?}");
    }
}

#[tokio::test]
async fn an_index_that_restarts_is_followed() {
    let (fake, _registry, mut endpoints) = known().await;
    fake.set_fault(Some(ConsulFault::Index(1_000_000)));
    testkit::until("the high index was seen", async || {
        (fake.requests("/v1/health").len() >= 4).then_some(())
    })
    .await;
    // A query that still waited for an index above a million would miss this change.
    fake.set_fault(None);
    fake.remove("a");
    becomes(&mut endpoints, &["127.0.0.1:2"]).await;
}

#[tokio::test]
async fn a_thousand_changes_a_second_are_rate_limited_and_the_last_is_seen() {
    let (fake, _registry, mut endpoints) = known().await;
    let (began, mut ticks) = (Instant::now(), tokio::time::interval(Duration::from_millis(1)));
    let before = fake.requests("/v1/health").len();
    for change in 0..2_000 {
        ticks.tick().await;
        if change % 2 == 0 { fake.remove("a") } else { fake.add(SERVICE, "a", 1) }
    }
    let took = began.elapsed();
    fake.add(SERVICE, "c", 3);
    let last = Instant::now();
    becomes(&mut endpoints, &["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"]).await;
    assert!(last.elapsed() < Duration::from_secs(5), "{:?}", last.elapsed());
    // A burst of two, then less than two a second.
    let asked = fake.requests("/v1/health").len() - before;
    let allowed = 3.0 + (took + last.elapsed()).as_secs_f64() * 2.0;
    assert!(asked as f64 <= allowed, "{asked} questions in {took:?}");
}

#[tokio::test]
async fn a_lease_survives_an_agent_that_loses_its_data_and_fails() {
    let fake = FakeConsul::start().await;
    let (registry, ready) = (registry(&fake.addr(), None), Sender::new(true));
    let lease = Lease::keep(registry, instance(SERVICE, 7), ready.subscribe());
    let mut state = lease.state();
    state.wait_for(|it| *it == LeaseState::Registered).await.unwrap();
    for fault in
        [None, Some(ConsulFault::Fails), Some(ConsulFault::Garbage), Some(ConsulFault::Cut)]
    {
        if fault.is_some() {
            fake.set_fault(fault);
            state.wait_for(|it| matches!(it, LeaseState::Unknown(_))).await.unwrap();
        }
        fake.lose_data();
        fake.set_fault(None);
        let began = Instant::now();
        testkit::until("it is passing again", async || {
            (fake.passing(SERVICE).len() == 1).then_some(())
        })
        .await;
        assert!(began.elapsed() <= Duration::from_secs(10), "{fault:?}: {:?}", began.elapsed());
        state.wait_for(|it| *it == LeaseState::Registered).await.unwrap();
    }
    lease.release().await;
    assert!(fake.listed(SERVICE).is_empty());
}

#[tokio::test]
async fn registrations_have_no_field_that_an_old_agent_rejects() {
    use discovery::{Advertised, Check, Instance};
    let fake = FakeConsul::start().await;
    let registry = registry(&fake.addr(), None);
    let at = Advertised { host: "fd00::1".to_owned(), port: 8 };
    let interval = Duration::from_secs(10);
    for check in [
        Check::Grpc { interval, tls: false },
        Check::Grpc { interval, tls: true },
        Check::Ttl { ttl: interval },
    ] {
        let instance = Instance::new(SERVICE, &at, check);
        registry.register(&instance, Status::Passing).await.unwrap();
        let listing = registry.passing(&query(SERVICE), None).await.unwrap();
        assert_eq!(listing.endpoints[0].address, "[fd00::1]:8");
        registry.deregister(&instance.id).await.unwrap();
    }
}

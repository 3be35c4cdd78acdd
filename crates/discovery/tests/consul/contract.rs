//! The contract of an agent, tested with the fake and a real one.

use std::time::{Duration, Instant};

use discovery::{BlockingQuery, Lease, LeaseState, Query, RegistryError, Status};
use tokio::sync::watch::Sender;

use crate::subject::{Subject, becomes, instance, query, unique, watch};

const WAIT: Duration = Duration::from_secs(30);

#[tokio::test]
async fn an_instance_is_found_only_while_it_passes() {
    for subject in Subject::all().await {
        let (registry, service) = (subject.registry(), unique("found"));
        let instance = instance(&service, 4_001);
        registry.register(&instance, Status::Critical).await.unwrap();
        subject.lists(&service, &[&instance.id]).await;
        let listing = registry.passing(&query(&service), None).await.unwrap();
        assert_eq!(listing.endpoints, [], "{}", subject.name());

        let blocking = listing.index.map(|index| BlockingQuery { index, wait: WAIT });
        registry.report(&instance.id, Status::Passing).await.unwrap();
        // The blocking query returns, possibly for an unrelated change first.
        let mut listing = registry.passing(&query(&service), blocking).await.unwrap();
        while listing.endpoints.is_empty() {
            let blocking = listing.index.map(|index| BlockingQuery { index, wait: WAIT });
            listing = registry.passing(&query(&service), blocking).await.unwrap();
        }
        let [endpoint] = &listing.endpoints[..] else { panic!("{listing:?}") };
        assert_eq!(endpoint.address, "127.0.0.1:4001");
        assert!(endpoint.id.ends_with(&instance.id), "{endpoint:?}");
        assert_eq!((endpoint.weight, &endpoint.tags), (1, &instance.tags));
        assert!(!listing.leaderless);

        registry.report(&instance.id, Status::Critical).await.unwrap();
        until_empty(&subject, &query(&service)).await;
        registry.deregister(&instance.id).await.unwrap();
        subject.lists(&service, &[]).await;
    }
}

async fn until_empty(subject: &Subject, query: &Query) {
    let registry = subject.registry();
    testkit::until("the instance is no longer found", async || {
        let listing = registry.passing(query, None).await.unwrap();
        listing.endpoints.is_empty().then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_blocking_query_returns_after_its_wait() {
    for subject in Subject::all().await {
        let (registry, service) = (subject.registry(), unique("quiet"));
        let first = registry.passing(&query(&service), None).await.unwrap();
        let index = first.index.expect("there is an index").max(1);
        let wait = Duration::from_millis(300);
        let began = Instant::now();
        let second =
            registry.passing(&query(&service), Some(BlockingQuery { index, wait })).await.unwrap();
        // An unrelated change in the shared real agent returns earlier, with another index.
        assert!(began.elapsed() >= wait || second.index != Some(index), "{}", subject.name());
        assert!(second.index >= Some(index));
    }
}

#[tokio::test]
async fn instances_must_have_all_tags() {
    for subject in Subject::all().await {
        let (registry, service) = (subject.registry(), unique("tagged"));
        let mut blue = instance(&service, 4_002);
        blue.tags.push("blue".to_owned());
        registry.register(&blue, Status::Passing).await.unwrap();
        registry.register(&instance(&service, 4_003), Status::Passing).await.unwrap();
        let found = async |tags: &[&str]| {
            let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
            let query = Query { tags, ..query(&service) };
            registry.passing(&query, None).await.unwrap().endpoints.len()
        };
        testkit::until("both are found", async || (found(&["grpc"]).await == 2).then_some(()))
            .await;
        assert_eq!(found(&["grpc", "blue"]).await, 1, "{}", subject.name());
        assert_eq!(found(&["green"]).await, 0, "{}", subject.name());
    }
}

#[tokio::test]
async fn unknown_instances_can_be_deregistered_but_not_reported() {
    for subject in Subject::all().await {
        let registry = subject.registry();
        registry.deregister(&unique("unknown")).await.unwrap();
        let error = registry.report(&unique("unknown"), Status::Passing).await.unwrap_err();
        assert!(matches!(error, RegistryError::Rejected { .. }), "{error:?}");
        assert!(registry.registered(&unique("unknown")).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_lease_is_listed_while_ready_and_until_released() {
    for subject in Subject::all().await {
        let (registry, service) = (subject.registry(), unique("leased"));
        let mut endpoints = watch(&registry, &service);
        becomes(&mut endpoints, &[]).await;
        let ready = Sender::new(false);
        let stays = instance(&service, 4_005);
        let other = Lease::keep(registry.clone(), stays.clone(), ready.subscribe());
        let lease = Lease::keep(registry.clone(), instance(&service, 4_004), ready.subscribe());
        lease.state().wait_for(|it| *it == LeaseState::Registered).await.unwrap();
        other.state().wait_for(|it| *it == LeaseState::Registered).await.unwrap();
        assert!(endpoints.current().endpoints.is_empty(), "it is not ready yet");
        ready.send_replace(true);
        becomes(&mut endpoints, &["127.0.0.1:4004", "127.0.0.1:4005"]).await;
        let began = Instant::now();
        lease.release().await;
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        becomes(&mut endpoints, &["127.0.0.1:4005"]).await;
        subject.lists(&service, &[&stays.id]).await;
        other.release().await;
        // The last instance is deregistered, too, although the endpoints still have it.
        subject.lists(&service, &[]).await;
    }
}

#[tokio::test]
async fn a_new_process_replaces_the_registration_of_an_earlier_one() {
    for subject in Subject::all().await {
        let (registry, service) = (subject.registry(), unique("ghost"));
        let (ghost, heir) = (instance(&service, 4_006), instance(&service, 4_006));
        registry.register(&ghost, Status::Passing).await.unwrap();
        let ready = Sender::new(true);
        let lease = Lease::keep(registry.clone(), heir.clone(), ready.subscribe());
        lease.state().wait_for(|it| *it == LeaseState::Registered).await.unwrap();
        subject.lists(&service, &[&heir.id]).await;
        lease.release().await;
    }
}

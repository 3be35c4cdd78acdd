//! Tests that need a real agent: health checks, restarts with loss of data, elections.

use std::time::{Duration, Instant};

use discovery::{Advertised, Check, Instance, Lease, Status};
use testkit::{Consul, ConsulOptions};
use tokio::{net::TcpListener, sync::watch::Sender};
use tonic::transport::server::TcpIncoming;
use tonic_health::{ServingStatus, server::HealthReporter};

use crate::subject::{becomes, instance, registry, unique, watch};

/// A gRPC server with only the health service.
async fn healthy() -> (Advertised, HealthReporter) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (reporter, service) = tonic_health::server::health_reporter();
    let server = tonic::transport::Server::builder().add_service(service);
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
    (Advertised { host: "127.0.0.1".to_owned(), port }, reporter)
}

#[tokio::test]
async fn the_agent_calls_the_health_service() {
    let Some(consul) = Consul::shared().await else { return };
    let (at, reporter) = healthy().await;
    let service = unique("checked");
    let check = Check::Grpc { interval: Duration::from_secs(1), tls: false };
    let registry = registry(&consul.addr(), None);
    let instance = Instance::new(&service, &at, check);
    // The agent's health check overrides the status of the registration.
    registry.register(&instance, Status::Critical).await.unwrap();
    let passes = async |wanted: bool| {
        testkit::until("the agent has asked", async || {
            let passing = consul.passing(&service).await.unwrap();
            (passing.is_empty() != wanted).then_some(())
        })
        .await;
    };
    passes(true).await;
    reporter.set_service_status("", ServingStatus::NotServing).await;
    passes(false).await;
    registry.deregister(&instance.id).await.unwrap();
}

#[tokio::test]
async fn instances_are_registered_again_with_an_emptied_agent_and_endpoints_kept() {
    let Some(mut consul) = Consul::start(ConsulOptions::default()).await.unwrap() else { return };
    let (registry, service) = (registry(&consul.addr(), None), unique("emptied"));
    let ready = Sender::new(true);
    let leases = [4_020, 4_021]
        .map(|port| Lease::keep(registry.clone(), instance(&service, port), ready.subscribe()));
    let mut endpoints = watch(&registry, &service);
    becomes(&mut endpoints, &["127.0.0.1:4020", "127.0.0.1:4021"]).await;
    consul.kill(0).await;
    testkit::until("it is missed", async || endpoints.freshness().trouble).await;
    consul.restart(0).await.unwrap();
    let began = Instant::now();
    testkit::until("both are back", async || {
        let passing = consul.passing(&service).await.ok()?;
        (passing.len() == 2).then_some(())
    })
    .await;
    assert!(began.elapsed() <= Duration::from_secs(10), "{:?}", began.elapsed());
    testkit::until("the set is confirmed", async || {
        endpoints.freshness().trouble.is_none().then_some(())
    })
    .await;
    for lease in leases {
        lease.release().await;
    }
    testkit::until("both are gone", async || {
        consul.listed(&service).await.unwrap().is_empty().then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_election_removes_no_endpoints() {
    let options = ConsulOptions { servers: 3, ..ConsulOptions::default() };
    let Some(mut consul) = Consul::start(options).await.unwrap() else { return };
    let leader = consul.get("/v1/status/leader").await.unwrap();
    let peers = consul.servers();
    let leader = peers.iter().position(|peer| leader == *peer).expect("the leader is one of them");
    let follower = (leader + 1) % 3;
    let (registry, service) = (registry(&consul.addrs()[follower], None), unique("elected"));
    let ready = Sender::new(true);
    let lease = Lease::keep(registry.clone(), instance(&service, 4_030), ready.subscribe());
    let mut endpoints = watch(&registry, &service);
    becomes(&mut endpoints, &["127.0.0.1:4030"]).await;
    consul.kill(leader).await;
    let other = Lease::keep(registry.clone(), instance(&service, 4_031), ready.subscribe());
    // Replicated only once there is a leader again.
    becomes(&mut endpoints, &["127.0.0.1:4030", "127.0.0.1:4031"]).await;
    other.release().await;
    lease.release().await;
}

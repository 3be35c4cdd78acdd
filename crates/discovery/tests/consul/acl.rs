//! Requests with an ACL token.

use std::fs;

use discovery::{Lease, LeaseState, RegistryError, Status};
use serde_json::json;
use testkit::{Consul, ConsulOptions, FakeConsul};
use tokio::sync::watch::Sender;

use crate::subject::{becomes, instance, query, registry, watch};

const SERVICE: &str = "catalogue-service";
/// The policy in `deploy/consul`.
const RULES: &str = include_str!("../../../../deploy/consul/catalogue-service.hcl");

/// Agents with ACLs: address, a token with [`RULES`], and the handle that keeps the agent running.
async fn denying() -> Vec<(String, String, Box<dyn std::any::Any>)> {
    let fake = FakeConsul::start().await;
    fake.set_token("a-good-token");
    let mut all: Vec<(String, String, Box<dyn std::any::Any>)> =
        vec![(fake.addr(), "a-good-token".to_owned(), Box::new(fake))];
    let options = ConsulOptions { acl: true, ..ConsulOptions::default() };
    if let Some(consul) = Consul::start(options).await.unwrap() {
        let policy = json!({ "Name": SERVICE, "Rules": RULES });
        consul.put("/v1/acl/policy", &policy).await.unwrap();
        let token = json!({ "Policies": [{ "Name": SERVICE }] });
        let token = consul.put("/v1/acl/token", &token).await.unwrap();
        let token = token["SecretID"].as_str().unwrap().to_owned();
        all.push((consul.addr(), token, Box::new(consul)));
    }
    all
}

#[tokio::test]
async fn a_token_is_read_from_a_file_and_can_be_replaced() {
    for (addr, token, _agent) in denying().await {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "00000000-0000-4000-8000-000000000000").unwrap();
        let registry = registry(&addr, Some(file.path().to_owned()));
        let denied = registry.register(&instance(SERVICE, 4_010), Status::Passing).await;
        let denied = denied.unwrap_err();
        assert!(matches!(denied, RegistryError::Rejected { status: 403, .. }), "{denied:?}");
        assert!(!format!("{denied:?}").contains("0000-4000"), "{denied:?}");

        let ready = Sender::new(true);
        let lease = Lease::keep(registry.clone(), instance(SERVICE, 4_011), ready.subscribe());
        let mut state = lease.state();
        state.wait_for(|it| matches!(it, LeaseState::Unknown(_))).await.unwrap();
        fs::write(file.path(), &token).unwrap();
        state.wait_for(|it| *it == LeaseState::Registered).await.unwrap();
        becomes(&mut watch(&registry, SERVICE), &["127.0.0.1:4011"]).await;
        lease.release().await;
        testkit::until("it is gone", async || {
            let listing = registry.passing(&query(SERVICE), None).await.unwrap();
            listing.endpoints.is_empty().then_some(())
        })
        .await;
    }
}

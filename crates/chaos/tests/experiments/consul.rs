//! Experiments with Consul at a small scale.

use chaos::Group;
use testkit::Consul;
use tokio::sync::Semaphore;

/// Limits concurrency, because each experiment runs five processes and an agent.
static LIMIT: Semaphore = Semaphore::const_new(2);

async fn check(name: &str, scale: f64) {
    let _permit = LIMIT.acquire().await.expect("the semaphore is never closed");
    if Consul::shared().await.is_some() {
        crate::check_with_postgres(Group::Consul, name, scale).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_agent_without_data_fails_no_call() {
    check("killed", 0.05).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn frozen_agent_fails_no_call() {
    check("frozen", 0.01).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn restarted_agent_fails_no_call() {
    check("restarted", 0.1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn agent_with_wrong_responses_fails_no_call() {
    check("lies", 0.01).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_replica_is_deregistered_immediately() {
    check("stop", 0.05).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_replica_is_replaced_by_its_successor() {
    check("ghost", 0.1).await;
}

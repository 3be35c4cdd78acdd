//! The experiments of `cargo xtask chaos consul`, small.

use testkit::{Consul, Postgres, Setting, consul_experiments};
use tokio::sync::Semaphore;

/// Each is five processes and an agent: two at once are enough.
static ROOM: Semaphore = Semaphore::const_new(2);

async fn holds(name: &str, scale: f64) {
    let _room = ROOM.acquire().await.expect("is never closed");
    // What is missing is said aloud, or fails in CI.
    if Consul::shared().await.is_none() || Postgres::shared().await.is_none() {
        return;
    }
    let experiments = consul_experiments();
    let experiment = experiments.iter().find(|experiment| experiment.name() == name);
    experiment.expect("there is one of that name").check(&Setting::new(1, scale)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_is_killed_and_emptied_costs_no_call() {
    holds("killed", 0.05).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_is_frozen_costs_no_call() {
    holds("frozen", 0.01).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_is_restarted_costs_no_call() {
    holds("restarted", 0.1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_lies_costs_no_call() {
    holds("lies", 0.01).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_stops_is_off_the_list_at_once() {
    holds("stop", 0.05).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_is_killed_is_replaced_by_its_successor() {
    holds("ghost", 0.1).await;
}

//! How calls are distributed over endpoints.

use std::time::Duration;

use discovery::Endpoints;
use upstream::{Settings, Upstream};

use crate::{Fake, READ, Reply, all_connected, connected, settings, unary, until};

const MS: Duration = Duration::from_millis(1);

/// Makes `count` calls, eight at a time.
async fn load(upstream: &Upstream, count: usize) {
    let callers = (0..8).map(|_| async {
        for _ in 0..count / 8 {
            unary(upstream, READ).await.unwrap();
        }
    });
    futures::future::join_all(callers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_endpoints_share_calls_and_a_slow_one_gets_fewer() {
    let fakes =
        [Fake::start(Reply::Ok).await, Fake::start(Reply::Ok).await, Fake::start(Reply::Ok).await];
    let upstream = connected(&[&fakes[0], &fakes[1], &fakes[2]]).await;
    load(&upstream, 3_000).await;
    let calls = fakes.each_ref().map(Fake::calls);
    assert!(calls.iter().all(|calls| *calls > 300), "{calls:?}");

    fakes[1].set(Reply::Late(100 * MS));
    let before = fakes[1].calls();
    load(&upstream, 1_000).await;
    let slow = fakes[1].calls() - before;
    assert!(slow < 120, "{slow} of 1000 calls to the slow endpoint");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_replica_gets_calls_and_a_removed_one_gets_none() {
    let (one, two) = (Fake::start(Reply::Ok).await, Fake::start(Reply::Ok).await);
    let (publisher, endpoints) = Endpoints::published();
    publisher.publish(vec![one.endpoint()]);
    let upstream = Upstream::with("test", endpoints, settings());
    load(&upstream, 80).await;
    publisher.publish(vec![one.endpoint(), two.endpoint()]);
    until("the new replica gets calls", async || {
        unary(&upstream, READ).await.unwrap();
        two.calls() > 0
    })
    .await;
    publisher.publish(vec![two.endpoint()]);
    until("the old replica is removed", async || upstream.report().endpoints.len() == 1).await;
    let before = one.calls();
    load(&upstream, 80).await;
    assert_eq!(one.calls(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_connections_to_an_endpoint_are_opened() {
    let fake = Fake::start(Reply::Late(5 * MS)).await;
    let settings = Settings { connections: 3.try_into().unwrap(), ..settings() };
    let upstream = Upstream::with("test", Endpoints::fixed([fake.endpoint()]), settings);
    all_connected(&upstream, 1).await;
    until("all three are open", async || upstream.report().endpoints[0].connected == 3).await;
    load(&upstream, 80).await;
}

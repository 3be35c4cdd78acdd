//! Endpoints that die, hang, fail, and recover.

use std::time::{Duration, Instant};

use discovery::Endpoints;
use rpc::status;
use tonic::Code;
use upstream::Upstream;

use crate::{
    Fake, PATIENCE, READ, Reply, WRITE, all_connected, connected, settings, stream, unary, until,
};

const MS: Duration = Duration::from_millis(1);

async fn three(reply: Reply) -> [Fake; 3] {
    [Fake::start(reply.clone()).await, Fake::start(reply.clone()).await, Fake::start(reply).await]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_dies_fails_no_read() {
    let [mut one, two, three] = three(Reply::Ok).await;
    let upstream = connected(&[&one, &two, &three]).await;
    for _ in 0..3 {
        let reads = (0..50).map(|_| {
            let upstream = upstream.clone();
            tokio::spawn(async move { unary(&upstream, READ).await })
        });
        let reads: Vec<_> = reads.collect();
        one.kill();
        for read in reads {
            read.await.unwrap().unwrap();
        }
        one.revive().await;
        all_connected(&upstream, 3).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_connection_fails_no_write() {
    let [mut one, two, three] = three(Reply::Ok).await;
    let upstream = connected(&[&one, &two, &three]).await;
    one.kill();
    until("its connection is closed", async || {
        upstream.report().endpoints.iter().filter(|it| it.connected == 0).count() == 1
    })
    .await;
    for _ in 0..50 {
        unary(&upstream, WRITE).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_fails_fast_gets_few_calls() {
    let [failing, two, three] = three(Reply::Ok).await;
    failing.set(Reply::Status(Code::Internal));
    let upstream = connected(&[&failing, &two, &three]).await;
    let mut failed = 0;
    for _ in 0..300 {
        failed += u32::from(unary(&upstream, READ).await.is_err());
    }
    assert!(failed <= 15, "{failed} of 300");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_fails_half_the_time_fails_no_read() {
    let [failing, two, three] = three(Reply::Ok).await;
    failing.set(Reply::Half(Code::Unavailable));
    let upstream = connected(&[&failing, &two, &three]).await;
    for _ in 0..300 {
        unary(&upstream, READ).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_hangs_is_ejected() {
    let [frozen, two, three] = three(Reply::Ok).await;
    frozen.set(Reply::Hang);
    let upstream = connected(&[&frozen, &two, &three]).await.deadline(200 * MS);
    let mut failed = 0;
    for _ in 0..300 {
        failed += u32::from(unary(&upstream, READ).await.is_err());
    }
    assert!(failed <= 15, "{failed} of 300");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_all_replicas_fail_the_service_breaker_opens_and_closes_after_recovery() {
    let fakes = three(Reply::Status(Code::Internal)).await;
    let upstream = connected(&[&fakes[0], &fakes[1], &fakes[2]]).await;
    until("the service breaker opens", async || {
        let status = unary(&upstream, READ).await.unwrap_err();
        status::reason(&status).as_deref() == Some(status::UPSTREAM_OPEN)
    })
    .await;
    let before: u64 = fakes.iter().map(Fake::calls).sum();
    for _ in 0..100 {
        unary(&upstream, READ).await.unwrap_err();
    }
    let sent = fakes.iter().map(Fake::calls).sum::<u64>() - before;
    assert!(sent <= 20, "{sent} of 100 calls sent while the service breaker was open");
    for fake in &fakes {
        fake.set(Reply::Ok);
    }
    let recovered = Instant::now();
    until("the first success", async || unary(&upstream, READ).await.is_ok()).await;
    assert!(recovered.elapsed() < Duration::from_secs(10), "{:?}", recovered.elapsed());
    until("all breakers are closed", async || {
        unary(&upstream, READ).await.ok();
        upstream.report().endpoints.iter().all(|it| it.breaker.state == "closed")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn short_timeouts_and_cancelled_calls_open_no_breaker() {
    let [one, two, three] = three(Reply::Late(50 * MS)).await;
    let upstream = connected(&[&one, &two, &three]).await;
    for round in 0..10 {
        let calls = (0..50).map(|number| {
            let upstream = upstream.clone();
            async move {
                if number % 2 == 0 {
                    unary(&upstream.deadline(MS), READ).await.unwrap_err();
                } else {
                    tokio::time::timeout(MS, unary(&upstream, READ)).await.ok();
                }
            }
        });
        futures::future::join_all(calls).await;
        let report = upstream.report();
        assert_eq!((report.breaker.changes, report.breaker.failures), (0, 0), "round {round}");
        assert!(report.endpoints.iter().all(|it| it.breaker.changes == 0), "{report:?}");
    }
    until("no call is in flight", async || {
        upstream.report().endpoints.iter().all(|it| it.in_flight == 0)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_only_replica_is_never_ejected() {
    let fake = Fake::start(Reply::Status(Code::Internal)).await;
    let upstream = connected(&[&fake]).await;
    until("its breaker opens", async || {
        unary(&upstream, READ).await.ok();
        upstream.report().endpoints[0].breaker.state == "open"
    })
    .await;
    assert!(!upstream.report().endpoints[0].ejected);
    fake.set(Reply::Ok);
    let began = Instant::now();
    until("a call succeeds", async || unary(&upstream, READ).await.is_ok()).await;
    assert!(began.elapsed() < PATIENCE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_without_endpoints_fails_immediately() {
    let (publisher, endpoints) = Endpoints::published();
    let upstream = Upstream::with("test", endpoints, settings());
    publisher.publish(Vec::new());
    let status = unary(&upstream, READ).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(status::reason(&status).as_deref(), Some(status::UPSTREAM_UNAVAILABLE));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_waits_for_the_restart_of_the_only_replica() {
    let mut fake = Fake::start(Reply::Ok).await;
    let upstream = connected(&[&fake]).await;
    fake.kill();
    until("its connection is closed", async || upstream.report().endpoints[0].connected == 0).await;
    let mut call = Box::pin(unary(&upstream, WRITE));
    assert!(futures::poll!(&mut call).is_pending(), "the call waits");
    fake.revive().await;
    call.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn with_wait_for_endpoint_a_call_waits_until_its_deadline() {
    let (publisher, endpoints) = Endpoints::published();
    publisher.publish(Vec::new());
    let settings = upstream::Settings { wait_for_endpoint: true, ..settings() };
    let upstream = Upstream::with("test", endpoints, settings);
    let status = unary(&upstream.deadline(20 * MS), READ).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    let fake = Fake::start(Reply::Ok).await;
    let joins = async { publisher.publish(vec![fake.endpoint()]) };
    let waits = upstream.deadline(PATIENCE);
    let (result, ()) = tokio::join!(unary(&waits, READ), joins);
    result.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_waits_for_the_first_result_of_discovery() {
    let (publisher, endpoints) = Endpoints::published();
    let upstream = Upstream::with("test", endpoints, settings()).deadline(PATIENCE);
    let fake = Fake::start(Reply::Ok).await;
    let joins = async { publisher.publish(vec![fake.endpoint()]) };
    let (result, ()) = tokio::join!(unary(&upstream, READ), joins);
    result.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_count_by_their_trailers() {
    let fake = Fake::start(Reply::Broken(Code::Internal)).await;
    let upstream = connected(&[&fake]).await;
    for failures in 1..=4 {
        let mut messages = stream(&upstream).await.unwrap();
        assert!(messages.message().await.unwrap().is_some());
        let before = upstream.report().endpoints[0].breaker.clone();
        assert_eq!(before.failures, failures - 1, "the headers do not count");
        messages.message().await.unwrap_err();
        assert_eq!(upstream.report().endpoints[0].breaker.failures, failures);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_stream_does_not_count() {
    let fake = Fake::start(Reply::Endless).await;
    let upstream = connected(&[&fake]).await;
    for _ in 0..10 {
        let mut messages = stream(&upstream).await.unwrap();
        assert!(messages.message().await.unwrap().is_some());
    }
    let report = upstream.report().endpoints.remove(0);
    assert_eq!((report.breaker.failures, report.in_flight), (0, 0));
}

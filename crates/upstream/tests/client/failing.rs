//! Endpoints that die, hang, fail, and come back.

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
async fn a_connection_that_is_known_to_be_closed_fails_no_write() {
    let [mut one, two, three] = three(Reply::Ok).await;
    let upstream = connected(&[&one, &two, &three]).await;
    one.kill();
    until("it is gone", async || {
        upstream.report().endpoints.iter().filter(|it| it.connected == 0).count() == 1
    })
    .await;
    for _ in 0..50 {
        unary(&upstream, WRITE).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_fails_at_once_gets_little() {
    let [ill, two, three] = three(Reply::Ok).await;
    ill.set(Reply::Status(Code::Internal));
    let upstream = connected(&[&ill, &two, &three]).await;
    let mut failed = 0;
    for _ in 0..300 {
        failed += u32::from(unary(&upstream, READ).await.is_err());
    }
    assert!(failed <= 15, "{failed} of 300");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_fails_half_the_time_fails_no_read() {
    let [ill, two, three] = three(Reply::Ok).await;
    ill.set(Reply::Half(Code::Unavailable));
    let upstream = connected(&[&ill, &two, &three]).await;
    for _ in 0..300 {
        unary(&upstream, READ).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_hangs_is_left_alone() {
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
async fn when_all_fail_the_service_is_given_up_and_found_again() {
    let fakes = three(Reply::Status(Code::Internal)).await;
    let upstream = connected(&[&fakes[0], &fakes[1], &fakes[2]]).await;
    until("it is given up", async || {
        let status = unary(&upstream, READ).await.unwrap_err();
        status::reason(&status).as_deref() == Some(status::UPSTREAM_OPEN)
    })
    .await;
    let before: u64 = fakes.iter().map(Fake::calls).sum();
    for _ in 0..100 {
        unary(&upstream, READ).await.unwrap_err();
    }
    let asked = fakes.iter().map(Fake::calls).sum::<u64>() - before;
    assert!(asked <= 20, "{asked} of 100 asked a service that is given up");
    for fake in &fakes {
        fake.set(Reply::Ok);
    }
    let healed = Instant::now();
    until("the first success", async || unary(&upstream, READ).await.is_ok()).await;
    assert!(healed.elapsed() < Duration::from_secs(10), "{:?}", healed.elapsed());
    until("all are asked again", async || {
        unary(&upstream, READ).await.ok();
        upstream.report().endpoints.iter().all(|it| it.breaker.state == "closed")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_without_patience_trip_nothing() {
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
    until("none is under way", async || {
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
    until("it is asked", async || unary(&upstream, READ).await.is_ok()).await;
    assert!(began.elapsed() < PATIENCE);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_there_is_said_at_once() {
    let (publisher, endpoints) = Endpoints::published();
    let upstream = Upstream::with("test", endpoints, settings());
    publisher.publish(Vec::new());
    let status = unary(&upstream, READ).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(status::reason(&status).as_deref(), Some(status::UPSTREAM_UNAVAILABLE));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_only_replica_that_is_restarted_is_waited_for() {
    let mut fake = Fake::start(Reply::Ok).await;
    let upstream = connected(&[&fake]).await;
    fake.kill();
    until("it is gone", async || upstream.report().endpoints[0].connected == 0).await;
    let mut call = Box::pin(unary(&upstream, WRITE));
    assert!(futures::poll!(&mut call).is_pending(), "it is not answered");
    fake.revive().await;
    call.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_to_wait_waits_for_an_endpoint_within_the_deadline() {
    let (publisher, endpoints) = Endpoints::published();
    publisher.publish(Vec::new());
    let settings = upstream::Settings { wait_for_endpoint: true, ..settings() };
    let upstream = Upstream::with("test", endpoints, settings);
    let status = unary(&upstream.deadline(20 * MS), READ).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    let fake = Fake::start(Reply::Ok).await;
    let joins = async { publisher.publish(vec![fake.endpoint()]) };
    let waits = upstream.deadline(PATIENCE);
    let (answer, ()) = tokio::join!(unary(&waits, READ), joins);
    answer.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_known_yet_is_waited_for() {
    let (publisher, endpoints) = Endpoints::published();
    let upstream = Upstream::with("test", endpoints, settings()).deadline(PATIENCE);
    let fake = Fake::start(Reply::Ok).await;
    let joins = async { publisher.publish(vec![fake.endpoint()]) };
    let (answer, ()) = tokio::join!(unary(&upstream, READ), joins);
    answer.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_are_judged_by_their_trailers() {
    let fake = Fake::start(Reply::Broken(Code::Internal)).await;
    let upstream = connected(&[&fake]).await;
    for failures in 1..=4 {
        let mut messages = stream(&upstream).await.unwrap();
        assert!(messages.message().await.unwrap().is_some());
        let before = upstream.report().endpoints[0].breaker.clone();
        assert_eq!(before.failures, failures - 1, "its headers prove nothing");
        messages.message().await.unwrap_err();
        assert_eq!(upstream.report().endpoints[0].breaker.failures, failures);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_left_counts_for_nothing() {
    let fake = Fake::start(Reply::Endless).await;
    let upstream = connected(&[&fake]).await;
    for _ in 0..10 {
        let mut messages = stream(&upstream).await.unwrap();
        assert!(messages.message().await.unwrap().is_some());
    }
    let report = upstream.report().endpoints.remove(0);
    assert_eq!((report.breaker.failures, report.in_flight), (0, 0));
}

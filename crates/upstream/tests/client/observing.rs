//! Observation by operators: events, outcomes, the attempts of a request, and the state of a single endpoint.

use std::time::Duration;

use http::{Request, uri::PathAndQuery};
use tonic::{Code, Status};
use upstream::{Subject, Upstream, endpoint_address, journal, unary_message, unary_request};

use crate::{Fake, READ, Reply, connected, unary, until};

const SECOND: Duration = Duration::from_secs(1);

fn request() -> Request<bytes::Bytes> {
    unary_request(PathAndQuery::from_static(READ), &[])
}

async fn ask(upstream: &Upstream, fake: &Fake, limit: Duration) -> Result<(), Status> {
    let response = upstream.unary_at(&fake.endpoint().id, request(), limit).await?;
    unary_message(response, 1_024).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_endpoint_answers_without_an_effect_on_its_breaker() {
    let (mut fake, other) = (Fake::start(Reply::Ok).await, Fake::start(Reply::Ok).await);
    let upstream = connected(&[&fake, &other]).await;
    for _ in 0..5 {
        ask(&upstream, &fake, SECOND).await.unwrap();
    }
    assert_eq!((fake.calls(), other.calls()), (5, 0));
    assert!(fake.header("grpc-timeout").is_some());
    fake.set(Reply::Status(Code::Internal));
    for _ in 0..10 {
        assert_eq!(ask(&upstream, &fake, SECOND).await.unwrap_err().code(), Code::Internal);
    }
    fake.set(Reply::Hang);
    let late = ask(&upstream, &fake, SECOND / 20).await.unwrap_err();
    assert_eq!(late.code(), Code::DeadlineExceeded);
    let report = upstream.report();
    assert!(report.endpoints.iter().all(|it| it.calls == 0 && it.breaker.state == "closed"));
    let unknown = upstream.unary_at("nowhere:1", request(), SECOND).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
    fake.kill();
    until("it is unavailable", async || {
        ask(&upstream, &fake, SECOND).await.is_err_and(|it| it.code() == Code::Unavailable)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_name_what_has_changed_and_why() {
    let mut fake = Fake::start(Reply::Status(Code::Internal)).await;
    let upstream = connected(&[&fake]).await;
    let has_event = |subject, to: &str, why: &str| {
        let address = Some(fake.addr.to_string());
        upstream.events().into_iter().any(|event| {
            let is = (event.subject, event.to) == (subject, to) && event.endpoint == address;
            is && event.why == why
        })
    };
    assert!(has_event(Subject::Listing, "listed", ""), "{:?}", upstream.events());
    assert!(has_event(Subject::Connection, "connected", ""), "{:?}", upstream.events());
    let why = "consecutive failures: attempt ended with INTERNAL";
    until("its breaker opens", async || {
        unary(&upstream, READ).await.ok();
        has_event(Subject::Breaker, "open", why)
    })
    .await;
    let count = upstream.event_count();
    let mut changes = upstream.changes();
    fake.kill();
    changes.changed().await.unwrap();
    let has_lost = || {
        let lost = upstream.events().into_iter().find(|event| event.to == "disconnected");
        lost.is_some_and(|event| event.why == "connection lost")
    };
    until("its connection is lost", async || has_lost()).await;
    assert!(upstream.event_count() > count);
}

#[tokio::test(flavor = "multi_thread")]
async fn outcomes_are_counted_by_latency_and_failure() {
    let fake = Fake::start(Reply::Ok).await;
    let upstream = connected(&[&fake]).await;
    for _ in 0..10 {
        unary(&upstream, READ).await.unwrap();
    }
    fake.set(Reply::Late(SECOND / 10));
    unary(&upstream, READ).await.unwrap();
    fake.set(Reply::Status(Code::NotFound));
    unary(&upstream, READ).await.unwrap_err();
    fake.set(Reply::Status(Code::Internal));
    unary(&upstream, READ).await.unwrap_err();
    let endpoint = &upstream.report().endpoints[0];
    assert_eq!((endpoint.latencies.total(), endpoint.failed), (13, 1));
    let slowest = endpoint.latencies.quantile(1.0).unwrap();
    assert!(slowest >= SECOND / 10, "{slowest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_has_the_attempts_that_were_made_for_it() {
    let (failing, well) = (Fake::start(Reply::Ok).await, Fake::start(Reply::Ok).await);
    let upstream = connected(&[&failing, &well]).await;
    failing.set(Reply::Status(Code::Unavailable));
    until("a request is retried", async || {
        let observed = journal::observed(async {
            unary(&upstream, READ).await.unwrap();
            (journal::has_failures(), journal::attempts())
        });
        let (has_failures, (attempts, further)) = observed.await;
        assert_eq!((has_failures, further), (attempts.len() > 1, 0), "{attempts:?}");
        let ends: Vec<_> = attempts.iter().map(|it| it.end).collect();
        if ends == ["UNAVAILABLE", "OK"] {
            let first_end = attempts[0].started_us + attempts[0].elapsed_us;
            assert!(attempts[1].started_us >= first_end, "{attempts:?}");
            let endpoints = attempts.iter().map(|it| endpoint_address(it.endpoint).unwrap());
            let expected = [&failing, &well].map(|fake| ("test", fake.addr.to_string()));
            assert!(endpoints.eq(expected), "{attempts:?}");
            assert!(attempts.iter().all(|it| it.method == READ));
            return true;
        }
        false
    })
    .await;
    assert_eq!(journal::attempts(), (Vec::new(), 0), "outside of a request");
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_beyond_the_first_eight_are_counted() {
    let fake = Fake::start(Reply::Ok).await;
    let upstream = connected(&[&fake]).await;
    let (attempts, further) = journal::observed(async {
        for _ in 0..11 {
            unary(&upstream, READ).await.unwrap();
        }
        journal::attempts()
    })
    .await;
    assert_eq!((attempts.len(), further), (8, 3));
}

//! Hedging of slow reads.

use std::time::Duration;

use discovery::Endpoints;
use upstream::{Settings, Upstream};

use crate::{Fake, READ, Reply, WRITE, all_connected, settings, unary, until};

const SLOW: Duration = Duration::from_millis(300);

async fn hedged(fakes: &[&Fake]) -> Upstream {
    let endpoints = Endpoints::fixed(fakes.iter().map(|fake| fake.endpoint()));
    let settings = Settings { hedge: &[READ, WRITE], ..settings() };
    let upstream = Upstream::with("test", endpoints, settings);
    all_connected(&upstream, fakes.len()).await;
    upstream
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_read_is_hedged_and_the_first_attempt_is_cancelled() {
    let (one, two) = (Fake::start(Reply::Ok).await, Fake::start(Reply::Ok).await);
    let upstream = hedged(&[&one, &two]).await;
    for _ in 0..200 {
        unary(&upstream, READ).await.unwrap();
    }
    one.set(Reply::Hang);
    let before = one.calls();
    until("the endpoint that hangs gets a call", async || {
        unary(&upstream.deadline(SLOW * 30), READ).await.unwrap();
        one.calls() > before
    })
    .await;
    until("its call is cancelled", async || one.cancelled() > 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_most_one_call_in_twenty_is_hedged() {
    let (one, two) = (Fake::start(Reply::Ok).await, Fake::start(Reply::Ok).await);
    let upstream = hedged(&[&one, &two]).await;
    let reads = 1_000;
    for read in 0..reads {
        // Both endpoints are sometimes slower than usual.
        let reply = if read % 5 == 0 { Reply::Late(SLOW / 100) } else { Reply::Ok };
        one.set(reply.clone());
        two.set(reply);
        unary(&upstream, READ).await.unwrap();
    }
    let calls = one.calls() + two.calls();
    assert!(calls <= reads + reads / 20, "{calls} for {reads}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_is_never_hedged_and_a_read_only_if_configured() {
    let (one, two) = (Fake::start(Reply::Ok).await, Fake::start(Reply::Ok).await);
    let hedging = hedged(&[&one, &two]).await;
    let plain = crate::connected(&[&one, &two]).await;
    for _ in 0..100 {
        unary(&hedging, READ).await.unwrap();
    }
    for fake in [&one, &two] {
        fake.set(Reply::Late(SLOW / 10));
    }
    for (upstream, path) in [(&hedging, WRITE), (&plain, READ)] {
        let before = one.calls() + two.calls();
        for _ in 0..10 {
            unary(upstream, path).await.unwrap();
        }
        assert_eq!(one.calls() + two.calls() - before, 10);
    }
}

//! Reads that are late are asked elsewhere as well.

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
async fn a_late_read_is_answered_by_another_and_the_first_is_given_up() {
    let (one, two) = (Fake::start(Reply::Ok).await, Fake::start(Reply::Ok).await);
    let upstream = hedged(&[&one, &two]).await;
    for _ in 0..200 {
        unary(&upstream, READ).await.unwrap();
    }
    one.set(Reply::Hang);
    let before = one.calls();
    until("the one that hangs is asked", async || {
        unary(&upstream.deadline(SLOW * 30), READ).await.unwrap();
        one.calls() > before
    })
    .await;
    until("that is given up", async || one.given_up() > 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_than_one_in_twenty_is_asked_twice() {
    let (one, two) = (Fake::start(Reply::Ok).await, Fake::start(Reply::Ok).await);
    let upstream = hedged(&[&one, &two]).await;
    let reads = 1_000;
    for read in 0..reads {
        // From time to time both are slower than they were.
        let reply = if read % 5 == 0 { Reply::Late(SLOW / 100) } else { Reply::Ok };
        one.set(reply.clone());
        two.set(reply);
        unary(&upstream, READ).await.unwrap();
    }
    let asked = one.calls() + two.calls();
    assert!(asked <= reads + reads / 20, "{asked} for {reads}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_is_never_asked_twice_and_nothing_is_unless_wanted() {
    let (one, two) = (Fake::start(Reply::Ok).await, Fake::start(Reply::Ok).await);
    let wanted = hedged(&[&one, &two]).await;
    let unwanted = crate::connected(&[&one, &two]).await;
    for _ in 0..100 {
        unary(&wanted, READ).await.unwrap();
    }
    for fake in [&one, &two] {
        fake.set(Reply::Late(SLOW / 10));
    }
    for (upstream, path) in [(&wanted, WRITE), (&unwanted, READ)] {
        let before = one.calls() + two.calls();
        for _ in 0..10 {
            unary(upstream, path).await.unwrap();
        }
        assert_eq!(one.calls() + two.calls() - before, 10);
    }
}

//! What is asked again, and what is not.

use std::time::{Duration, Instant};

use tonic::{Code, Request};
use upstream::Idempotent;

use crate::{Fake, Message, READ, Reply, WRITE, connected, send, stream, unary, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_fails_is_asked_elsewhere() {
    let (ill, well) =
        (Fake::start(Reply::Status(Code::Unavailable)).await, Fake::start(Reply::Ok).await);
    let upstream = connected(&[&ill, &well]).await;
    for _ in 0..20 {
        unary(&upstream, READ).await.unwrap();
    }
    assert!(ill.calls() > 0, "a new endpoint is asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_fails_is_not_asked_again() {
    let fake = Fake::start(Reply::Status(Code::Unavailable)).await;
    let upstream = connected(&[&fake]).await;
    let status = unary(&upstream, WRITE).await.unwrap_err();
    assert_eq!((status.code(), fake.calls()), (Code::Unavailable, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_can_be_known_again_is_asked_again() {
    let fake = Fake::start(Reply::Status(Code::Unavailable)).await;
    let upstream = connected(&[&fake]).await;
    let mut request = Request::new(Default::default());
    request.extensions_mut().insert(Idempotent);
    send(&upstream, WRITE, request).await.unwrap_err();
    assert_eq!(fake.calls(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_is_made_more_than_five_times_and_the_last_says_so() {
    let fake = Fake::start(Reply::Status(Code::Unavailable)).await;
    let upstream = connected(&[&fake]).await;
    let status = unary(&upstream, READ).await.unwrap_err();
    assert_eq!((status.code(), fake.calls()), (Code::Unavailable, 5));
    // Whoever is further out has nothing to gain by trying again.
    assert_eq!(status.metadata().get("grpc-retry-pushback-ms").unwrap(), "-1");
}

#[tokio::test(flavor = "multi_thread")]
async fn pushback_is_waited_for() {
    for code in [Code::Unavailable, Code::ResourceExhausted] {
        let fake = Fake::start(Reply::Pushback(code, "300")).await;
        let upstream = connected(&[&fake]).await;
        let began = Instant::now();
        let healed = async {
            until("the first attempt", async || fake.calls() == 1).await;
            fake.set(Reply::Ok);
        };
        let (answer, ()) = tokio::join!(unary(&upstream, READ), healed);
        answer.unwrap();
        assert_eq!(fake.calls(), 2);
        assert!(began.elapsed() >= Duration::from_millis(300), "{:?}", began.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pushback_that_is_negative_or_garbage_means_never() {
    for pushback in ["-1", "-300", "soon", "", "1.5", "99999999999"] {
        let fake = Fake::start(Reply::Pushback(Code::Unavailable, pushback)).await;
        let upstream = connected(&[&fake]).await;
        unary(&upstream, READ).await.unwrap_err();
        assert_eq!(fake.calls(), 1, "{pushback:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn overload_without_pushback_is_the_last_word() {
    let fake = Fake::start(Reply::Status(Code::ResourceExhausted)).await;
    let upstream = connected(&[&fake]).await;
    unary(&upstream, READ).await.unwrap_err();
    assert_eq!(fake.calls(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_unheard_is_asked_again_even_if_it_writes() {
    let (refuses, well) =
        (Fake::start(Reply::Reset(h2::Reason::REFUSED_STREAM)).await, Fake::start(Reply::Ok).await);
    let upstream = connected(&[&refuses, &well]).await;
    for _ in 0..10 {
        unary(&upstream, WRITE).await.unwrap();
    }
    assert!(refuses.calls() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_cannot_be_told_again_is_not_asked_again() {
    let refuses = Fake::start(Reply::Reset(h2::Reason::REFUSED_STREAM)).await;
    let upstream = connected(&[&refuses]).await;
    let request = Message { service: "x".repeat(1 << 20) };
    let status = send(&upstream, WRITE, Request::new(request)).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(refuses.calls(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_torn_is_asked_for_again() {
    let fake = Fake::start(Reply::Broken(Code::Unavailable)).await;
    let upstream = connected(&[&fake]).await;
    unary(&upstream, READ).await.unwrap_err();
    assert_eq!(fake.calls(), 5, "its status came in the trailers");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_has_begun_is_not_begun_again() {
    let fake = Fake::start(Reply::Broken(Code::Unavailable)).await;
    let upstream = connected(&[&fake]).await;
    let mut messages = stream(&upstream).await.unwrap();
    assert!(messages.message().await.unwrap().is_some());
    assert_eq!(messages.message().await.unwrap_err().code(), Code::Unavailable);
    assert_eq!(fake.calls(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn retries_add_a_fifth_and_ten_a_second_at_most() {
    let fake = Fake::start(Reply::Status(Code::Unavailable)).await;
    let upstream = connected(&[&fake]).await;
    let began = Instant::now();
    let mut asked = 0;
    for _ in 0..400 {
        asked += u64::from(unary(&upstream, READ).await.is_err());
    }
    let allowed = 400 / 5 + 100 + 10 * began.elapsed().as_secs();
    assert!(fake.calls() <= asked + allowed + 1, "{} attempts", fake.calls());
}

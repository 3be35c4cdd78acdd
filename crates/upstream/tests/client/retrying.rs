//! Which calls are retried.

use std::time::{Duration, Instant};

use tonic::{Code, Request};
use upstream::Idempotent;

use crate::{Fake, Message, READ, Reply, WRITE, connected, send, stream, unary, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_read_is_retried_at_another_endpoint() {
    let (failing, healthy) =
        (Fake::start(Reply::Status(Code::Unavailable)).await, Fake::start(Reply::Ok).await);
    let upstream = connected(&[&failing, &healthy]).await;
    for _ in 0..20 {
        unary(&upstream, READ).await.unwrap();
    }
    assert!(failing.calls() > 0, "both endpoints get calls");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_write_is_not_retried() {
    let fake = Fake::start(Reply::Status(Code::Unavailable)).await;
    let upstream = connected(&[&fake]).await;
    let status = unary(&upstream, WRITE).await.unwrap_err();
    assert_eq!((status.code(), fake.calls()), (Code::Unavailable, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_write_marked_idempotent_is_retried() {
    let fake = Fake::start(Reply::Status(Code::Unavailable)).await;
    let upstream = connected(&[&fake]).await;
    let mut request = Request::new(Default::default());
    request.extensions_mut().insert(Idempotent);
    send(&upstream, WRITE, request).await.unwrap_err();
    assert_eq!(fake.calls(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_has_at_most_five_attempts_and_then_forbids_retries() {
    let fake = Fake::start(Reply::Status(Code::Unavailable)).await;
    let upstream = connected(&[&fake]).await;
    let status = unary(&upstream, READ).await.unwrap_err();
    assert_eq!((status.code(), fake.calls()), (Code::Unavailable, 5));
    assert_eq!(status.metadata().get("grpc-retry-pushback-ms").unwrap(), "-1");
}

#[tokio::test(flavor = "multi_thread")]
async fn pushback_delays_the_retry() {
    for code in [Code::Unavailable, Code::ResourceExhausted] {
        let fake = Fake::start(Reply::Pushback(code, "300")).await;
        let upstream = connected(&[&fake]).await;
        let began = Instant::now();
        let recovered = async {
            until("the first attempt", async || fake.calls() == 1).await;
            fake.set(Reply::Ok);
        };
        let (result, ()) = tokio::join!(unary(&upstream, READ), recovered);
        result.unwrap();
        assert_eq!(fake.calls(), 2);
        assert!(began.elapsed() >= Duration::from_millis(300), "{:?}", began.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn negative_or_malformed_pushback_forbids_retries() {
    for pushback in ["-1", "-300", "soon", "", "1.5", "99999999999"] {
        let fake = Fake::start(Reply::Pushback(Code::Unavailable, pushback)).await;
        let upstream = connected(&[&fake]).await;
        unary(&upstream, READ).await.unwrap_err();
        assert_eq!(fake.calls(), 1, "{pushback:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn overload_without_pushback_is_not_retried() {
    let fake = Fake::start(Reply::Status(Code::ResourceExhausted)).await;
    let upstream = connected(&[&fake]).await;
    unary(&upstream, READ).await.unwrap_err();
    assert_eq!(fake.calls(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_write_is_retried() {
    let (refuses, healthy) =
        (Fake::start(Reply::Reset(h2::Reason::REFUSED_STREAM)).await, Fake::start(Reply::Ok).await);
    let upstream = connected(&[&refuses, &healthy]).await;
    for _ in 0..10 {
        unary(&upstream, WRITE).await.unwrap();
    }
    assert!(refuses.calls() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_too_large_to_buffer_is_not_retried() {
    let refuses = Fake::start(Reply::Reset(h2::Reason::REFUSED_STREAM)).await;
    let upstream = connected(&[&refuses]).await;
    let request = Message { service: "x".repeat(1 << 20) };
    let status = send(&upstream, WRITE, Request::new(request)).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(refuses.calls(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_in_the_trailers_is_retried() {
    let fake = Fake::start(Reply::Broken(Code::Unavailable)).await;
    let upstream = connected(&[&fake]).await;
    unary(&upstream, READ).await.unwrap_err();
    assert_eq!(fake.calls(), 5, "the status is in the trailers");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_with_response_headers_is_not_retried() {
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
    let mut failed = 0;
    for _ in 0..400 {
        failed += u64::from(unary(&upstream, READ).await.is_err());
    }
    let allowed = 400 / 5 + 100 + 10 * began.elapsed().as_secs();
    assert!(fake.calls() <= failed + allowed + 1, "{} attempts", fake.calls());
}

//! Deadlines end calls, and are propagated as `grpc-timeout`.

use std::time::{Duration, Instant};

use axum::{Router, routing::post};
use discovery::{Endpoint, Endpoints};
use server::CancellationToken;
use server::{Health, ServeArgs, Server};
use tokio::sync::mpsc;
use tonic::{Code, service::Routes};

use crate::{Fake, READ, Reply, WRITE, connected, fake::silent, settings, unary, until};

const MS: Duration = Duration::from_millis(1);

fn millis(header: Option<String>) -> u64 {
    header.unwrap().strip_suffix('m').unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_left_is_sent_as_grpc_timeout() {
    let fake = Fake::start(Reply::Ok).await;
    let upstream = connected(&[&fake]).await;
    unary(&upstream, READ).await.unwrap();
    assert_eq!(fake.header("grpc-timeout"), None);
    unary(&upstream.deadline(500 * MS), READ).await.unwrap();
    assert!((1..=500).contains(&millis(fake.header("grpc-timeout"))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_shrinks_from_hop_to_hop() {
    let leaf = Fake::start(Reply::Ok).await;
    let to_leaf = connected(&[&leaf]).await;
    // A service in the middle that works for a while before it calls the next.
    let (worked, mut on_work) = mpsc::channel(1);
    let middle = post(move || async move {
        let began = Instant::now();
        tokio::time::sleep(400 * MS).await;
        unary(&to_leaf, READ).await.ok();
        worked.send(began.elapsed()).await.ok();
        server::grpc::answer(tonic::Status::ok(""))
    });
    let health = Health::new(&[], &[]);
    let server = Server::bind("127.0.0.1:0".parse().unwrap(), &ServeArgs::default()).unwrap();
    let endpoint = Endpoint::at(server.local_addr().to_string());
    let middle = server.layered(Router::new().route(READ, middle), &[]);
    let app = server.grpc(Routes::default(), &health, &[]).merge(middle);
    tokio::spawn(server.serve(app, CancellationToken::new()));
    let upstream = upstream::Upstream::with("middle", Endpoints::fixed([endpoint]), settings());
    unary(&upstream.deadline(5_000 * MS), READ).await.ok();
    let took = on_work.recv().await.unwrap();
    let left = millis(leaf.header("grpc-timeout"));
    assert!(left <= 4_600, "{left} ms left");
    assert!(Duration::from_millis(left) + took + 500 * MS >= 5_000 * MS, "{left} ms, {took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_call_is_never_sent() {
    let fake = Fake::start(Reply::Ok).await;
    let upstream = connected(&[&fake]).await;
    let status = unary(&upstream.deadline(Duration::ZERO), READ).await.unwrap_err();
    assert_eq!((status.code(), fake.calls()), (Code::DeadlineExceeded, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_ends_at_its_deadline_and_is_cancelled_upstream() {
    let fake = Fake::start(Reply::Hang).await;
    let upstream = connected(&[&fake]).await;
    for path in [READ, WRITE] {
        let status = unary(&upstream.deadline(60 * MS), path).await.unwrap_err();
        assert_eq!(status.code(), Code::DeadlineExceeded);
    }
    assert_eq!(fake.calls(), 2, "no call is retried");
    until("both are cancelled", async || fake.cancelled() == 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_pause_beyond_the_deadline_is_not_waited_for() {
    let fake = Fake::start(Reply::Pushback(Code::Unavailable, "60000")).await;
    let upstream = connected(&[&fake]).await;
    let status = unary(&upstream.deadline(10_000 * MS), READ).await.unwrap_err();
    assert_eq!(
        (status.code(), fake.calls()),
        (Code::Unavailable, 1),
        "the status is returned immediately"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_endpoint_costs_a_deadline() {
    let silent = silent().await;
    let endpoint = Endpoint::at(silent.local_addr().unwrap().to_string());
    let upstream = upstream::Upstream::with("test", Endpoints::fixed([endpoint]), settings());
    let status = unary(&upstream.deadline(100 * MS), READ).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

//! Streaming calls have connections of their own before they take those of unary calls.

use std::time::Duration;

use discovery::Endpoints;
use futures::future::join_all;
use tonic::{Code, Streaming};
use upstream::{Settings, Upstream};

use crate::{Fake, Message, READ, Reply, all_connected, connected, settings, stream, unary, until};

/// Concurrent streams that the server allows on a connection.
const LIMIT: u32 = 16;

fn connections(upstream: &Upstream) -> usize {
    upstream.report().endpoints.iter().map(|endpoint| endpoint.connected).sum()
}

/// Opens endless streams at once, and reads the first message of each.
async fn open(upstream: &Upstream, count: usize) -> Vec<Streaming<Message>> {
    let opening = (0..count).map(|_| async {
        let mut stream = stream(upstream).await.unwrap();
        stream.message().await.unwrap().unwrap();
        stream
    });
    join_all(opening).await
}

#[tokio::test(flavor = "multi_thread")]
async fn open_streams_do_not_starve_unary_calls() {
    let fake = Fake::start_with(Reply::Endless, Some(LIMIT)).await;
    let settings = Settings { stream_connections: 32, ..settings() };
    let upstream = Upstream::with("test", Endpoints::fixed([fake.endpoint()]), settings);
    all_connected(&upstream, 1).await;
    let streams = open(&upstream, 320).await;
    fake.set(Reply::Ok);
    for _ in 0..100 {
        let limited = upstream.deadline(Duration::from_secs(5));
        unary(&limited, READ).await.unwrap();
    }
    assert_eq!(connections(&upstream), 21, "8 streams on the first, 16 on each of the others");
    assert_eq!(fake.calls(), 420, "none was refused by the server");
    drop(streams);
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_without_streams_are_closed() {
    let fake = Fake::start_with(Reply::Endless, Some(LIMIT)).await;
    let settings = Settings { stream_idle: Duration::from_millis(50), ..settings() };
    let upstream = Upstream::with("test", Endpoints::fixed([fake.endpoint()]), settings);
    all_connected(&upstream, 1).await;
    let mut streams = Vec::new();
    for _ in 0..39 {
        streams.append(&mut open(&upstream, 1).await);
    }
    assert_eq!(connections(&upstream), 3);
    streams.truncate(10);
    until("one is closed", async || connections(&upstream) == 2).await;
    for open in &mut streams {
        let ended = tokio::time::timeout(Duration::ZERO, open.message()).await;
        assert!(ended.is_err(), "the others are still open");
    }
    streams.clear();
    until("all but the first are closed", async || connections(&upstream) == 1).await;
    open(&upstream, 39).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_beyond_all_connections_are_refused() {
    let fake = Fake::start_with(Reply::Endless, Some(LIMIT)).await;
    let settings = Settings { stream_connections: 1, ..settings() };
    let upstream = Upstream::with("test", Endpoints::fixed([fake.endpoint()]), settings);
    all_connected(&upstream, 1).await;
    let mut streams = open(&upstream, 24).await;
    let refused = stream(&upstream).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    assert_eq!(rpc::status::reason(&refused).as_deref(), Some("OVERLOADED"));
    fake.set(Reply::Ok);
    unary(&upstream, READ).await.unwrap();
    fake.set(Reply::Endless);
    streams.pop();
    until("its place is free", async || stream(&upstream).await.is_ok()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_go_on_over_new_connections_after_a_restart() {
    let mut fake = Fake::start_with(Reply::Endless, Some(LIMIT)).await;
    let upstream = connected(&[&fake]).await;
    let streams = open(&upstream, 39).await;
    fake.kill();
    until("all are disconnected", async || connections(&upstream) == 0).await;
    fake.revive().await;
    all_connected(&upstream, 1).await;
    let again = open(&upstream, 39).await;
    assert_eq!(connections(&upstream), 3);
    drop((streams, again));
}

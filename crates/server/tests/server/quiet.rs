//! HTTP/2 connections before their first request, and how they become active.

use axum::{Router, body::Body, routing::post};
use bytes::Bytes;
use http_body_util::Full;
use server::{ConnectionArgs, ServeArgs};
use testkit::{Http2Peer as Peer, http2_peer::*};
use tokio::io::AsyncWriteExt as _;

use crate::{start, start_with};

const CHECK: &str = "/grpc.health.v1.Health/Check";
const WINDOW_UPDATE: u8 = 8;
const ACK: u8 = 1;

fn probing() -> ServeArgs {
    let connection =
        ConnectionArgs { keepalive_interval: 1, keepalive_timeout: 1, ..Default::default() };
    ServeArgs { connection, ..ServeArgs::default() }
}

/// Reads up to the response to the first call; returns the frames of stream 0.
async fn until_answered(peer: &mut Peer) -> Vec<Frame> {
    let mut of_connection = Vec::new();
    loop {
        let frame = peer.next().await.expect("the connection is open");
        match (frame.kind, frame.flags & 1) {
            (HEADERS, 1) => return of_connection,
            _ if frame.stream == 0 => of_connection.push(frame),
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_and_windows_are_sent_once() {
    let running = start(Router::new());
    for is_quiet_first in [true, false] {
        let mut peer = Peer::connect(running.addr, 65_535).await;
        peer.send(SETTINGS, ACK, 0, &[]).await;
        let mut before = Vec::new();
        if is_quiet_first {
            peer.send(PING, 0, 0, b"8 bytes.").await;
            loop {
                let frame = peer.next().await.expect("the connection is open");
                let is_answer = frame.kind == PING;
                before.push(frame);
                if is_answer {
                    break;
                }
            }
        }
        peer.call(1, CHECK, &[]).await;
        before.extend(until_answered(&mut peer).await);
        let count = |kind, flags| {
            let frames = before.iter().filter(|it| (it.kind, it.flags) == (kind, flags));
            frames.count()
        };
        assert_eq!(count(SETTINGS, 0), 1, "{before:?}");
        assert_eq!(count(SETTINGS, ACK), 1, "{before:?}");
        assert_eq!(count(PING, ACK), usize::from(is_quiet_first), "{before:?}");
        let windows: Vec<_> = before.iter().filter(|it| it.kind == WINDOW_UPDATE).collect();
        let increment = (4_u32 << 20) - 65_535;
        assert_eq!(windows.len(), 1, "{before:?}");
        assert_eq!(windows[0].payload, increment.to_be_bytes());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_may_arrive_in_any_chunks() {
    let running = start(Router::new());
    let fields = [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", CHECK),
        (":authority", "x"),
        ("content-type", "application/grpc"),
    ];
    let block = literal(&fields);
    let mut request = vec![0, 0, block.len() as u8, HEADERS, 5, 0, 0, 0, 1];
    request.extend(block);
    for cut in 0..request.len() {
        let mut peer = Peer::connect(running.addr, 65_535).await;
        peer.raw().set_nodelay(true).unwrap();
        peer.send(PING, 0, 0, b"8 bytes.").await;
        peer.raw().write_all(&request[..cut]).await.unwrap();
        // Read by the time the PING is answered, or with the rest.
        while peer.next().await.expect("the connection is open").kind != PING {}
        peer.raw().write_all(&request[cut..]).await.unwrap();
        until_answered(&mut peer).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn early_window_updates_count() {
    const LENGTH: usize = 300 << 10;
    let large = post(|| async {
        let body = Body::new(Full::new(Bytes::from(vec![0; LENGTH])));
        ([("content-type", "application/grpc")], body)
    });
    let running = start(Router::new().route("/test.Service/Large", large));
    let mut peer = Peer::connect(running.addr, 1 << 20).await;
    peer.send(WINDOW_UPDATE, 0, 0, &(1_u32 << 20).to_be_bytes()).await;
    peer.send(PING, 0, 0, b"8 bytes.").await;
    while peer.next().await.expect("the connection is open").kind != PING {}
    peer.call(1, "/test.Service/Large", &[]).await;
    let mut read = 0;
    while read < LENGTH {
        read += peer.next_of(DATA).await.expect("all of it fits the windows").payload.len();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_peer_is_pinged() {
    let running = start_with(Router::new(), &probing());
    let mut peer = Peer::connect(running.addr, 65_535).await;
    for _ in 0..2 {
        let ping = peer.next_of(PING).await.expect("it is asked");
        peer.acknowledge(&ping).await;
    }
    peer.call(1, CHECK, &[]).await;
    until_answered(&mut peer).await;
    // Frames other than requests do not delay it.
    peer.send(WINDOW_UPDATE, 0, 0, &[0, 0, 1, 0]).await;
    for _ in 0..2 {
        let ping = peer.next_of(PING).await.expect("it is asked after a request, too");
        peer.acknowledge(&ping).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_peer_that_does_not_answer_is_disconnected() {
    let running = start_with(Router::new(), &probing());
    let mut peer = Peer::connect(running.addr, 65_535).await;
    peer.next_of(PING).await.expect("it is asked");
    peer.next_of(GOAWAY).await.expect("it is told");
    assert_eq!(peer.next_of(HEADERS).await, None, "the connection is closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_connection_ends_with_the_server() {
    let running = start(Router::new());
    let mut peer = Peer::connect(running.addr, 65_535).await;
    peer.send(PING, 0, 0, b"8 bytes.").await;
    while peer.next().await.expect("the connection is open").kind != PING {}
    running.shutdown.cancel();
    let goaway = peer.next_of(GOAWAY).await.expect("it is told");
    assert_eq!(goaway.last_stream(), i32::MAX as u32);
    let ping = peer.next_of(PING).await.expect("it is asked whether it has heard");
    peer.acknowledge(&ping).await;
    assert_eq!(peer.next_of(GOAWAY).await.expect("the last word").last_stream(), 0);
    assert_eq!(peer.next_of(HEADERS).await, None, "the connection is closed");
    running.served.await.unwrap().unwrap();
}

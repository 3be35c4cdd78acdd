//! Connections: age, limits, end.

use std::{
    num::NonZeroUsize,
    time::{Duration, Instant},
};

use axum::{Router, body::Body, routing::post};
use bytes::Bytes;
use futures::stream;
use rpc::status;
use server::{ConnectionArgs, ServeArgs};
use testkit::{Http2Peer as Peer, http2_peer::*};
use tokio::{io::AsyncReadExt as _, net::TcpStream};
use tonic::{Code, Status};

use crate::{start, start_with, upstream, watch};

fn args(connection: ConnectionArgs) -> ServeArgs {
    ServeArgs { connection, ..ServeArgs::default() }
}

async fn expect_close(peer: &mut TcpStream) {
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(20), peer.read_to_end(&mut rest)).await;
    ended.expect("the server closes the connection").ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_aged_connection_receives_two_goaways_and_ends_within_its_grace() {
    let aging =
        ConnectionArgs { max_connection_age: 1, max_connection_age_grace: 2, ..Default::default() };
    let running = start_with(Router::new(), &args(aging));
    let began = Instant::now();
    let mut peer = Peer::connect(running.addr, 65_535).await;
    peer.call(1, "/grpc.health.v1.Health/Watch", &[]).await;
    let soon = peer.next_of(GOAWAY).await.expect("the first GOAWAY");
    assert_eq!(soon.last_stream(), i32::MAX as u32, "requests under way are still accepted");
    let ping = peer.next_of(PING).await.expect("a PING after the GOAWAY");
    // The server has to assume that this was sent before the GOAWAY arrived.
    peer.call(3, "/grpc.health.v1.Health/Check", &[]).await;
    peer.acknowledge(&ping).await;
    let (mut answered, mut last) = (false, None);
    while !answered || last.is_none() {
        let frame = peer.next().await.expect("the final GOAWAY and the response");
        match frame.kind {
            HEADERS => answered |= frame.stream == 3,
            GOAWAY => last = Some(frame.last_stream()),
            _ => {}
        }
    }
    assert_eq!(last, Some(3));
    loop {
        let trailers = peer.next_of(HEADERS).await.expect("the watch ends with a status");
        if trailers.stream == 1 {
            assert_eq!(trailers.flags & 1, 1, "END_STREAM, not a reset");
            break;
        }
    }
    assert_eq!(peer.next_of(HEADERS).await, None, "then the connection is closed");
    assert!(began.elapsed() >= Duration::from_millis(900 + 1_750), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_outlive_their_connections() {
    let aging = ConnectionArgs { max_connection_age: 1, ..Default::default() };
    let running = start_with(Router::new(), &args(aging));
    running.health.set("store", Ok(()));
    let upstream = upstream(running.addr).deadline(Duration::from_secs(10));
    let began = Instant::now();
    while began.elapsed() < Duration::from_millis(2_500) {
        crate::check(upstream.clone()).await.expect("no call fails");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn watches_end_with_a_status_when_the_server_drains() {
    let running = start(Router::new());
    let mut health = watch(upstream(running.addr)).await;
    health.message().await.unwrap().expect("how it is");
    running.shutdown.cancel();
    let status = loop {
        match health.message().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("it must say why"),
            Err(status) => break status,
        }
    };
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(status::reason(&status).as_deref(), Some(status::SHUTTING_DOWN));
    running.served.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partial_preface_times_out() {
    let brief = ConnectionArgs { handshake_timeout: 1, ..Default::default() };
    let running = start_with(Router::new(), &args(brief));
    for greeting in [&b"PRI * HTTP/2"[..], b"GET / HTTP/1.1\r\nhost:", b""] {
        let mut peer = TcpStream::connect(running.addr).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut peer, greeting).await.unwrap();
        expect_close(&mut peer).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_opens_and_cancels_endlessly_is_disconnected() {
    let strict = ConnectionArgs { max_pending_resets: Some(20), ..Default::default() };
    let running = start_with(Router::new(), &args(strict));
    let mut peer = Peer::connect(running.addr, 65_535).await;
    let cancel = 8_u32.to_be_bytes();
    for stream in (1..40_001).step_by(2) {
        let fields =
            [(":method", "POST"), (":scheme", "http"), (":path", "/x"), (":authority", "x")];
        peer.send(HEADERS, 4, stream, &literal(&fields)).await;
        peer.send(RST_STREAM, 0, stream, &cancel).await;
    }
    let goaway = peer.next_of(GOAWAY).await.expect("the first GOAWAY");
    assert_eq!(goaway.payload[4..8], 11_u32.to_be_bytes(), "ENHANCE_YOUR_CALM");
    expect_close(peer.raw()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn responses_sent_before_the_request_ends_keep_the_connection() {
    const AT_ONCE: u32 = 200;
    let running = start(Router::new());
    let mut peer = Peer::connect(running.addr, 65_535).await;
    peer.raw().set_nodelay(true).unwrap();
    // Refused by its headers, before the body is read.
    let fields = [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", "/x"),
        (":authority", "x"),
        ("grpc-timeout", "soon"),
    ];
    for round in 0..12 {
        let streams = || (0..AT_ONCE).map(|number| 2 * (round * AT_ONCE + number) + 1);
        for stream in streams() {
            peer.send(HEADERS, 4, stream, &literal(&fields)).await;
        }
        for _ in streams() {
            peer.next_of(HEADERS).await.expect("the connection is there");
        }
        // The rest of each request, which the handler did not read.
        for stream in streams() {
            peer.send(DATA, 1, stream, b"x").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_too_large_is_refused() {
    let running = start(Router::new());
    running.health.set("store", Ok(()));
    let large = "x".repeat(20 << 10);
    let mut request = tonic::Request::new(tonic_health::pb::HealthCheckRequest::default());
    request.metadata_mut().insert("large", large.parse().unwrap());
    let mut client = tonic_health::pb::health_client::HealthClient::new(upstream(running.addr));
    client.check(request).await.expect_err("20 KiB of metadata are too much");
    crate::check(upstream(running.addr)).await.expect("the next call is answered");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_reads_nothing_is_disconnected() {
    let endless = post(|| async {
        let pieces = stream::repeat_with(|| Ok::<_, Status>(Bytes::from_static(&[0; 32 << 10])));
        ([("content-type", "application/grpc")], Body::from_stream(pieces))
    });
    let brief = ConnectionArgs { stall_timeout: 1, ..Default::default() };
    let running = start_with(Router::new().route("/test.Service/Endless", endless), &args(brief));
    let mut peer = Peer::connect(running.addr, 1_000).await;
    peer.call(1, "/test.Service/Endless", &[]).await;
    let reset = peer.next_of(RST_STREAM).await.expect("the stream is cut, not the connection");
    assert_eq!(reset.stream, 1);
    peer.call(3, "/grpc.health.v1.Health/Check", &[]).await;
    assert_eq!(peer.next_of(HEADERS).await.expect("another is answered").stream, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stalled_response_is_cut_at_its_deadline() {
    let endless = post(|| async {
        let pieces = stream::repeat_with(|| Ok::<_, Status>(Bytes::from_static(&[0; 32 << 10])));
        ([("content-type", "application/grpc")], Body::from_stream(pieces))
    });
    let running = start(Router::new().route("/test.Service/Endless", endless));
    let mut peer = Peer::connect(running.addr, 1_000).await;
    let fields = [
        (":method", "POST"),
        (":scheme", "http"),
        (":authority", "test"),
        (":path", "/test.Service/Endless"),
        ("content-type", "application/grpc"),
        ("grpc-timeout", "500m"),
    ];
    // END_HEADERS and END_STREAM.
    peer.send(HEADERS, 5, 1, &literal(&fields)).await;
    let began = Instant::now();
    assert_eq!(peer.next_of(RST_STREAM).await.expect("the stream is cut").stream, 1);
    assert!(began.elapsed() < Duration::from_secs(15), "long before it is taken for stalled");
}

/// A free slot serves whichever thread has a client: a thread must not hold it while it is idle.
#[tokio::test(flavor = "multi_thread")]
async fn every_connection_below_the_limit_is_served_whatever_its_thread() {
    let two = NonZeroUsize::new(2);
    let args = ServeArgs { threads: two, max_connections: two.unwrap(), ..ServeArgs::default() };
    let running = start_with(Router::new(), &args);
    for round in 0..20 {
        // The kernel assigns each connection to a thread by its port, at random.
        let (mut first, mut second) =
            tokio::join!(Peer::connect(running.addr, 65_535), Peer::connect(running.addr, 65_535));
        for peer in [&mut first, &mut second] {
            peer.call(1, "/grpc.health.v1.Health/Check", &[]).await;
            let response = tokio::time::timeout(Duration::from_secs(10), peer.next_of(HEADERS));
            assert!(response.await.is_ok_and(|it| it.is_some()), "round {round}");
        }
    }
}

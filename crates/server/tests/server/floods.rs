//! Floods of control frames, and connections beyond a peer's share.

use std::{num::NonZeroUsize, time::Duration};

use axum::Router;
use rpc::frame::framed;
use server::{ConnectionArgs, ServeArgs};
use testkit::{Http2Peer as Peer, http2_peer::*};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    start_with,
    unary::{self, GET, Subject},
};

/// PRIORITY, SETTINGS, PING, WINDOW_UPDATE and a frame of no known kind, with a valid payload each.
const CONTROL: [(u8, u32, &[u8]); 5] = [
    (2, 1, &[0, 0, 0, 0, 7]),
    (SETTINGS, 0, &[]),
    (PING, 0, b"8 bytes."),
    (8, 0, &[0, 0, 0, 1]),
    (99, 0, b"nothing"),
];

/// Reads to the last GOAWAY and returns its reason.
async fn goodbye(peer: &mut Peer) -> Option<u32> {
    let mut reason = None;
    while let Some(frame) = peer.next().await {
        if frame.kind == GOAWAY {
            reason = Some(u32::from_be_bytes(frame.payload[4..8].try_into().unwrap()));
        }
    }
    reason
}

#[tokio::test(flavor = "multi_thread")]
async fn floods_of_control_frames_are_cut_although_the_peer_reads() {
    let running = unary::start(&Subject::default(), &ServeArgs::default());
    for (kind, stream, payload) in CONTROL {
        for has_called in [false, true] {
            let mut peer = Peer::connect(running.addr, 65_535).await;
            if has_called {
                peer.call(1, GET, b"hello").await;
                peer.next_of(DATA).await.expect("the response");
            }
            let mut flood = u32::try_from(payload.len()).unwrap().to_be_bytes()[1..].to_vec();
            flood.extend([kind, 0]);
            flood.extend(stream.to_be_bytes());
            flood.extend(payload);
            // Few enough to be in the buffers of both sockets while no one reads.
            peer.raw().write_all(&flood.repeat(4_000)).await.ok();
            let reason = goodbye(&mut peer).await;
            assert_eq!(reason, Some(11), "ENHANCE_YOUR_CALM for kind {kind}, {has_called}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_ping_and_update_windows_with_their_calls_are_not_cut() {
    let running = unary::start(&Subject::default(), &ServeArgs::default());
    let mut peer = Peer::connect(running.addr, 65_535).await;
    peer.raw().set_nodelay(true).unwrap();
    for number in 0..3_000 {
        let stream = 2 * number + 1;
        peer.call(stream, GET, b"hello").await;
        assert_eq!(peer.next_of(DATA).await.expect("the response").payload, framed(b"hello"));
        peer.send(8, 0, stream, &10_u32.to_be_bytes()).await;
        peer.send(8, 0, 0, &10_u32.to_be_bytes()).await;
        peer.send(PING, 0, 0, b"bdp ping").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_gets_its_share_of_connections() {
    let args = ServeArgs {
        threads: NonZeroUsize::new(1),
        max_connections: NonZeroUsize::new(8).unwrap(),
        peer_share: Some(50),
        ..ServeArgs::default()
    };
    let running = start_with(Router::new(), &args);
    let mut peers = Vec::new();
    for _ in 0..4 {
        let mut peer = Peer::connect(running.addr, 65_535).await;
        peer.next_of(SETTINGS).await.expect("a greeting");
        peers.push(peer);
    }
    let mut fifth = Peer::connect(running.addr, 65_535).await;
    assert_eq!(fifth.next_of(SETTINGS).await, None, "it is closed");
    peers.pop();
    crate::until(|| async {
        let mut peer = Peer::connect(running.addr, 65_535).await;
        peer.next_of(SETTINGS).await.is_some()
    })
    .await;
}

/// Sends a request and reads its response, which has no body. Returns whether there was one.
async fn get(client: &mut TcpStream) -> bool {
    client.write_all(b"GET /none HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut response = Vec::new();
    while !response.ends_with(b"\r\n\r\n") {
        if client.read_buf(&mut response).await.unwrap_or(0) == 0 {
            return false;
        }
    }
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_http1_connection_outlives_the_timeout_of_heads() {
    let connection =
        ConnectionArgs { handshake_timeout: 1, idle_timeout: 600, ..ConnectionArgs::default() };
    let running = start_with(Router::new(), &ServeArgs { connection, ..ServeArgs::default() });
    let mut idle = TcpStream::connect(running.addr).await.unwrap();
    assert!(get(&mut idle).await);
    // Late heads end their connections while the other is idle: the first of one, and the second.
    let mut late = TcpStream::connect(running.addr).await.unwrap();
    for served in [false, true] {
        if served {
            late = TcpStream::connect(running.addr).await.unwrap();
            assert!(get(&mut late).await);
        }
        late.write_all(b"GET /none").await.unwrap();
        let closed = tokio::time::timeout(Duration::from_secs(20), late.read(&mut [0; 8])).await;
        closed.expect("it is closed").ok();
    }
    assert!(get(&mut idle).await, "it is served again");
}

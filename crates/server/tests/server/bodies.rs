//! Bodies of requests that are late, slow, too many or broken off.

use std::{num::NonZeroUsize, sync::atomic::Ordering::SeqCst};

use axum::{Router, body::Bytes, routing::post};
use rpc::{frame::framed, status};
use server::{BodyArgs, ServeArgs, overload::OverloadArgs};
use testkit::{Http2Peer as Peer, http2_peer::*};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tonic::Code;

use crate::{
    Running, check, start_with,
    unary::{GET, Subject, request, send, start},
    upstream,
};

const LENGTH: &str = "/test.Service/Length";
/// Reads of a body in these tests end at once or never.
const PATIENT: BodyArgs = BodyArgs {
    body_timeout: 600,
    min_body_rate: 0,
    max_waiting_bodies: 400,
    max_buffered: 64 << 20,
};

/// Room for two calls under way.
fn args(bodies: BodyArgs) -> ServeArgs {
    let calls = NonZeroUsize::new(2).unwrap();
    let overload =
        OverloadArgs { min_calls: calls, min_reads: calls, max_calls: calls, max_open_streams: 2 };
    ServeArgs { overload, bodies, ..ServeArgs::default() }
}

/// A server that answers with a message: the length of the body.
fn start_length(bodies: BodyArgs) -> Running {
    let length = post(|body: Bytes| async move { framed(body.len().to_string().as_bytes()) });
    start_with(Router::new().route(LENGTH, length), &args(bodies))
}

/// Sends the headers of a call without its body.
async fn begin(peer: &mut Peer, stream: u32, path: &str, more: &[(&str, &str)]) {
    let fields = [
        (":method", "POST"),
        (":scheme", "http"),
        (":authority", "test"),
        (":path", path),
        ("content-type", "application/grpc"),
    ];
    peer.send(HEADERS, 4, stream, &literal(&[&fields[..], more].concat())).await;
}

/// Waits for the refusal of a call: a response that ends with its headers.
async fn refused(peer: &mut Peer, stream: u32) {
    let headers = peer.next_of(HEADERS).await.expect("a response");
    assert_eq!((headers.stream, headers.flags & 1), (stream, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_awaited_take_no_place_of_calls() {
    let subject = Subject::default();
    let running = start(&subject, &args(PATIENT));
    let mut slow = Peer::connect(running.addr, 65_535).await;
    for number in 0..100 {
        begin(&mut slow, 2 * number + 1, GET, &[]).await;
    }
    // The server has read all of them once it answers another.
    slow.call(201, GET, b"hello").await;
    assert_eq!(slow.next_of(HEADERS).await.expect("a response").stream, 201);
    for _ in 0..10 {
        send(&running, request(framed(b"hello"))).await.expect("others are served");
    }
    slow.send(DATA, 1, 1, &framed(b"hello")).await;
    assert_eq!(slow.next_of(DATA).await.expect("the response").payload, framed(b"hello"));
    while slow.next_of(HEADERS).await.expect("its trailers").stream != 1 {}
    assert_eq!(subject.begun.load(SeqCst), 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn http1_bodies_that_are_awaited_take_no_place_of_calls() {
    let running = start_length(PATIENT);
    let mut slow = Vec::new();
    for _ in 0..50 {
        let mut peer = TcpStream::connect(running.addr).await.unwrap();
        let head =
            format!("POST {LENGTH} HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n\0\0\0\0\x04");
        peer.write_all(head.as_bytes()).await.unwrap();
        slow.push(peer);
    }
    let call = async |mut peer: TcpStream, request: &[u8]| {
        peer.write_all(request).await.unwrap();
        let mut response = String::new();
        peer.read_to_string(&mut response).await.unwrap();
        response
    };
    for _ in 0..10 {
        let request = format!(
            "POST {LENGTH} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 9\r\n\r\n\
             \0\0\0\0\x04four"
        );
        let peer = TcpStream::connect(running.addr).await.unwrap();
        let response = call(peer, request.as_bytes()).await;
        assert!(response.starts_with("HTTP/1.1 200"), "{response}");
        assert!(response.contains("\x019\r\n"), "{response}");
    }
    let mut late = slow.pop().unwrap();
    late.write_all(b"four").await.unwrap();
    let mut response = vec![0; 12];
    late.read_exact(&mut response).await.unwrap();
    assert_eq!(response, b"HTTP/1.1 200");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_awaits_a_quarter_of_the_bodies() {
    let few = BodyArgs { max_waiting_bodies: 8, ..PATIENT };
    let running = start(&Subject::default(), &args(few));
    let mut slow = Peer::connect(running.addr, 65_535).await;
    for number in 0..3 {
        begin(&mut slow, 2 * number + 1, GET, &[]).await;
    }
    refused(&mut slow, 5).await;
    slow.send(RST_STREAM, 0, 1, &8_u32.to_be_bytes()).await;
    begin(&mut slow, 7, GET, &[]).await;
    slow.send(DATA, 1, 7, &framed(b"hello")).await;
    assert_eq!(slow.next_of(DATA).await.expect("there is room again").stream, 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn late_bodies_are_refused_on_every_path() {
    let brief = BodyArgs { body_timeout: 1, ..PATIENT };
    let running = start(&Subject::default(), &args(brief));
    let mut peer = Peer::connect(running.addr, 65_535).await;
    begin(&mut peer, 1, GET, &[]).await;
    refused(&mut peer, 1).await;
    begin(&mut peer, 3, "/grpc.health.v1.Health/Check", &[]).await;
    refused(&mut peer, 3).await;
    let mut http1 = TcpStream::connect(running.addr).await.unwrap();
    let head = format!("POST {GET} HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n");
    http1.write_all(head.as_bytes()).await.unwrap();
    let mut response = Vec::new();
    http1.read_to_end(&mut response).await.unwrap();
    assert!(contains(&response, b"arrived"), "{}", String::from_utf8_lossy(&response));
}

/// Bodies in chunks of one byte, as many as exceed the memory: some are served, and the rest is refused.
#[tokio::test(flavor = "multi_thread")]
async fn bodies_in_small_chunks_stay_within_their_memory() {
    let running = start_length(BodyArgs { max_buffered: 256 << 10, ..PATIENT });
    let client = |addr| async move {
        let mut peer = TcpStream::connect(addr).await.unwrap();
        let head = format!("POST {LENGTH} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n");
        let body = "\r\n1\r\nx".repeat(64 << 10);
        let prefix = "\r\n5\r\n\0\0\x01\0\0";
        let request = format!("{head}connection: close\r\n{prefix}{body}\r\n0\r\n\r\n");
        peer.write_all(request.as_bytes()).await.ok();
        let mut response = Vec::new();
        peer.read_to_end(&mut response).await.ok();
        String::from_utf8(response).unwrap()
    };
    let clients = (0..16).map(|_| tokio::spawn(client(running.addr)));
    let mut served = 0;
    for client in clients.collect::<Vec<_>>() {
        served += usize::from(client.await.unwrap().contains("\x0565541\r\n"));
    }
    assert!((1..16).contains(&served), "{served}");
    assert!(client(running.addr).await.contains("\x0565541\r\n"), "there is memory again");
}

#[tokio::test(flavor = "multi_thread")]
async fn hang_ups_release_their_places() {
    let few = BodyArgs { max_waiting_bodies: 1, ..PATIENT };
    let running = start(&Subject::default(), &args(few));
    for _ in 0..20 {
        // Awaited, not refused: another call of the connection is answered first.
        crate::until(|| async {
            let mut peer = Peer::connect(running.addr, 65_535).await;
            begin(&mut peer, 1, GET, &[]).await;
            peer.call(3, GET, b"hello").await;
            peer.next_of(HEADERS).await.expect("a response").stream == 3
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_calls_are_refused_by_name() {
    let running = start(&Subject::default(), &ServeArgs::default());
    let mut peer = Peer::connect(running.addr, 65_535).await;
    begin(&mut peer, 1, GET, &[("grpc-timeout", "soon")]).await;
    refused(&mut peer, 1).await;
    let mut large = request(framed(b"hello"));
    large.headers_mut().insert("large", "x".repeat(20 << 10).parse().unwrap());
    let too_large = send(&running, large).await.unwrap_err();
    assert_eq!(too_large.code(), Code::ResourceExhausted);
    assert_eq!(status::reason(&too_large).as_deref(), Some(status::METADATA_TOO_LARGE));
    let unknown = crate::call(upstream(running.addr), "/test.Service/No").await.unwrap_err();
    assert_eq!(unknown.code(), Code::Unimplemented);
    assert!(unknown.message().contains("/test.Service/No"), "{unknown:?}");
    check(upstream(running.addr)).await.expect("the next call is answered");
}

#[tokio::test(flavor = "multi_thread")]
async fn http1_requests_have_exactly_one_host() {
    let running = start_length(PATIENT);
    for (hosts, is_valid) in [("", false), ("host: x\r\n", true), ("host: x\r\nhost: y\r\n", false)]
    {
        let mut peer = TcpStream::connect(running.addr).await.unwrap();
        let head = format!("POST {LENGTH} HTTP/1.1\r\n{hosts}connection: close\r\n\r\n");
        peer.write_all(head.as_bytes()).await.unwrap();
        let mut response = Vec::new();
        peer.read_to_end(&mut response).await.unwrap();
        assert_eq!(contains(&response, b"exactly%20one%20Host"), !is_valid, "{hosts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_http1_heads_end_with_crlf() {
    let running = start_length(PATIENT);
    let valid = format!("POST {LENGTH} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    for (head, is_valid) in [
        (valid.clone(), true),
        (valid.replacen("\r\n", "\n", 1), false),
        (valid.replace("x\r\n", "x\n"), false),
        (valid.replace("\r\n\r\n", "\r\n\n"), false),
        (valid.replace("\r\n", "\n").replace("connection: close\n", ""), false),
    ] {
        let mut peer = TcpStream::connect(running.addr).await.unwrap();
        peer.write_all(head.as_bytes()).await.unwrap();
        let mut response = Vec::new();
        peer.read_to_end(&mut response).await.unwrap();
        assert!(response.starts_with(b"HTTP/1.1 "), "{head:?}");
        assert_eq!(contains(&response, b"not%20with%20LF%20alone"), !is_valid, "{head:?}");
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

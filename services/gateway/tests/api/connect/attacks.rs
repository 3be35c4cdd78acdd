//! Attacks by strangers.

use std::{io::Write as _, net::SocketAddr};

use flate2::{Compression, write::GzEncoder};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{
    CREATE, GET, JSON, LIST, PROTO, STREAM_JSON, STREAM_PROTO, VERSION, check_error, envelope,
    error, post, reason, stream,
};
use crate::harness::{Environment, within_timeout};

const ADJUST: &str = "/catalogue.v1.StockService/AdjustStock";
const SALE: &str = r#"{"productId":"mug","delta":-1}"#;

#[tokio::test]
async fn page_of_another_origin_writes_nothing_whatever_the_content_type() {
    let env = Environment::start_with(&["--cors-origin", "https://shop.example"]).await;
    env.fake.put("mug", 5);
    for foreign in
        [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")]
    {
        for kind in [
            "application/json",
            "application/proto",
            "application/connect+json",
            "text/plain",
            "application/x-www-form-urlencoded",
            "text/plain; application/json",
            "application/grpc",
        ] {
            let headers = [foreign, ("content-type", kind)];
            let refused = env.http().send("POST", ADJUST, &headers, SALE).await;
            assert_eq!(refused.status, 403, "{foreign:?} {kind}");
            assert!(refused.text().contains("CROSS_ORIGIN_WRITE"), "{}", refused.text());
        }
        let refused = env.http().send("POST", ADJUST, &[foreign, JSON, VERSION], SALE).await;
        error(&refused, 403, "permission_denied");
        let link = format!("{ADJUST}?encoding=json&message=%7B%7D");
        error(&env.http().send("GET", &link, &[foreign], "").await, 405, "unimplemented");
        let read = env.http().send("GET", &read_link(), &[foreign], "").await;
        assert_eq!(read.status, 200);
    }
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16"]
    {
        let refused = env.http().send("POST", ADJUST, &[("content-type", kind)], SALE).await;
        assert_eq!(reason(&error(&refused, 415, "invalid_argument")), "CONTENT_TYPE_UNSUPPORTED");
    }
    assert!(env.fake.requests("AdjustStockRequest").is_empty());
    let known = [JSON, ("origin", "https://shop.example")];
    let sold = post(&env, ADJUST, &known, SALE).await;
    assert_eq!(sold.status, 200, "{}", sold.text());
    assert_eq!(sold.header("access-control-allow-origin"), "https://shop.example");
}

fn read_link() -> String {
    format!("{GET}?encoding=json&message=%7B%22product_id%22:%22mug%22%7D")
}

#[tokio::test]
async fn foreign_host_is_refused() {
    let env = Environment::start().await;
    let evil = ("host", "evil.example");
    let refused = post(&env, GET, &[evil, JSON], "{}").await;
    assert_eq!(reason(&error(&refused, 421, "permission_denied")), "HOST_NOT_ALLOWED");
    let refused = env.http().send("GET", &read_link(), &[evil], "").await;
    error(&refused, 421, "permission_denied");
    assert!(env.fake.requests("GetProductRequest").is_empty());
}

/// Sends the head of a request as it is; the first bytes of the response.
async fn raw(addr: SocketAddr, head: &str) -> String {
    let exchange = async {
        let mut socket = TcpStream::connect(addr).await.unwrap();
        let (mut reader, mut writer) = socket.split();
        // The server need not read all of it.
        let sent = async { writer.write_all(head.as_bytes()).await.ok() };
        let mut response = [0; 64];
        let (_, read) = tokio::join!(sent, reader.read(&mut response));
        String::from_utf8_lossy(&response[..read.unwrap()]).into_owned()
    };
    within_timeout("a response", exchange).await
}

fn bomb(size: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![b' '; size]).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn messages_are_read_within_the_limit() {
    let env = Environment::start().await;
    let large = format!(r#"{{"productId":"{}"}}"#, "x".repeat(5 << 20));
    for kind in [JSON, PROTO] {
        let refused = post(&env, GET, &[kind], large.clone()).await;
        assert_eq!(reason(&error(&refused, 429, "resource_exhausted")), "BODY_TOO_LARGE");
        let refused = post(&env, GET, &[kind, ("content-encoding", "gzip")], bomb(64 << 20)).await;
        assert_eq!(reason(&error(&refused, 429, "resource_exhausted")), "BODY_TOO_LARGE");
        let refused = post(&env, GET, &[kind, ("content-encoding", "gzip")], "garbage").await;
        error(&refused, 400, "invalid_argument");
    }
    let gzip = ("connect-content-encoding", "gzip");
    for kind in [STREAM_JSON, STREAM_PROTO] {
        let refused = post(&env, LIST, &[kind, gzip], envelope(1, &bomb(64 << 20))).await;
        assert_eq!(reason(&stream(&refused).1["error"]), "MESSAGE_TOO_LARGE");
        let prefix = [&[0][..], &u32::MAX.to_be_bytes(), b"{}"].concat();
        let refused = post(&env, LIST, &[kind], prefix).await;
        assert_eq!(reason(&stream(&refused).1["error"]), "MESSAGE_TOO_LARGE", "{kind:?}");
        let refused = post(&env, LIST, &[kind], &b"\0\0\0\0\x09{}"[..]).await;
        assert_eq!(reason(&stream(&refused).1["error"]), "MESSAGE_INVALID", "{kind:?}");
        let refused = post(&env, LIST, &[kind], envelope(0, &vec![b' '; 5 << 20])).await;
        check_error(&stream(&refused).1["error"], "resource_exhausted");
    }
    let deep = format!(r#"{{"product":{}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    error(&post(&env, CREATE, &[JSON], deep).await, 400, "invalid_argument");
    assert!(env.fake.requests("ListProductsRequest").is_empty());
    assert!(env.fake.requests("GetProductRequest").is_empty());
}

#[tokio::test]
async fn heads_are_read_within_the_limit() {
    let env = Environment::start().await;
    for length in [65_000, 1 << 20] {
        let head = format!("GET {}&x={} HTTP/1.1\r\n", read_link(), "a".repeat(length));
        let refused = raw(env.gateway.addr, &format!("{head}host: localhost\r\n\r\n")).await;
        assert!(["414", "431"].contains(&&refused[9..12]), "{length}: {refused}");
    }
    let value = "x".repeat(1_000);
    let names: Vec<_> = (0..100).map(|number| format!("x-many-{number}")).collect();
    let many: Vec<_> = names.iter().map(|name| (name.as_str(), value.as_str())).collect();
    let refused = env.http().send("POST", GET, &[&[JSON][..], &many].concat(), "{}").await;
    assert_eq!(refused.status, 431);
    assert!(env.fake.requests("GetProductRequest").is_empty());
    let twice = [JSON, PROTO];
    let refused = env.http().send("POST", GET, &twice, "{}").await;
    error(&refused, 415, "invalid_argument");
    let version = [JSON, ("connect-protocol-version", "2")];
    error(&env.http().send("POST", GET, &version, "{}").await, 400, "invalid_argument");
}

#[tokio::test]
async fn overload_is_refused_in_the_form_of_the_call() {
    let env = Environment::start_with(&["--max-open-streams", "0"]).await;
    let refused = post(&env, LIST, &[STREAM_JSON], envelope(0, b"{}")).await;
    assert_eq!(reason(&stream(&refused).1["error"]), "OVERLOADED");
    assert_eq!(refused.header("retry-after"), "1");
    let env = Environment::start_with(&["--min-calls", "1", "--max-calls", "1"]).await;
    let client = env.http();
    let slow =
        tokio::spawn(
            async move { client.send("POST", GET, &[JSON], r#"{"productId":"slow"}"#).await },
        );
    crate::harness::eventually("the first call", async || {
        !env.fake.requests("GetProductRequest").is_empty()
    })
    .await;
    let refused = post(&env, GET, &[JSON], "{}").await;
    assert_eq!(reason(&error(&refused, 429, "resource_exhausted")), "OVERLOADED");
    assert_eq!(refused.header("retry-after"), "1");
    slow.abort();
}

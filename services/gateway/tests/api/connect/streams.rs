//! Streaming calls.

use bytes::Bytes;
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full};
use prost::Message as _;
use proto::catalogue::v1::{ListProductsRequest, Product};
use serde_json::{Value, json};

use super::{
    GET, JSON, LIST, PROTO, STREAM_JSON, STREAM_PROTO, check_error, envelope, envelopes, error,
    field, post, reason, stream,
};
use crate::harness::{Environment, within_timeout};

const IMPORT: &str = "/catalogue.v1.TransferService/ImportProducts";

#[tokio::test]
async fn a_stream_has_its_messages_and_its_end() {
    let env = Environment::start().await;
    for id in ["a", "b", "c"] {
        env.fake.put(id, 1);
    }
    let sent = envelope(0, br#"{"pageSize":2}"#);
    let response = post(&env, LIST, &[STREAM_JSON], sent).await;
    assert_eq!(response.header("content-type"), "application/connect+json");
    let (messages, end) = stream(&response);
    let first: Value = serde_json::from_slice(messages[0].1).unwrap();
    assert_eq!(first, env.http().get("/v1/products/a").await.json());
    assert_eq!(messages.len(), 2);
    assert_eq!(end, json!({ "metadata": { "next-page-token": ["more"] } }));

    let request = ListProductsRequest::default().encode_to_vec();
    let response = post(&env, LIST, &[STREAM_PROTO], envelope(0, &request)).await;
    let (messages, end) = stream(&response);
    let ids = messages.iter().map(|(_, message)| Product::decode(*message).unwrap().id);
    assert_eq!(ids.collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(end, json!({}));
}

#[tokio::test]
async fn a_stream_that_fails_says_so_at_its_end() {
    let env = Environment::start().await;
    env.fake.put("a", 1);
    let broken = envelope(0, br#"{"pageToken":"break"}"#);
    let response = post(&env, LIST, &[STREAM_JSON], broken).await;
    let (messages, end) = stream(&response);
    assert_eq!(messages.len(), 1);
    check_error(&end["error"], "data_loss");
    for (body, named) in [
        (&br#"{"pageSize":-1}"#[..], "page_size"),
        (br#"{"pageSize":"x"}"#, "pageSize"),
        (b"{", "body"),
    ] {
        let response = post(&env, LIST, &[STREAM_JSON], envelope(0, body)).await;
        let (messages, end) = stream(&response);
        assert!(messages.is_empty());
        check_error(&end["error"], "invalid_argument");
        assert_eq!(field(&end["error"]), named);
    }
    for body in [envelope(2, b"{}"), [envelope(0, b"{}"), envelope(0, b"{}")].concat()] {
        let response = post(&env, LIST, &[STREAM_JSON], body).await;
        assert_eq!(reason(&stream(&response).1["error"]), "MESSAGE_INVALID");
    }
    let timeout = [STREAM_JSON, ("connect-timeout-ms", "300")];
    let response = post(&env, LIST, &timeout, envelope(0, br#"{"pageToken":"hang"}"#)).await;
    check_error(&stream(&response).1["error"], "deadline_exceeded");
}

#[tokio::test]
async fn messages_of_a_stream_are_compressed_one_by_one() {
    let env = Environment::start().await;
    let long = "a very long name ".repeat(500);
    env.fake.put_named("long", &long, 1);
    env.fake.put("short", 1);
    let codings = [
        ("connect-content-encoding", "gzip"),
        ("connect-accept-encoding", "gzip"),
        // A response that is compressed as a whole cannot be read message by message.
        ("accept-encoding", "gzip"),
    ];
    let request = ListProductsRequest::default().encode_to_vec();
    for (kind, plain) in [(STREAM_JSON, b"{}".to_vec()), (STREAM_PROTO, request)] {
        let padded = match kind == STREAM_JSON {
            true => [plain.clone(), vec![b' '; 2_000]].concat(),
            // A field that is not known: 15, of 2,000 bytes.
            false => [&[0x7a, 0xd0, 0x0f][..], &[b' '; 2_000]].concat(),
        };
        let compressed = rpc::gzip::compress(rpc::frame::framed(&padded));
        assert_eq!(compressed[0], 1);
        let headers = [&[kind][..], &codings].concat();
        let response = post(&env, LIST, &headers, compressed).await;
        assert_eq!(response.header("connect-content-encoding"), "gzip");
        assert_eq!(response.header("content-encoding"), "");
        let (messages, _) = stream(&response);
        assert_eq!(messages.iter().map(|(flags, _)| *flags).collect::<Vec<_>>(), [1, 0]);
        let first = rpc::gzip::decompress(messages[0].1, 1 << 20).unwrap();
        assert!(String::from_utf8_lossy(&first).contains(&long));
    }
    let unknown = [STREAM_JSON, ("connect-content-encoding", "br")];
    let response = post(&env, LIST, &unknown, envelope(0, b"{}")).await;
    assert_eq!(reason(&stream(&response).1["error"]), "CONTENT_ENCODING_UNSUPPORTED");
}

#[tokio::test]
async fn first_message_does_not_wait_for_the_last() {
    let env = Environment::start().await;
    env.fake.put("a", 1);
    let http = testkit::HttpClient::new(format!("http://{}", env.gateway.addr));
    let sent = envelope(0, br#"{"pageToken":"hang"}"#);
    let response = http.open(http::Method::POST, LIST, &[STREAM_JSON], sent).await.unwrap();
    let mut body = response.into_body();
    let frame = within_timeout("the first message", body.frame()).await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&frame.into_data().unwrap()).contains("The a"));
}

#[tokio::test]
async fn form_of_a_request_is_that_of_its_method() {
    let env = Environment::start().await;
    for (path, kind, accepted) in [
        (GET, STREAM_JSON, "application/json, application/proto"),
        (GET, STREAM_PROTO, "application/json, application/proto"),
        (LIST, JSON, "application/connect+json, application/connect+proto"),
        (LIST, PROTO, "application/connect+json, application/connect+proto"),
    ] {
        let refused = post(&env, path, &[kind], envelope(0, b"{}")).await;
        assert_eq!(reason(&error(&refused, 415, "invalid_argument")), "CONTENT_TYPE_UNSUPPORTED");
        assert_eq!(refused.header("accept-post"), accepted);
    }
    let refused = post(&env, IMPORT, &[STREAM_JSON], envelope(0, b"{}")).await;
    assert_eq!(reason(&error(&refused, 505, "unimplemented")), "HTTP_VERSION_UNSUPPORTED");
    assert!(env.fake.requests("GetProductRequest").is_empty());
    assert!(env.fake.requests("ListProductsRequest").is_empty());
}

#[tokio::test]
async fn both_directions_stream_over_http_2() {
    let env = Environment::start().await;
    let uri: Uri = format!("http://{}{IMPORT}", env.gateway.addr).parse().unwrap();
    let row = |line: u32| format!(r#"{{"rows":[{{"line":"{line}","product":{{"id":"p"}}}}]}}"#);
    let body: Vec<u8> = (1..=3).flat_map(|line| envelope(0, row(line).as_bytes())).collect();
    let request = Request::post(uri)
        .header("content-type", "application/connect+json")
        .body(Full::new(Bytes::from(body)))
        .unwrap();
    let exchange = async {
        let stream = tokio::net::TcpStream::connect(env.gateway.addr).await.unwrap();
        let io = hyper_util::rt::TokioIo::new(stream);
        let executor = hyper_util::rt::TokioExecutor::new();
        let (mut calls, connection) =
            hyper::client::conn::http2::handshake(executor, io).await.unwrap();
        tokio::spawn(connection);
        let response = calls.send_request(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        response.into_body().collect().await.unwrap().to_bytes()
    };
    let body = within_timeout("the acknowledgements", exchange).await;
    let envelopes = envelopes(&body);
    let lines = envelopes.iter().map(|(flags, message)| {
        let message: Value = serde_json::from_slice(message).unwrap();
        (*flags, message["acknowledgedLine"].clone())
    });
    let expected = ["1", "2", "3"].map(|line| (0, json!(line)));
    assert_eq!(lines.take(3).collect::<Vec<_>>(), expected);
    assert_eq!(envelopes[3], (2, &b"{}"[..]));
}

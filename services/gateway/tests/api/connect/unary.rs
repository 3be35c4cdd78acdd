//! Unary calls, by POST and GET.

use std::io::{Read as _, Write as _};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};
use prost::Message as _;
use proto::catalogue::v1::{
    GetProductRequest, Product, catalogue_service_client::CatalogueServiceClient,
};
use serde_json::json;
use tonic_types::pb;

use super::{CREATE, GET, JSON, PROTO, VERSION, detail, error, field, post, reason};
use crate::harness::Environment;

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn get(id: &str) -> Vec<u8> {
    GetProductRequest { product_id: id.to_owned(), ..Default::default() }.encode_to_vec()
}

#[tokio::test]
async fn a_call_is_answered_as_by_json_and_grpc() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let named = [JSON, ("x-request-id", "order-7"), ("x-shop", "berlin"), ("cookie", "a=b")];
    let called = post(&env, GET, &named, r#"{"productId":"mug"}"#).await;
    assert_eq!((called.status.as_u16(), called.header("content-type")), (200, "application/json"));
    assert_eq!(called.header("x-request-id"), "order-7");
    for (name, value) in [("x-request-id", Some("order-7")), ("x-shop", Some("berlin"))] {
        assert_eq!(env.fake.metadata(name).as_deref(), value);
    }
    for name in ["cookie", "connect-protocol-version", "content-length", "accept"] {
        assert_eq!(env.fake.metadata(name), None, "{name}");
    }
    assert!(!called.headers.keys().any(|name| name.as_str().contains("grpc")), "{called:?}");
    assert_eq!(called.body, env.http().get("/v1/products/mug").await.body);

    let encoded = post(&env, GET, &[PROTO], get("mug")).await;
    assert_eq!(encoded.header("content-type"), "application/proto");
    let mut grpc = CatalogueServiceClient::new(env.channel());
    let request = GetProductRequest { product_id: "mug".to_owned(), ..Default::default() };
    let product = grpc.get_product(request).await.unwrap().into_inner();
    assert_eq!(encoded.body, product.encode_to_vec());

    let kind = ("content-type", "Application/JSON; charset=UTF-8");
    let sent = r#"{"product":{"id":"cup","name":"Cup","stock_qty":"7","labels":null}}"#;
    let created = env.http().send("POST", CREATE, &[kind], sent).await.json();
    assert_eq!((&created["id"], &created["stockQty"]), (&json!("cup"), &json!(7)));
}

#[tokio::test]
async fn errors_are_those_of_grpc() {
    let env = Environment::start().await;
    let missing = post(&env, GET, &[JSON], r#"{"productId":"none"}"#).await;
    let missing = error(&missing, 404, "not_found");
    assert_eq!(missing["message"], "product none does not exist");
    let info: pb::ErrorInfo = detail(&missing, "google.rpc.ErrorInfo");
    assert_eq!((&*info.reason, &*info.domain), ("PRODUCT_NOT_FOUND", rpc::status::DOMAIN));
    let debug = &missing["details"][0]["debug"];
    assert_eq!(debug["reason"], "PRODUCT_NOT_FOUND", "{missing}");
    // Errors are JSON, whatever the messages are.
    error(&post(&env, GET, &[PROTO], get("none")).await, 404, "not_found");

    let unnamed = post(&env, CREATE, &[JSON], r#"{"product":{"id":"a"}}"#).await;
    let unnamed = error(&unnamed, 400, "invalid_argument");
    assert_eq!(field(&unnamed), "product.name");
    let update = "/catalogue.v1.CatalogueService/DeleteProduct";
    env.fake.put("mug", 5);
    let conflict = post(&env, update, &[JSON], r#"{"productId":"mug","etag":"old"}"#).await;
    assert_eq!(reason(&error(&conflict, 409, "aborted")), "ETAG_MISMATCH");
    for path in ["/catalogue.v1.CatalogueService/Chat", "/secret.v1.Admin/Erase"] {
        let unknown = error(&post(&env, path, &[JSON], "{}").await, 501, "unimplemented");
        assert_eq!(reason(&unknown), "METHOD_UNKNOWN", "{path}");
        error(&env.http().get(path).await, 501, "unimplemented");
    }
}

#[tokio::test]
async fn json_that_is_not_the_message_names_the_field() {
    let env = Environment::start().await;
    for (body, named) in [
        (r#"{"product":{"stockQty":"many"}}"#, "product.stockQty"),
        (r#"{"product":{"name":"A","name":"B"}}"#, "product"),
        (r#"{"prodct":{}}"#, "prodct"),
        ("{", "body"),
        ("[]", "body"),
    ] {
        let error = error(&post(&env, CREATE, &[JSON], body).await, 400, "invalid_argument");
        assert_eq!((&*reason(&error), &*field(&error)), ("MALFORMED_JSON", named), "{body}");
    }
    let garbage = post(&env, GET, &[PROTO], b"\xff\xff".to_vec()).await;
    error(&garbage, 400, "invalid_argument");
    assert!(env.fake.requests("CreateProductRequest").is_empty());
}

#[tokio::test]
async fn timeout_is_kept_and_passed_on() {
    let env = Environment::start().await;
    let slow = r#"{"productId":"slow"}"#;
    for timeout in ["200", "0"] {
        let late = post(&env, GET, &[JSON, ("connect-timeout-ms", timeout)], slow).await;
        error(&late, 504, "deadline_exceeded");
    }
    for timeout in ["", "-1", "1s", "12345678901"] {
        let refused = post(&env, GET, &[JSON, ("connect-timeout-ms", timeout)], slow).await;
        assert_eq!(reason(&error(&refused, 400, "invalid_argument")), "TIMEOUT_INVALID");
    }
    // gRPC's own header has no meaning here.
    let headers = [JSON, ("connect-timeout-ms", "9999999999"), ("grpc-timeout", "1n")];
    error(&post(&env, GET, &headers, r#"{"productId":"none"}"#).await, 404, "not_found");
    let timeout = env.fake.metadata("grpc-timeout").unwrap();
    let milliseconds: u64 = timeout.strip_suffix('m').unwrap().parse().unwrap();
    assert!((40_000..=60_000).contains(&milliseconds), "the timeout is capped: {timeout}");
}

#[tokio::test]
async fn reads_are_called_by_get() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let (http, expected) = (env.http(), env.http().get("/v1/products/mug").await.body.clone());
    let json = "message=%7B%22productId%22%3A%22mug%22%7D";
    let called = http.get(&format!("{GET}?connect=v1&encoding=json&{json}")).await;
    assert_eq!(called.body, expected);
    assert_eq!(called.header("cache-control"), "no-cache");
    let message = URL_SAFE_NO_PAD.encode(get("mug"));
    let called = http.get(&format!("{GET}?message={message}&base64=1&encoding=proto")).await;
    assert_eq!(Product::decode(&called.body[..]).unwrap().stock_qty, 5);
    let message = URL_SAFE_NO_PAD.encode(gzipped(br#"{"productId":"mug"}"#));
    let query = format!("message={message}&base64=1&encoding=json&compression=gzip");
    assert_eq!(http.get(&format!("{GET}?{query}")).await.body, expected);

    let refused = http.get(&format!("{GET}?encoding=json")).await;
    assert_eq!(field(&error(&refused, 400, "invalid_argument")), "message");
    let refused = http.get(&format!("{GET}?encoding=json&message=%7B%22id%22:1%7D")).await;
    assert_eq!(reason(&error(&refused, 400, "invalid_argument")), "MALFORMED_JSON");
    // A method that may write is not called by a link.
    let write = http.get(&format!("{CREATE}?encoding=json&message=%7B%7D")).await;
    error(&write, 405, "unimplemented");
    assert_eq!(write.header("allow"), "POST");
    let put = http.send("PUT", GET, &[VERSION], "{}").await;
    error(&put, 405, "unimplemented");
    assert_eq!(put.header("allow"), "GET, POST");
    assert!(env.fake.requests("CreateProductRequest").is_empty());
}

#[tokio::test]
async fn bodies_are_compressed_in_both_directions_on_request() {
    let env = Environment::start().await;
    let long = "a very long name ".repeat(500);
    env.fake.put_named("long", &long, 1);
    let accepted = ("accept-encoding", "gzip");
    for (kind, body) in [(JSON, br#"{"productId":"long"}"#.to_vec()), (PROTO, get("long"))] {
        let sent = [kind, ("content-encoding", "gzip"), accepted];
        let called = post(&env, GET, &sent, gzipped(&body)).await;
        assert_eq!(called.header("content-encoding"), "gzip", "{called:?}");
        let mut plain = Vec::new();
        MultiGzDecoder::new(&called.body[..]).read_to_end(&mut plain).unwrap();
        assert_eq!(plain, post(&env, GET, &[kind], body).await.body);
        assert!(String::from_utf8_lossy(&plain).contains(&long));
    }
    let unknown = post(&env, GET, &[JSON, ("content-encoding", "br")], "{}").await;
    let unknown = error(&unknown, 501, "unimplemented");
    assert_eq!(reason(&unknown), "CONTENT_ENCODING_UNSUPPORTED");
}

#[tokio::test]
async fn health_is_answered() {
    let env = Environment::start().await;
    let path = "/grpc.health.v1.Health/Check";
    let unknown = post(&env, path, &[JSON], r#"{"service":"none"}"#).await;
    error(&unknown, 404, "not_found");
    crate::harness::eventually("readiness", async || {
        post(&env, path, &[JSON], "{}").await.json() == json!({ "status": "SERVING" })
    })
    .await;
}

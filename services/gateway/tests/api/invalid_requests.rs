//! Invalid requests get the right status, an error that names the field, and change nothing.

use std::io::Write as _;

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{harness::Environment, http_client::HttpResponse};

fn fields(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().expect("names a field");
    assert!(errors.iter().all(|error| !error["message"].as_str().unwrap().is_empty()));
    errors.iter().map(|error| error["field"].as_str().unwrap()).collect()
}

fn assert_invalid(response: &HttpResponse, reason: &str, field: &str) {
    assert_eq!(fields(&response.problem(400, reason)), [field]);
}

#[tokio::test]
async fn invalid_parameters_are_named() {
    let env = Environment::start().await;
    let cases = [
        ("/v1/products?pagesize=5", "INVALID_ARGUMENT", "pagesize"),
        ("/v1/products?pageSize=five", "INVALID_ARGUMENT", "pageSize"),
        ("/v1/products?pageSize=5&pageSize=6", "INVALID_ARGUMENT", "pageSize"),
        ("/v1/products?pageSize=99999999999", "INVALID_ARGUMENT", "pageSize"),
        ("/v1/products?pageSize=-1", "INVALID_FIELD", "pageSize"),
        ("/v1/products?pageToken=forged", "PAGE_TOKEN_INVALID", "pageToken"),
        ("/v1/products:stream?pageSize=-1", "INVALID_FIELD", "pageSize"),
        ("/v1/products/mug?fields=name", "INVALID_ARGUMENT", "fields"),
        ("/v1/search?q=a&query=b", "INVALID_ARGUMENT", "q"),
        ("/v1/search?q=too+long", "INVALID_FIELD", "q"),
        ("/v1/search?query=too+long", "INVALID_FIELD", "query"),
        ("/v1/products?page_size=five", "INVALID_ARGUMENT", "page_size"),
        ("/v1/products?page_size=5&pageSize=5", "INVALID_ARGUMENT", "page_size"),
        ("/v1/search?q=a&limit=5", "INVALID_ARGUMENT", "limit"),
        ("/v1/availability", "INVALID_ARGUMENT", "productId"),
        ("/v1/availability?productId=", "INVALID_ARGUMENT", "productId"),
        ("/v1/availability?productId=mug&productId=a%20b", "INVALID_ARGUMENT", "productId"),
        ("/v1/changes?productId=mug&productIds=..", "INVALID_ARGUMENT", "productId"),
        ("/v1/changes?start=yesterday", "INVALID_ARGUMENT", "start"),
    ];
    for (path, reason, field) in cases {
        assert_invalid(&env.http().get(path).await, reason, field);
    }
    let many: Vec<String> = (0..201).map(|n| format!("productId=p{n}")).collect();
    let path = format!("/v1/availability?{}", many.join("&"));
    assert_invalid(&env.http().get(&path).await, "INVALID_ARGUMENT", "productId");
}

#[tokio::test]
async fn missing_resources_are_not_found() {
    let env = Environment::start().await;
    let cases = [
        ("/v1/products/none", "PRODUCT_NOT_FOUND"),
        ("/v1/products?categoryId=none", "CATEGORY_NOT_FOUND"),
        ("/v1/categories/none", "CATEGORY_NOT_FOUND"),
        ("/v1/nothing", "ROUTE_NOT_FOUND"),
        ("/v2", "ROUTE_NOT_FOUND"),
    ];
    for (path, reason) in cases {
        env.http().get(path).await.problem(404, reason);
    }
}

#[tokio::test]
async fn unknown_method_is_405_with_the_allowed_ones() {
    let env = Environment::start().await;
    let response = env.http().send("DELETE", "/v1/products", &[], "").await;
    response.problem(405, "METHOD_NOT_ALLOWED");
    assert!(response.header("allow").contains("POST"));
    let response = env.http().send("POST", "/v1/products/mug", &[], "{}").await;
    response.problem(405, "METHOD_NOT_ALLOWED");
    assert!(response.header("allow").contains("PATCH"));
}

#[tokio::test]
async fn invalid_body_is_explained() {
    let env = Environment::start().await;
    let cases = [
        (r#"{"name":"#, "name", "MALFORMED_JSON"),
        ("[]", "body", "MALFORMED_JSON"),
        ("{} {}", "body", "MALFORMED_JSON"),
        (r#"{"name":7}"#, "name", "MALFORMED_JSON"),
        (r#"{"price":{"units":"many"}}"#, "price.units", "MALFORMED_JSON"),
        (r#"{"stockQty":99999999999}"#, "stockQty", "MALFORMED_JSON"),
        (r#"{"id":"x"}"#, "name", "INVALID_FIELD"),
        (r#"{"name":"x","priceEur":-1}"#, "priceEur", "INVALID_FIELD"),
    ];
    for (body, field, reason) in cases {
        let response = env.http().send("POST", "/v1/products", &[], body).await;
        assert_invalid(&response, reason, field);
    }
    let response = env.http().send("POST", "/v1/products", &[], r#"{"colour":"red"}"#).await;
    let problem = response.problem(400, "MALFORMED_JSON");
    assert!(problem["detail"].as_str().unwrap().contains("unknown field `colour`"), "{problem}");
    let response = env.http().send("POST", "/v1/products", &[], "{\"name\":\n}").await;
    let problem = response.problem(400, "MALFORMED_JSON");
    assert!(problem["detail"].as_str().unwrap().contains("line 2 column 1"), "{problem}");
    let long = format!(r#"{{"{}":1}}"#, "x".repeat(1 << 20));
    let twice = r#"{"name":"x","name":"y"}"#.to_owned();
    for body in ["[".repeat(100_000), format!(r#"{{"name":{}"#, "[".repeat(100_000)), long, twice] {
        let response = env.http().send("POST", "/v1/products", &[], body).await;
        response.problem(400, "MALFORMED_JSON");
        assert!(response.body.len() < 4_096, "{} bytes", response.body.len());
    }
    assert_eq!(env.http().get("/v1/products").await.json()["totalSize"], 0);
}

#[tokio::test]
async fn body_must_be_json_and_not_too_large() {
    let env = Environment::start().await;
    let http = env.http();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let response = http.send("POST", "/v1/products", &form, "name=Mug").await;
    response.problem(415, "CONTENT_TYPE_UNSUPPORTED");
    let body = format!(r#"{{"name":"{}"}}"#, "x".repeat(5 << 20));
    let response = http.send("POST", "/v1/products", &[], body).await;
    response.problem(413, "BODY_TOO_LARGE");
}

#[tokio::test]
async fn change_must_match_the_path_and_have_fields() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let http = env.http();
    let path = "/v1/products/mug";
    let response = http.send("PATCH", path, &[], r#"{"id":"cup","name":"x"}"#).await;
    assert_invalid(&response, "INVALID_ARGUMENT", "id");
    let response = http.send("PATCH", path, &[], "{}").await;
    assert_invalid(&response, "INVALID_ARGUMENT", "body");
    let path = "/v1/products/mug:adjustStock";
    let response = http.send("POST", path, &[], r#"{"productId":"cup","delta":1}"#).await;
    assert_invalid(&response, "INVALID_ARGUMENT", "productId");
    let response = http.send("POST", path, &[], r#"{"delta":1.5}"#).await;
    assert_invalid(&response, "MALFORMED_JSON", "delta");
    let response = http.send("PATCH", path, &[("if-match", "e1")], "{}").await;
    assert_invalid(&response, "INVALID_ARGUMENT", "If-Match");
    assert!(env.fake.requests("UpdateProductRequest").is_empty());
}

#[tokio::test]
async fn internal_errors_are_not_exposed() {
    let env = Environment::start().await;
    let headers = [("x-request-id", "order-7")];
    let response = env.http().send("GET", "/v1/products/boom", &headers, "").await;
    let problem = response.problem(500, "INTERNAL");
    assert_eq!(problem["requestId"], "order-7");
    assert_eq!(problem["detail"], "something went wrong on our side");
}

/// The body is refused by its announced length, and not read.
#[tokio::test]
async fn body_that_announces_too_much_is_refused_before_it_is_sent() {
    let env = Environment::start().await;
    let mut stream = TcpStream::connect(env.gateway.addr).await.unwrap();
    let head = "POST /v1/products HTTP/1.1\r\nhost: shop\r\ncontent-type: application/json\r\n\
                content-length: 99999999\r\nexpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.unwrap();
    assert_eq!(&status, b"HTTP/1.1 413");
}

#[tokio::test]
async fn body_that_does_not_come_is_refused_and_takes_no_place() {
    let flags = ["--body-timeout", "1", "--min-calls", "1", "--max-calls", "1"];
    let env = Environment::start_with(&flags).await;
    let mut slow = TcpStream::connect(env.gateway.addr).await.unwrap();
    let head = "POST /v1/products HTTP/1.1\r\nhost: shop\r\ncontent-type: application/json\r\n\
                content-length: 9\r\n\r\n{";
    slow.write_all(head.as_bytes()).await.unwrap();
    let response = env.http().send("POST", "/v1/products", &[], r#"{"name":"Mug"}"#).await;
    assert_eq!(response.status, 201, "another write finds a place");
    let mut response = String::new();
    slow.read_to_string(&mut response).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 408"), "{response}");
    assert!(response.contains(r#""reason":"BODY_TIMEOUT""#), "{response}");
}

#[tokio::test]
async fn body_must_have_a_known_type_charset_and_coding() {
    let env = Environment::start().await;
    let http = env.http();
    for kind in [
        "application/json-patch+json",
        "application/json; charset=utf-16",
        "application/json;charset=\"iso-8859-1\"",
    ] {
        let response =
            http.send("POST", "/v1/products", &[("content-type", kind)], r#"{"name":"x"}"#).await;
        response.problem(415, "CONTENT_TYPE_UNSUPPORTED");
    }
    for coding in ["br", "compress", "gzip, gzip", ""] {
        let headers = [("content-encoding", coding)];
        let response = http.send("POST", "/v1/products", &headers, r#"{"name":"x"}"#).await;
        response.problem(415, "CONTENT_ENCODING_UNSUPPORTED");
        assert_eq!(response.header("accept-encoding"), "gzip, zstd, identity");
    }
    let kind = ("content-type", "application/json; charset=UTF-8");
    let response = http.send("POST", "/v1/products", &[kind], r#"{"name":"x"}"#).await;
    assert_eq!(response.status, 201);
}

fn gzipped(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn zstandard(text: &str) -> Vec<u8> {
    zstd::encode_all(text.as_bytes(), 1).unwrap()
}

#[tokio::test]
async fn compressed_body_is_read_within_the_limit() {
    let env = Environment::start().await;
    let http = env.http();
    for (coding, encode) in [("gzip", gzipped as fn(&str) -> Vec<u8>), ("zstd", zstandard)] {
        let headers = [("content-encoding", coding)];
        let product = encode(&format!(r#"{{"id":"{coding}","name":"Mug"}}"#));
        let response = http.send("POST", "/v1/products", &headers, product).await;
        assert_eq!((response.status.as_u16(), &response.json()["name"]), (201, &"Mug".into()));
        let bomb = encode(&format!(r#"{{"name":"{}"}}"#, "x".repeat(64 << 20)));
        assert!(bomb.len() < 1 << 20);
        let response = http.send("POST", "/v1/products", &headers, bomb).await;
        response.problem(413, "BODY_TOO_LARGE");
        let plain = http.send("POST", "/v1/products", &headers, r#"{"name":"x"}"#).await;
        assert_invalid(&plain, "INVALID_ARGUMENT", "body");
    }
}

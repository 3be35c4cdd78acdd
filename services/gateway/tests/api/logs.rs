//! The audit and access logs.

use std::{
    io::Write,
    sync::{Mutex, Once},
};

use proto::catalogue::v1::{AdjustStockRequest, stock_service_client::StockServiceClient};
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

use crate::harness::{Environment, eventually};

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Memory;

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LINES.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Memory {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self
    }
}

/// Keeps the lines of all gateways of this process.
fn record() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| tracing_subscriber::fmt().json().with_writer(Memory).init());
}

/// The fields of the lines of a target about a request, once there are any.
async fn lines(target: &str, request_id: &str) -> Vec<Value> {
    let find = || -> Vec<Value> {
        let text = String::from_utf8(LINES.lock().unwrap().clone()).unwrap();
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines
            .filter(|line| line["target"] == target && line["fields"]["request_id"] == request_id)
            .map(|line| line["fields"].clone())
            .collect()
    };
    eventually("a line of the log", async || !find().is_empty()).await;
    find()
}

#[tokio::test]
async fn each_refusal_has_an_audit_line() {
    record();
    let env =
        Environment::start_with(&["--trusted-proxy", "127.0.0.0/8", "--access", "keys"]).await;
    let http = env.http();
    let headers = [
        ("x-request-id", "audit-refused"),
        ("x-actor", "anna"),
        ("x-forwarded-for", "203.0.113.9"),
    ];
    let body = r#"{"delta":-1}"#;
    let refused = http.send("POST", "/v1/products/mug:adjustStock", &headers, body).await;
    assert_eq!(refused.status, 401);
    let expected = json!({
        "message": "call audited", "principal": "anonymous", "note": "anna", "client": "203.0.113.9",
        "method": "catalogue.v1.StockService/AdjustStock", "outcome": "CREDENTIAL_MISSING",
        "request_id": "audit-refused",
    });
    assert_eq!(lines("audit", "audit-refused").await, [expected]);
    let elsewhere = [("x-request-id", "audit-elsewhere"), ("sec-fetch-site", "cross-site")];
    let refused = http.send("POST", "/v1/products/mug:adjustStock", &elsewhere, body).await;
    assert_eq!(refused.status, 403);
    let line = &lines("audit", "audit-elsewhere").await[0];
    assert_eq!((&line["method"], &line["outcome"]), (&json!("http"), &json!("CROSS_ORIGIN_WRITE")));
}

/// The upstream audits the write, by the address that only a holder of the secret can name.
#[tokio::test]
async fn a_write_names_its_client_to_the_upstream() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("service.secret");
    std::fs::write(&file, "a-secret-that-only-this-test-has-0003").unwrap();
    let secret = ["--service-secret-file", file.to_str().unwrap(), "--access", "open"];
    let env =
        Environment::start_with(&[&secret[..], &["--trusted-proxy", "127.0.0.0/8"]].concat()).await;
    env.fake.put("mug", 5);
    let headers = [("x-forwarded-for", "203.0.113.9"), ("x-client-address", "198.51.100.1 0")];
    let sold = r#"{"delta":-1}"#;
    let sent = env.http().send("POST", "/v1/products/mug:adjustStock", &headers, sold).await;
    assert_eq!(sent.status, 200);
    let named = env.fake.metadata("x-client-address").unwrap();
    assert_eq!(named, "203.0.113.9");
    assert!(
        env.fake.metadata("x-service-proof").is_some(),
        "else the upstream would not believe it"
    );
    let mut stock = StockServiceClient::new(env.channel());
    let request =
        AdjustStockRequest { product_id: "mug".to_owned(), delta: -1, ..Default::default() };
    let mut request = tonic::Request::new(request);
    request.metadata_mut().insert("x-forwarded-for", "203.0.113.8".parse().unwrap());
    stock.adjust_stock(request).await.unwrap();
    let named = env.fake.metadata("x-client-address").unwrap();
    assert_eq!(named, "203.0.113.8");
}

#[tokio::test]
async fn each_request_has_an_access_line_by_flag() {
    record();
    let env = Environment::start_with(&["--access-log", "true"]).await;
    env.fake.put("mug", 5);
    let http = env.http();
    let agent = "x".repeat(300);
    let headers = [
        ("x-request-id", "access-read"),
        ("user-agent", agent.as_str()),
        ("x-forwarded-for", "203.0.113.9"),
    ];
    let response = http.send("GET", "/v1/products/mug?minRevision=t1", &headers, "").await;
    let line = &lines("access", "access-read").await[0];
    assert_eq!(line["route"], "/v1/products/{id}", "neither ids nor parameters");
    assert_eq!((&line["method"], &line["status"]), (&json!("GET"), &json!(200)));
    assert_eq!(line["client"], "127.0.0.1", "the peer is no trusted proxy");
    assert_eq!(line["bytes"], response.body.len());
    assert_eq!(line["user_agent"].as_str().unwrap().len(), 128);
    assert!(line["elapsed_ms"].as_f64().unwrap() > 0.0);
}

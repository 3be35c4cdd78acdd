//! The audit and access logs.

use std::{
    io::Write,
    sync::{Mutex, Once},
};

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
async fn each_write_has_an_audit_line() {
    record();
    let env = Environment::start_with(&["--trusted-proxy", "127.0.0.0/8"]).await;
    env.fake.put("mug", 5);
    let http = env.http();
    let send = async |id: &str, delta: &str| {
        let headers =
            [("x-request-id", id), ("x-actor", "anna"), ("x-forwarded-for", "203.0.113.9")];
        http.send("POST", "/v1/products/mug:adjustStock", &headers, delta.to_owned()).await
    };
    assert_eq!(send("audit-sold", r#"{"delta":-1}"#).await.status, 200);
    let expected = json!({
        "message": "write", "actor": "anna", "client": "203.0.113.9", "id": "mug",
        "method": "/catalogue.v1.StockService/AdjustStock", "outcome": "OK",
        "request_id": "audit-sold", "revision": 2,
    });
    assert_eq!(lines("audit", "audit-sold").await, [expected]);
    assert_eq!(send("audit-refused", r#"{"delta":-9}"#).await.status, 409);
    let refused = lines("audit", "audit-refused").await;
    assert_eq!(refused[0]["outcome"], "INSUFFICIENT_STOCK");
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

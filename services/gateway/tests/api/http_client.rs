//! An HTTP client for tests.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::{client::legacy, rt::TokioExecutor};
use serde_json::Value;

use crate::harness::within_timeout;

#[derive(Clone)]
pub(crate) struct Client {
    addr: SocketAddr,
    inner: legacy::Client<legacy::connect::HttpConnector, Full<Bytes>>,
}

#[derive(Debug)]
pub(crate) struct HttpResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl HttpResponse {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The problem in the body, after checks of the members and headers of every problem.
    pub(crate) fn problem(&self, status: u16, reason: &str) -> Value {
        let problem = self.json();
        assert_eq!(self.status.as_u16(), status, "{problem}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["reason"], reason, "{problem}");
        assert_eq!(problem["requestId"], self.header("x-request-id"));
        for text in ["type", "title", "detail", "requestId"] {
            assert!(problem[text].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
        }
        problem
    }
}

impl Client {
    pub(crate) fn new(addr: SocketAddr) -> Self {
        Self { addr, inner: legacy::Client::builder(TokioExecutor::new()).build_http() }
    }

    pub(crate) async fn get(&self, path: &str) -> HttpResponse {
        self.send("GET", path, &[], "").await
    }

    /// Sends a request. The default content type of a body is JSON.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> HttpResponse {
        let response = self.open(method, path, headers, body.into()).await;
        let (head, body) = response.into_parts();
        let body = within_timeout("the body", body.collect()).await.unwrap().to_bytes();
        HttpResponse { status: head.status, headers: head.headers, body }
    }

    async fn open(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Response<Incoming> {
        let uri = format!("http://{}{path}", self.addr);
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let has_content_type = headers.iter().any(|(name, _)| *name == "content-type");
        if !body.is_empty() && !has_content_type {
            request = request.header("content-type", "application/json");
        }
        let request = request.body(Full::new(body)).unwrap();
        within_timeout("an response", self.inner.request(request)).await.unwrap()
    }

    /// The status of a response, whose body may be endless.
    pub(crate) async fn status(&self, path: &str) -> u16 {
        self.open("GET", path, &[], Bytes::new()).await.status().as_u16()
    }

    /// Whether the response breaks off before its end.
    pub(crate) async fn breaks_off(&self, path: &str) -> bool {
        let uri = format!("http://{}{path}", self.addr).parse().unwrap();
        match within_timeout("an response", self.inner.get(uri)).await {
            Ok(response) => {
                within_timeout("the body", response.into_body().collect()).await.is_err()
            }
            Err(_) => true,
        }
    }

    /// Reads server-sent events.
    pub(crate) async fn events(&self, path: &str, headers: &[(&str, &str)]) -> Events {
        let response = self.open("GET", path, headers, Bytes::new()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Events { body: response.into_body(), buffer: String::new() }
    }
}

pub(crate) struct Events {
    body: Incoming,
    buffer: String,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) data: String,
}

impl Event {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.data).unwrap()
    }
}

impl Events {
    /// The next event that has data; `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        within_timeout("an event", async {
            loop {
                if let Some((block, rest)) = self.buffer.split_once("\n\n") {
                    let event = parse(block);
                    self.buffer = rest.to_owned();
                    if !event.data.is_empty() {
                        return Some(event);
                    }
                    continue;
                }
                let frame = self.body.frame().await?.ok()?;
                if let Some(bytes) = frame.data_ref() {
                    self.buffer.push_str(std::str::from_utf8(bytes).unwrap());
                }
            }
        })
        .await
    }

    /// The next event; panics if it does not have this name.
    pub(crate) async fn expect(&mut self, name: &str) -> Event {
        let event = self.next().await.expect("the stream continues");
        assert_eq!(event.name, name, "{event:?}");
        event
    }
}

fn parse(block: &str) -> Event {
    let mut event = Event::default();
    for line in block.lines() {
        match line.split_once(": ") {
            Some(("event", value)) => event.name = value.to_owned(),
            Some(("id", value)) => event.id = value.to_owned(),
            Some(("data", value)) => event.data.push_str(value),
            _ => {}
        }
    }
    event
}

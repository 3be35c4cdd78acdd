//! HTTP requests with a timeout, problem responses, and server-sent events.

use std::{net::SocketAddr, ops::Deref};

use bytes::Bytes;
use http::{Method, Response};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use serde_json::Value;
use testkit::HttpClient;

use crate::harness::within_timeout;

#[derive(Clone)]
pub(crate) struct Client(HttpClient);

#[derive(Debug)]
pub(crate) struct HttpResponse(testkit::HttpResponse);

impl Deref for HttpResponse {
    type Target = testkit::HttpResponse;

    fn deref(&self) -> &testkit::HttpResponse {
        &self.0
    }
}

impl HttpResponse {
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
        Self(HttpClient::new(format!("http://{addr}")))
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
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let response = within_timeout("a response", self.0.send(method, path, headers, body)).await;
        HttpResponse(response.unwrap())
    }

    /// GET without reading the body.
    async fn open(
        &self,
        path: &str,
        headers: &[(&str, &str)],
    ) -> anyhow::Result<Response<Incoming>> {
        within_timeout("a response", self.0.open(Method::GET, path, headers, Bytes::new())).await
    }

    /// The status of a response. The body may be endless.
    pub(crate) async fn status(&self, path: &str) -> u16 {
        self.open(path, &[]).await.unwrap().status().as_u16()
    }

    /// A header of a response; empty if it is missing. The body may be endless.
    pub(crate) async fn header_of(&self, path: &str, name: &str) -> String {
        let response = self.open(path, &[]).await.unwrap();
        let value = response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        value.unwrap_or_default()
    }

    /// The first data of a response, which may be endless.
    pub(crate) async fn first_data(&self, path: &str, headers: &[(&str, &str)]) -> Bytes {
        let mut body = self.open(path, headers).await.unwrap().into_body();
        let frame = within_timeout("the first data", body.frame()).await.unwrap().unwrap();
        frame.into_data().unwrap()
    }

    /// Whether the response breaks off before its end.
    pub(crate) async fn breaks_off(&self, path: &str) -> bool {
        match self.open(path, &[]).await {
            Ok(response) => {
                within_timeout("the body", response.into_body().collect()).await.is_err()
            }
            Err(_) => true,
        }
    }

    /// Reads server-sent events.
    pub(crate) async fn events(&self, path: &str, headers: &[(&str, &str)]) -> Events {
        let response = self.open(path, headers).await.unwrap();
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

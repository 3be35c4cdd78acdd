//! An HTTP client for services on loopback.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

/// A client of one server, with keep-alive connections. Cheap to clone; clones share connections.
#[derive(Debug, Clone)]
pub struct HttpClient {
    base: String,
    inner: legacy::Client<HttpConnector, Full<Bytes>>,
}

/// A response, read to its end.
#[derive(Debug)]
pub struct HttpResponse {
    /// Such as 200.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl HttpResponse {
    /// The body as JSON.
    ///
    /// # Panics
    /// If it is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header; empty if it is missing.
    ///
    /// # Panics
    /// If it is not text.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|value| value.to_str().expect("a header in ASCII"));
        value.unwrap_or_default()
    }
}

impl HttpClient {
    /// A client of the server at `base`, such as `http://127.0.0.1:8080`. Connects at the first request.
    pub fn new(base: impl Into<String>) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let inner = legacy::Client::builder(TokioExecutor::new()).build(connector);
        Self { base: base.into(), inner }
    }

    /// GET of a path, which begins with a slash.
    ///
    /// # Errors
    /// The connection fails, or ends before the response does.
    pub async fn get(&self, path: &str) -> anyhow::Result<HttpResponse> {
        self.send(Method::GET, path, &[("accept", "application/json")], Bytes::new()).await
    }

    /// Sends a request and reads the whole response. A body is JSON unless a header says otherwise.
    ///
    /// # Errors
    /// As [`HttpClient::get`].
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> anyhow::Result<HttpResponse> {
        let (head, body) = self.open(method, path, headers, body).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(HttpResponse { status: head.status, headers: head.headers, body })
    }

    /// Sends a request and returns the response with its body unread.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn open(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> anyhow::Result<Response<Incoming>> {
        let body = body.into();
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !body.is_empty() && !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/json");
        }
        Ok(self.inner.request(request.body(Full::new(body))?).await?)
    }
}

/// GET of a URL.
///
/// # Errors
/// The connection fails, or ends before the response does.
pub async fn get(url: &str) -> anyhow::Result<HttpResponse> {
    send(Method::GET, url, Bytes::new()).await
}

/// GET of an HTML page, as a browser sends it.
///
/// # Errors
/// As [`get`].
pub async fn get_page(url: &str) -> anyhow::Result<HttpResponse> {
    request(Method::GET, url, &[("accept", "text/html")], Bytes::new()).await
}

/// DELETE of a URL.
///
/// # Errors
/// As [`get`].
pub async fn delete(url: &str) -> anyhow::Result<HttpResponse> {
    send(Method::DELETE, url, Bytes::new()).await
}

/// POST of JSON.
///
/// # Errors
/// As [`get`].
pub async fn post(url: &str, json: impl Into<Bytes>) -> anyhow::Result<HttpResponse> {
    send(Method::POST, url, json.into()).await
}

/// PATCH with JSON.
///
/// # Errors
/// As [`get`].
pub async fn patch(url: &str, json: impl Into<Bytes>) -> anyhow::Result<HttpResponse> {
    send(Method::PATCH, url, json.into()).await
}

async fn send(method: Method, url: &str, body: Bytes) -> anyhow::Result<HttpResponse> {
    request(method, url, &[("accept", "application/json")], body).await
}

/// A request over a new connection. A body is JSON unless a header says otherwise.
///
/// # Errors
/// As [`get`].
pub async fn request(
    method: Method,
    url: &str,
    headers: &[(&str, &str)],
    body: Bytes,
) -> anyhow::Result<HttpResponse> {
    HttpClient::new(url).send(method, "", headers, body).await
}

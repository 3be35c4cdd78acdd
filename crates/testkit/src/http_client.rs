//! A small HTTP client for loopback.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::Value;

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    /// Such as 200.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// GET.
///
/// # Errors
/// Nothing answers, or not to the end.
pub async fn get(url: &str) -> anyhow::Result<Answer> {
    send(Method::GET, url, Bytes::new()).await
}

/// GET as a browser asks: for a page.
///
/// # Errors
/// As [`get`].
pub async fn get_page(url: &str) -> anyhow::Result<Answer> {
    request(Method::GET, url, &[("accept", "text/html")], Bytes::new()).await
}

/// DELETE.
///
/// # Errors
/// As [`get`].
pub async fn delete(url: &str) -> anyhow::Result<Answer> {
    send(Method::DELETE, url, Bytes::new()).await
}

/// POST of JSON.
///
/// # Errors
/// As [`get`].
pub async fn post(url: &str, json: impl Into<Bytes>) -> anyhow::Result<Answer> {
    send(Method::POST, url, json.into()).await
}

/// PATCH of JSON.
///
/// # Errors
/// As [`get`].
pub async fn patch(url: &str, json: impl Into<Bytes>) -> anyhow::Result<Answer> {
    send(Method::PATCH, url, json.into()).await
}

async fn send(method: Method, url: &str, body: Bytes) -> anyhow::Result<Answer> {
    request(method, url, &[("accept", "application/json")], body).await
}

/// Any request. A body is JSON.
///
/// # Errors
/// As [`get`].
pub async fn request(
    method: Method,
    url: &str,
    headers: &[(&str, &str)],
    body: Bytes,
) -> anyhow::Result<Answer> {
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if !body.is_empty() {
        request = request.header("content-type", "application/json");
    }
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let response = client.request(request.body(Full::new(body))?).await?;
    let (head, body) = response.into_parts();
    let body = body.collect().await?.to_bytes();
    Ok(Answer { status: head.status, headers: head.headers, body })
}

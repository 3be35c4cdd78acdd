//! The host of a feed, over HTTP: the Agentic Commerce Protocol's Feed API.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Context as _, Result, anyhow};
use backoff::Backoff;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full, Limited};
use serde::Deserialize;
use tokio::time::{sleep, timeout};
use url::Url;
use uuid::Uuid;

use crate::{
    output::warn,
    web_client::{WebClient, web_client},
};

/// The version of the protocol.
const API_VERSION: &str = "2026-04-17";
const TIMEOUT: Duration = Duration::from_secs(60);
/// The largest response in bytes.
const MAX_RESPONSE: usize = 1 << 30;
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(200), Duration::from_secs(30));

/// A feed at its host.
pub(super) struct Host {
    /// The address of its products.
    products: Url,
    token: Option<String>,
    client: WebClient<Full<Bytes>>,
}

/// An error as the protocol describes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Refusal {
    code: String,
    message: String,
    param: String,
}

#[derive(Deserialize)]
struct Products {
    products: Vec<Product>,
}

#[derive(Deserialize)]
struct Product {
    id: String,
}

impl Host {
    /// The feed at `base`, the address of the Feed API.
    ///
    /// # Errors
    /// It is no address of the web.
    pub(super) fn new(base: &Url, feed: &str, token: Option<String>) -> Result<Self> {
        let mut products = base.clone();
        let mut segments = products
            .path_segments_mut()
            .map_err(|()| anyhow!("--url must be an address of HTTP"))?;
        segments.pop_if_empty().extend(["feeds", feed, "products"]);
        drop(segments);
        Ok(Self { products, token, client: web_client()? })
    }

    /// The address of the products, which names the feed.
    pub(super) fn address(&self) -> &str {
        self.products.as_str()
    }

    /// Creates or replaces products, given as the JSON of a request. Repeats it until the host has taken it.
    ///
    /// # Errors
    /// The host refuses it, and would again.
    pub(super) async fn upsert(&self, request: Bytes) -> Result<()> {
        self.call(Method::PATCH, request).await.map(drop)
    }

    /// The ids of all products that the host has.
    ///
    /// # Errors
    /// As [`Host::upsert`], or what it sends are no products.
    pub(super) async fn product_ids(&self) -> Result<BTreeSet<String>> {
        let body = self.call(Method::GET, Bytes::new()).await?;
        let Products { products } =
            serde_json::from_slice(&body).context("reading the products that the host has")?;
        Ok(products.into_iter().map(|product| product.id).collect())
    }

    async fn call(&self, method: Method, body: Bytes) -> Result<Bytes> {
        // The same for each attempt.
        let id = Uuid::new_v4();
        let mut backoff = BACKOFF;
        let mut has_warned = false;
        loop {
            let (problem, asked) = match self.attempt(&method, &body, id).await {
                Ok((status, _, body)) if status.is_success() => return Ok(body),
                Ok((status, headers, body)) => {
                    let problem = describe(status, &body);
                    if !may_pass(status) {
                        return Err(anyhow!("the host refuses the feed: {problem}"));
                    }
                    (problem, retry_after(&headers))
                }
                Err(error) => (format!("{error:#}"), None),
            };
            if !std::mem::replace(&mut has_warned, true) {
                warn(&format!("{}: {problem}; trying again", self.address()));
            }
            sleep(asked.unwrap_or_else(|| backoff.next_delay())).await;
        }
    }

    async fn attempt(
        &self,
        method: &Method,
        body: &Bytes,
        id: Uuid,
    ) -> Result<(StatusCode, HeaderMap, Bytes)> {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(self.products.as_str())
            .header("api-version", API_VERSION)
            .header("idempotency-key", id.to_string())
            .header("request-id", id.to_string())
            .header(header::ACCEPT, "application/json");
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(Full::new(body.clone()))?;
        let exchange = async {
            let (head, body) = self.client.request(request).await?.into_parts();
            let body = Limited::new(body, MAX_RESPONSE).collect().await;
            let body = body.map_err(|error| anyhow!("reading the response: {error}"))?;
            anyhow::Ok((head.status, head.headers, body.to_bytes()))
        };
        timeout(TIMEOUT, exchange).await.context("no response")?
    }
}

/// Whether the same request may succeed later.
fn may_pass(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?.parse::<u64>().ok()?;
    Some(Duration::from_secs(seconds.min(300)))
}

fn describe(status: StatusCode, body: &[u8]) -> String {
    let Refusal { code, message, param } = serde_json::from_slice(body).unwrap_or_default();
    match (message.is_empty(), param.is_empty()) {
        (true, _) => status.to_string(),
        (false, true) => format!("{status}: {code}: {message}"),
        (false, false) => format!("{status}: {code}: {message} ({param})"),
    }
}

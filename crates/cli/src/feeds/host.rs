//! The host of a feed, over HTTP: the Agentic Commerce Protocol's Feed API.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Context as _, Result, anyhow};
use backoff::Backoff;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full, Limited};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
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
    /// The address without what may be secret.
    shown: String,
    identity: String,
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
        let (shown, identity) = (shown(&products), identity(&products));
        Ok(Self { products, shown, identity, token, client: web_client()? })
    }

    /// Names the feed: its address without a password, and with a digest of its query instead of that.
    pub(super) fn identity(&self) -> &str {
        &self.identity
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
                    if !may_pass(status, &body) {
                        return Err(anyhow!("the host refuses the feed: {problem}"));
                    }
                    (problem, retry_after(&headers))
                }
                Err(error) => (format!("{error:#}"), None),
            };
            if !std::mem::replace(&mut has_warned, true) {
                warn(&format!("{}: {problem}; trying again", self.shown));
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

/// An address without the name, the password, the query and the fragment, which may be secret.
fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    // Neither fails for an address of HTTP.
    shown.set_username("").ok();
    shown.set_password(None).ok();
    shown.set_query(None);
    shown.set_fragment(None);
    shown.into()
}

/// An address as a state keeps it. Of an identity it is that identity.
pub(super) fn identity(url: &Url) -> String {
    let shown = shown(url);
    match (url.query(), url.fragment()) {
        (Some(query), _) => {
            let digest = Sha256::digest(query);
            let digest: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            format!("{shown}#{digest}")
        }
        (None, Some(digest)) => format!("{shown}#{digest}"),
        (None, None) => shown,
    }
}

/// Whether the same request may succeed later.
fn may_pass(status: StatusCode, body: &[u8]) -> bool {
    match status {
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => true,
        // The first attempt, whose response was lost, is still under way.
        StatusCode::CONFLICT => refusal(body).code == "idempotency_in_flight",
        status => status.is_server_error(),
    }
}

fn refusal(body: &[u8]) -> Refusal {
    serde_json::from_slice(body).unwrap_or_default()
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?.parse::<u64>().ok()?;
    Some(Duration::from_secs(seconds.min(300)))
}

fn describe(status: StatusCode, body: &[u8]) -> String {
    let Refusal { code, message, param } = refusal(body);
    match (message.is_empty(), param.is_empty()) {
        (true, _) => status.to_string(),
        (false, true) => format!("{status}: {code}: {message}"),
        (false, false) => format!("{status}: {code}: {message} ({param})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_under_way_is_repeated_and_a_conflict_is_not() {
        let body = |code: &str| format!(r#"{{"type":"invalid_request","code":"{code}"}}"#);
        for (status, code, expected) in [
            (409, "idempotency_in_flight", true),
            (409, "idempotency_conflict", false),
            (409, "", false),
            (400, "idempotency_in_flight", false),
            (408, "", true),
            (429, "", true),
            (503, "", true),
            (404, "feed_not_found", false),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(may_pass(status, body(code).as_bytes()), expected, "{status} {code}");
        }
    }

    #[test]
    fn neither_password_nor_query_are_shown_or_kept() {
        let host = |base: &str| Host::new(&base.parse().unwrap(), "feed", None).unwrap();
        let secret = host("https://ada:hunter2@agent.example/acp?token=s3cret");
        for text in [secret.shown.as_str(), secret.identity()] {
            assert!(text.starts_with("https://agent.example/acp/feeds/feed/products"), "{text}");
            assert!(!["ada", "hunter2", "s3cret"].iter().any(|it| text.contains(it)), "{text}");
        }
        assert_eq!(secret.products.query(), Some("token=s3cret"));
        assert_ne!(secret.identity(), host("https://agent.example/acp?token=other").identity());
        assert_eq!(identity(&secret.identity().parse().unwrap()), secret.identity());
        let plain = host("https://agent.example/acp");
        assert_eq!(plain.identity(), "https://agent.example/acp/feeds/feed/products");
    }
}

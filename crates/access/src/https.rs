//! Requests to an identity provider.

use std::{net::IpAddr, time::Duration};

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::time::timeout;
use tokio_rustls::rustls::crypto::ring;

/// Time for a response.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Maximum size of a response, in bytes.
const MAX_SIZE: usize = 1 << 20;

/// A client over TLS, with the system's authorities. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct HttpsClient(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl HttpsClient {
    /// # Errors
    /// The system's authorities cannot be read.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(ring::default_provider())
            .context("reading the system's certificate authorities")?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self(Client::builder(TokioExecutor::new()).build(connector)))
    }

    /// The body of a response of 200.
    ///
    /// # Errors
    /// The server cannot be reached, is too slow, or responds with another status or too much.
    pub(crate) async fn get(&self, url: &Uri) -> anyhow::Result<Bytes> {
        let (status, body) = self.send(Request::get(url).body(Full::default())?).await?;
        ensure!(status == StatusCode::OK, "{url} responds with {status}");
        Ok(body)
    }

    /// The status and the body of a response.
    ///
    /// # Errors
    /// The server cannot be reached, is too slow, or responds with too much.
    pub(crate) async fn send(
        &self,
        request: Request<Full<Bytes>>,
    ) -> anyhow::Result<(StatusCode, Bytes)> {
        let url = request.uri().clone();
        let exchange = timeout(TIMEOUT, async {
            let response = self.0.request(request).await?;
            let status = response.status();
            let body = Limited::new(response.into_body(), MAX_SIZE).collect().await;
            Ok((status, body.map_err(|error| anyhow::anyhow!("{url}: {error}"))?.to_bytes()))
        });
        exchange.await.with_context(|| format!("{url} does not respond in time"))?
    }
}

/// Whether nobody between can read or change what is exchanged with a URL: it is `https`, or on this machine.
pub(crate) fn is_protected(url: &Uri) -> bool {
    let host = url.host().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    let is_local = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    url.scheme_str() == Some("https") || is_local && url.scheme_str() == Some("http")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tls_and_this_machine_are_protected() {
        let is_protected = |url: &str| is_protected(&url.parse().unwrap());
        for url in [
            "https://id.example/keys",
            "http://127.0.0.1:1/",
            "http://localhost/",
            "http://[::1]:8/",
        ] {
            assert!(is_protected(url), "{url}");
        }
        for url in ["http://id.example/", "ftp://127.0.0.1/", "/keys", "http://127.example/"] {
            assert!(!is_protected(url), "{url}");
        }
    }
}

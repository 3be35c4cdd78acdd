//! HTTP transport to the agent.

use std::time::Duration;

use async_trait::async_trait;
use rustify::{client::Client, errors::ClientError};

use crate::registry::RegistryError;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// Maximum size of a response in bytes: some thousand instances.
const MAX_RESPONSE: usize = 8 << 20;

/// HTTP client for one agent, without redirects and proxies. Callers set the timeout of requests.
#[derive(Debug)]
pub(super) struct Transport {
    http: reqwest::Client,
    base: String,
}

impl Transport {
    pub(super) fn new(addr: &str) -> Result<Self, RegistryError> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| RegistryError::Unreachable(Box::new(error)))?;
        Ok(Self { http, base: format!("http://{addr}") })
    }
}

#[async_trait]
impl Client for Transport {
    fn base(&self) -> &str {
        &self.base
    }

    async fn send(
        &self,
        request: http_02::Request<Vec<u8>>,
    ) -> Result<http_02::Response<Vec<u8>>, ClientError> {
        let request = reqwest::Request::try_from(request)
            .map_err(|source| ClientError::ReqwestBuildError { source })?;
        let (url, method) = (request.url().to_string(), request.method().to_string());
        // Without the URL, which `ClientError` repeats.
        let sent = self.http.execute(request).await.map_err(reqwest::Error::without_url);
        let mut received =
            sent.map_err(|error| ClientError::RequestError { source: error.into(), url, method })?;
        let mut response = http_02::Response::builder().status(received.status());
        if let Some(headers) = response.headers_mut() {
            headers.extend(std::mem::take(received.headers_mut()));
        }
        let interrupted = |error: reqwest::Error| ClientError::ResponseError {
            source: error.without_url().into(),
        };
        let mut body = Vec::new();
        while let Some(chunk) = received.chunk().await.map_err(interrupted)? {
            if body.len() + chunk.len() > MAX_RESPONSE {
                let error = std::io::Error::other("the response is longer than 8 MiB");
                return Err(ClientError::ResponseError { source: error.into() });
            }
            body.extend_from_slice(&chunk);
        }
        response.body(body).map_err(|error| ClientError::ResponseError { source: error.into() })
    }
}

//! One connection, one request at a time.

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use http::{Request, header::HOST};
use http_body_util::{BodyExt as _, Empty};
use hyper_util::{
    client::legacy::Client as Pool, client::legacy::connect::HttpConnector, rt::TokioExecutor,
};
use serde_json::Value;

/// Asks the gateway.
pub(crate) struct Client {
    pool: Pool<HttpConnector, Empty<Bytes>>,
    addr: String,
}

impl Client {
    /// Connects to `host:port`.
    ///
    /// # Errors
    /// Nobody answers.
    pub(crate) async fn connect(addr: &str) -> Result<Self> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let pool = Pool::builder(TokioExecutor::new()).pool_max_idle_per_host(1).build(connector);
        let mut client = Self { pool, addr: addr.to_owned() };
        client.bytes("/v1/search?pageSize=1").await?;
        Ok(client)
    }

    /// Reads an answer to its end.
    ///
    /// # Errors
    /// It is not a good one.
    pub(crate) async fn bytes(&mut self, path: &str) -> Result<Bytes> {
        let request = Request::get(format!("http://{}{path}", self.addr))
            .header(HOST, &self.addr)
            .body(Empty::new())?;
        let answer = self.pool.request(request).await.context("asking the gateway")?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        ensure!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
        Ok(body)
    }

    /// The same as JSON.
    ///
    /// # Errors
    /// As [`Client::bytes`].
    pub(crate) async fn get(&mut self, path: &str) -> Result<Value> {
        Ok(serde_json::from_slice(&self.bytes(path).await?)?)
    }
}

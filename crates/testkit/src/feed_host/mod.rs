//! The host of a feed of the Agentic Commerce Protocol: it validates what it receives, refuses some requests, loses
//! answers, and can be killed.

mod differences;
mod exchange;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
};

use self::exchange::{Received, answer};
use crate::{acp_schema, until};

/// The id of the feed.
const FEED: &str = "feed_8f3K2x";

/// A host on loopback. What it has outlives its kills; it ends when it is dropped.
#[derive(Debug)]
pub struct FeedHost {
    addr: SocketAddr,
    received: Arc<Mutex<Received>>,
    serving: Option<JoinHandle<()>>,
}

/// Requests of a host so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FeedRequests {
    /// All of them.
    pub all: u64,
    /// Questions for the products it has, with which a push of everything begins.
    pub lists: u64,
    /// Requests that were refused though nothing is wrong with them.
    pub refused: u64,
    /// Requests that were applied, and whose answer was lost.
    pub lost: u64,
}

impl FeedHost {
    /// Starts a host without products. It validates by the published schema where that is beside the checkout, and
    /// otherwise says on standard error that it does not.
    ///
    /// # Panics
    /// If it cannot listen.
    pub async fn start() -> Self {
        let schema = acp_schema();
        if schema.is_none() {
            eprintln!("not validated: the schema of ACP is not beside the checkout");
        }
        let received = Arc::new(Mutex::new(Received::new(schema)));
        let addr = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut host = Self { addr, received, serving: None };
        host.revive().await;
        host
    }

    /// Starts it again at the same address.
    ///
    /// # Panics
    /// If it cannot listen there.
    pub async fn revive(&mut self) {
        let addr = self.addr;
        let bind = async || TcpListener::bind(addr).await.ok();
        let listener = until("the port of the host is free", bind).await;
        self.addr = listener.local_addr().expect("a listener has an address");
        self.serving = Some(tokio::spawn(serve(listener, Arc::clone(&self.received))));
    }

    /// Kills it with its connections. Returns whether it was running.
    pub async fn kill(&mut self) -> bool {
        let Some(serving) = self.serving.take() else { return false };
        serving.abort();
        serving.await.is_err_and(|error| error.is_cancelled())
    }

    /// The arguments of a `catctl` that pushes the products of a server to it.
    pub fn push_arguments(&self, server: &str, state: &Path) -> Vec<String> {
        let url = format!("http://{}/acp", self.addr);
        let state = state.display().to_string();
        let mut arguments = vec!["--server", server, "feed", "push", "--feed", FEED];
        arguments.extend(["--url", &url, "--state", &state]);
        arguments.extend(["--shop-url", "https://shop.example"]);
        arguments.into_iter().map(str::to_owned).collect()
    }

    /// Gives it a product.
    pub fn put(&self, product: Value) {
        self.received().put(product);
    }

    /// The products that it has, by id.
    pub fn products(&self) -> BTreeMap<String, Value> {
        self.received().products.clone()
    }

    /// How its products differ from those of a catalogue: a line for each product.
    pub fn differences(&self, catalogue: &[proto::catalogue::v1::Product]) -> Vec<String> {
        differences::differences(&self.received().products, catalogue)
    }

    /// Its requests so far.
    pub fn requests(&self) -> FeedRequests {
        self.received().requests
    }

    /// Faults of the requests so far.
    pub fn faults(&self) -> Vec<String> {
        self.received().faults.clone()
    }

    fn received(&self) -> MutexGuard<'_, Received> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for FeedHost {
    fn drop(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.abort();
        }
    }
}

/// Serves until it is aborted, which ends the connections as well.
async fn serve(listener: TcpListener, received: Arc<Mutex<Received>>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        let received = Arc::clone(&received);
        let service = service_fn(move |request| answer(request, Arc::clone(&received)));
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        connections.spawn(async move { drop(connection.await) });
    }
}

#[cfg(test)]
mod tests {
    use http::Method;
    use serde_json::json;

    use super::*;
    use crate::HttpClient;

    const HEADERS: [(&str, &str); 2] = [("api-version", "2026-04-17"), ("idempotency-key", "one")];

    #[tokio::test]
    async fn an_invalid_request_is_named_and_what_is_valid_outlives_a_kill() {
        let mut host = FeedHost::start().await;
        let path = format!("/acp/feeds/{FEED}/products");
        let mut client = HttpClient::new(format!("http://{}", host.addr));
        let mug = json!({ "id": "mug", "variants": [{ "id": "mug", "title": "Mug" }] });
        let body = json!({ "products": [mug] });
        until("the request is answered", async || {
            let sent = client.send(Method::PATCH, &path, &HEADERS, body.to_string()).await.ok()?;
            sent.status.is_success().then_some(())
        })
        .await;
        assert!(host.kill().await && !host.kill().await);
        client.send(Method::PATCH, &path, &HEADERS, body.to_string()).await.unwrap_err();
        host.revive().await;
        assert_eq!(host.products()["mug"], mug);
        assert_eq!(host.faults(), Vec::<String>::new());

        client = HttpClient::new(format!("http://{}", host.addr));
        until("another body under the same key is a fault", async || {
            client.send(Method::PATCH, &path, &HEADERS, r#"{"products":[]}"#).await.ok()?;
            host.faults().first().filter(|fault| fault.contains("idempotency-key")).map(drop)
        })
        .await;
    }
}

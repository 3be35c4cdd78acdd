//! A collector that discards everything, so that it needs little CPU time.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use anyhow::{Context as _, Result};
use axum::{Router, extract::Request};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use server::{CancellationToken, ServeArgs, Server};
use testkit::{free_ports, ready_response};

/// An empty response message: all was accepted.
const ACCEPTED: &[u8] = &[0; 5];

/// A running collector.
pub(crate) struct Sink {
    addr: SocketAddr,
    received: Arc<AtomicU64>,
}

impl Sink {
    pub(crate) async fn start() -> Result<Self> {
        let addr = SocketAddr::from(([127, 0, 0, 1], free_ports(1)));
        let server = Server::bind(addr, &ServeArgs::default()).context("binding")?;
        let received = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&received);
        let app = Router::new().fallback(move |request: Request| {
            let counted = Arc::clone(&counted);
            async move {
                let mut body = request.into_body();
                while let Some(Ok(frame)) = body.frame().await {
                    let bytes = frame.data_ref().map_or(0, Bytes::len);
                    counted.fetch_add(bytes as u64, Relaxed);
                }
                ready_response(Bytes::from_static(ACCEPTED))
            }
        });
        tokio::spawn(server.serve(app, CancellationToken::new()));
        Ok(Self { addr, received })
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Bytes received so far.
    pub(crate) fn received(&self) -> u64 {
        self.received.load(Relaxed)
    }
}

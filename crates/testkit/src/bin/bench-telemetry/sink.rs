//! A collector that takes everything and looks at nothing, so that it takes no processor from those
//! who send.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use anyhow::{Context as _, Result};
use axum::{Router, body::Body, extract::Request, response::Response};
use bytes::Bytes;
use chassis::{CancellationToken, ServeArgs, Server};
use http::{HeaderMap, HeaderValue, header};
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use testkit::Fleet;

/// A message without a field: all was taken.
const TAKEN: &[u8] = &[0; 5];

pub(crate) struct Sink {
    addr: SocketAddr,
    taken: Arc<AtomicU64>,
}

impl Sink {
    pub(crate) async fn start() -> Result<Self> {
        let addr = SocketAddr::from(([127, 0, 0, 1], Fleet::free_ports(1)));
        let server = Server::bind(addr, &ServeArgs::default()).context("binding")?;
        let taken = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&taken);
        let app = Router::new().fallback(move |request: Request| {
            let counted = Arc::clone(&counted);
            async move {
                let mut body = request.into_body();
                while let Some(Ok(frame)) = body.frame().await {
                    let bytes = frame.data_ref().map_or(0, Bytes::len);
                    counted.fetch_add(bytes as u64, Relaxed);
                }
                answer()
            }
        });
        tokio::spawn(server.serve(app, CancellationToken::new()));
        Ok(Self { addr, taken })
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// In bytes.
    pub(crate) fn taken(&self) -> u64 {
        self.taken.load(Relaxed)
    }
}

fn answer() -> Response {
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    let frames = [Frame::data(Bytes::from_static(TAKEN)), Frame::trailers(trailers)];
    let body =
        StreamBody::new(futures::stream::iter(frames.map(Ok::<_, std::convert::Infallible>)));
    let mut response = Response::new(Body::new(body));
    let grpc = HeaderValue::from_static("application/grpc");
    response.headers_mut().insert(header::CONTENT_TYPE, grpc);
    response
}

//! A server that has the answer ready.

use std::net::SocketAddr;

use anyhow::{Context as _, Result};
use axum::{Router, body::Body, response::Response};
use bytes::{BufMut as _, Bytes, BytesMut};
use chassis::{CancellationToken, ServeArgs, Server};
use http::{HeaderMap, HeaderValue, header};
use http_body::Frame;
use http_body_util::StreamBody;
use prost::Message as _;
use proto::catalogue::v1::Product;

/// About what a product is.
const DESCRIPTION_BYTES: usize = 280;

/// Answers every call with the same product, until the process ends.
pub(crate) fn run(addr: SocketAddr) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let product = Product {
        id: "mug".to_owned(),
        name: "A mug".to_owned(),
        description: "x".repeat(DESCRIPTION_BYTES),
        ..Product::default()
    };
    let message = product.encode_to_vec();
    let mut framed = BytesMut::new();
    framed.put_u8(0);
    framed.put_u32(u32::try_from(message.len())?);
    framed.put_slice(&message);
    let framed = framed.freeze();
    runtime.block_on(async {
        let server = Server::bind(addr, &ServeArgs::default()).context("binding")?;
        let app = Router::new().fallback(move || std::future::ready(answer(framed.clone())));
        server.serve(app, CancellationToken::new()).await
    })
}

fn answer(framed: Bytes) -> Response {
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    let frames = [Frame::data(framed), Frame::trailers(trailers)];
    let body =
        StreamBody::new(futures::stream::iter(frames.map(Ok::<_, std::convert::Infallible>)));
    let mut response = Response::new(Body::new(body));
    let grpc = HeaderValue::from_static("application/grpc");
    response.headers_mut().insert(header::CONTENT_TYPE, grpc);
    response
}

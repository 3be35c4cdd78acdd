//! A server with an encoded response.

use std::net::SocketAddr;

use anyhow::{Context as _, Result};
use axum::Router;
use bytes::{BufMut as _, Bytes, BytesMut};
use prost::Message as _;
use proto::catalogue::v1::Product;
use server::{CancellationToken, ServeArgs, Server};
use testkit::ready_response;

/// Size of a typical description.
const DESCRIPTION_BYTES: usize = 280;

/// Responds to all calls with the same product, until the process ends.
pub(crate) async fn serve(addr: SocketAddr) -> Result<bool> {
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
    let server = Server::bind(addr, &ServeArgs::default()).context("binding")?;
    // Reads the request, as services do: h2 closes connections with many unread requests.
    let app =
        Router::new().fallback(move |_: Bytes| std::future::ready(ready_response(framed.clone())));
    server.serve(app, CancellationToken::new()).await?;
    Ok(true)
}

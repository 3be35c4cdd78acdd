//! Streams of products as newline-delimited JSON, with the client's back-pressure.
//!
//! The `next-page-token` of a limited stream is a gRPC trailer, which JSON clients do not get: for pages
//! they use `/v1/products`.

use async_stream::try_stream;
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::{FutureExt as _, Stream, StreamExt as _};
use http::{Uri, header};
use proto::{
    catalogue::v1::{ExportProductsRequest, ExportProductsResponse, ListProductsRequest, Product},
    json::{self, MessageType},
};
use serde::de::DeserializeOwned;
use tonic::{Status, Streaming};

use crate::{contract, problem::Problem, upstreams::Upstreams};

/// Lines are sent in chunks of this many bytes, or fewer if the upstream has no more ready.
const CHUNK: usize = 32 * 1024;

const LIST: &str = "/catalogue.v1.CatalogueService/ListProducts";
const EXPORT: &str = "/catalogue.v1.TransferService/ExportProducts";

/// Appends the lines of an encoded response message.
pub(super) type Write = fn(&'static MessageType, &[u8], &mut Vec<u8>) -> Result<(), json::Error>;

pub(super) async fn stream(upstreams: Upstreams, uri: Uri) -> Result<Response, Problem> {
    respond::<ListProductsRequest>(LIST, write_product, upstreams, uri).await
}

pub(super) async fn export(upstreams: Upstreams, uri: Uri) -> Result<Response, Problem> {
    respond::<ExportProductsRequest>(EXPORT, write_batch, upstreams, uri).await
}

fn write_product(
    message_type: &'static MessageType,
    product: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), json::Error> {
    json::append::<Product>(message_type, product, out)?;
    out.push(b'\n');
    Ok(())
}

fn write_batch(
    message_type: &'static MessageType,
    batch: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), json::Error> {
    let length = out.len();
    json::read::<ExportProductsResponse, _>(message_type, batch, |batch| {
        out.truncate(length);
        let mut products = batch.elements("products");
        products.try_for_each(|(of_product, product)| write_product(of_product, product, out))
    })
}

/// Responds with a stream. If the upstream fails later, the connection breaks off, so that no client
/// takes the received part for the whole.
async fn respond<Q: prost::Message + DeserializeOwned>(
    rpc: &str,
    write: Write,
    upstreams: Upstreams,
    uri: Uri,
) -> Result<Response, Problem> {
    let method = contract::method(rpc).expect("the contract has it");
    upstreams.authorize(method)?;
    let request: Q = super::query_request(rpc, &uri, &[])?;
    let messages = upstreams.stream(method, request.encode_to_vec().into()).await?;
    Ok(lines(messages, method.output(), write))
}

/// The response with messages as lines.
pub(super) fn lines(
    messages: Streaming<Bytes>,
    message_type: &'static MessageType,
    write: Write,
) -> Response {
    let body = Body::from_stream(chunks(messages, message_type, write));
    ([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response()
}

fn chunks(
    mut messages: Streaming<Bytes>,
    message_type: &'static MessageType,
    write: Write,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send {
    try_stream! {
        let mut chunk = Vec::new();
        loop {
            let message = match messages.next().now_or_never() {
                Some(message) => message,
                None => {
                    // Send the pending lines before waiting for more.
                    if !chunk.is_empty() {
                        yield std::mem::take(&mut chunk).into();
                    }
                    messages.next().await
                }
            };
            let Some(message) = message else { break };
            let message = message.map_err(upstream_failed)?;
            write(message_type, &message, &mut chunk).map_err(not_transcodable)?;
            if chunk.len() >= CHUNK {
                yield std::mem::take(&mut chunk).into();
            }
        }
        if !chunk.is_empty() {
            yield chunk.into();
        }
    }
}

fn not_transcodable(error: json::Error) -> std::io::Error {
    let error = anyhow::Error::from(error);
    std::io::Error::other(format!("transcoding a stream to JSON failed: {error:#}"))
}

fn upstream_failed(status: Status) -> std::io::Error {
    let (code, message) = (status.code(), status.message());
    std::io::Error::other(format!("the catalogue's stream failed: {code:?}: {message}"))
}

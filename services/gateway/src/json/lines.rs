//! Products by the thousand, one JSON document a line, as slowly as the caller reads.
//!
//! The `next-page-token` of a limited stream is a gRPC trailer, which HTTP/1.1 callers do not see:
//! whoever wants pages as JSON asks `/v1/products`.

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

/// Lines are sent together once there are this many bytes of them, or nothing else is ready.
const CHUNK: usize = 32 * 1024;

const LIST: &str = "/catalogue.v1.CatalogueService/ListProducts";
const EXPORT: &str = "/catalogue.v1.TransferService/ExportProducts";

/// Appends the lines of an encoded response.
type Write = fn(&'static MessageType, &[u8], &mut Vec<u8>) -> Result<(), json::Error>;

pub(super) async fn stream(upstreams: Upstreams, uri: Uri) -> Result<Response, Problem> {
    lines::<ListProductsRequest>(LIST, line, upstreams, uri).await
}

pub(super) async fn export(upstreams: Upstreams, uri: Uri) -> Result<Response, Problem> {
    lines::<ExportProductsRequest>(EXPORT, batch, upstreams, uri).await
}

fn line(of: &'static MessageType, product: &[u8], out: &mut Vec<u8>) -> Result<(), json::Error> {
    json::append::<Product>(of, product, out)?;
    out.push(b'\n');
    Ok(())
}

fn batch(of: &'static MessageType, batch: &[u8], out: &mut Vec<u8>) -> Result<(), json::Error> {
    let length = out.len();
    json::read::<ExportProductsResponse, _>(of, batch, |batch| {
        out.truncate(length);
        batch.elements("products").try_for_each(|(of, product)| line(of, product, out))
    })
}

/// A failure under way cuts the response off, so that no caller takes a part for the whole.
async fn lines<Q: prost::Message + DeserializeOwned>(
    rpc: &str,
    write: Write,
    upstreams: Upstreams,
    uri: Uri,
) -> Result<Response, Problem> {
    let request: Q = super::asked(rpc, &uri, &[])?;
    let method = contract::method(rpc).expect("the contract has it");
    let messages = upstreams.stream(method, request.encode_to_vec().into()).await?;
    let body = Body::from_stream(chunks(messages, method.output(), write));
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response())
}

fn chunks(
    mut messages: Streaming<Bytes>,
    of: &'static MessageType,
    write: Write,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send {
    try_stream! {
        let mut chunk = Vec::new();
        loop {
            let message = match messages.next().now_or_never() {
                Some(message) => message,
                None => {
                    // What there is goes out before we wait for more.
                    if !chunk.is_empty() {
                        yield std::mem::take(&mut chunk).into();
                    }
                    messages.next().await
                }
            };
            let Some(message) = message else { break };
            write(of, &message.map_err(cut_off)?, &mut chunk).map_err(no_json)?;
            if chunk.len() >= CHUNK {
                yield std::mem::take(&mut chunk).into();
            }
        }
        if !chunk.is_empty() {
            yield chunk.into();
        }
    }
}

fn cut_off(status: Status) -> std::io::Error {
    tracing::warn!(code = ?status.code(), error = status.message(), "a stream was cut off");
    std::io::Error::other("the catalogue ended the stream early")
}

fn no_json(error: json::Error) -> std::io::Error {
    let error = anyhow::Error::from(error);
    tracing::warn!(error = format!("{error:#}"), "a stream was cut off");
    std::io::Error::other("a product cannot be JSON")
}

//! Streams of messages as newline-delimited JSON, with the client's back-pressure.
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
    catalogue::v1::{ExportProductsResponse, Product},
    json,
};
use tonic::{Status, Streaming};

use crate::{
    contract::{self, Message},
    problem::Problem,
    upstreams::Upstreams,
};

/// Lines are sent in chunks of this many bytes, or fewer if the upstream has no more ready.
const CHUNK: usize = 32 * 1024;

const EXPORT: &str = "/catalogue.v1.TransferService/ExportProducts";

/// Appends the lines of an encoded message of this type.
type Write = fn(Message, &[u8], &mut Vec<u8>) -> Result<(), json::Error>;

/// `GET /v1/products:export`: a line for each product of each batch.
pub(super) async fn export(upstreams: Upstreams, uri: Uri) -> Result<Response, Problem> {
    let method = contract::method(EXPORT).expect("the contract has it");
    upstreams.authorize(method)?;
    let request = super::query_request(method, &uri, &[])?;
    let batches = upstreams.stream(method, request).await?;
    Ok(respond(batches, method.output, write_batch))
}

fn write_batch(of: Message, batch: &[u8], out: &mut Vec<u8>) -> Result<(), json::Error> {
    let (message_type, length) = (of.json().expect("it is of the contract"), out.len());
    json::read::<ExportProductsResponse, _>(message_type, batch, |batch| {
        out.truncate(length);
        batch.elements("products").try_for_each(|(of_product, product)| {
            json::append::<Product>(of_product, product, out)?;
            out.push(b'\n');
            Ok(())
        })
    })
}

/// The response with messages of this type as lines.
pub(super) fn lines(messages: Streaming<Bytes>, of: Message) -> Response {
    respond(messages, of, |of, message, out| {
        of.append(message, out)?;
        out.push(b'\n');
        Ok(())
    })
}

/// Responds with a stream. If the upstream fails later, the connection breaks off, so that no client
/// takes the received part for the whole.
fn respond(messages: Streaming<Bytes>, of: Message, write: Write) -> Response {
    let body = Body::from_stream(chunks(messages, of, write));
    ([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response()
}

fn chunks(
    mut messages: Streaming<Bytes>,
    of: Message,
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
            write(of, &message, &mut chunk).map_err(not_transcodable)?;
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
    std::io::Error::other(format!("the upstream's stream failed: {code:?}: {message}"))
}

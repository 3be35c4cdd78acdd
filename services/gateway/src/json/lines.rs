//! Products by the thousand, one JSON document a line, as slowly as the caller reads.
//!
//! The `next-page-token` of a limited stream is a gRPC trailer, which HTTP/1.1 callers do not see:
//! whoever wants pages as JSON asks `/v1/products`.

use async_stream::try_stream;
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::{BufMut as _, Bytes, BytesMut};
use futures::{FutureExt as _, Stream, StreamExt as _};
use http::{Uri, header};
use proto::catalogue::v1::{ExportProductsRequest, ListProductsRequest, Product};
use tonic::Status;

use crate::{problem::Problem, upstreams::Upstreams};

/// Lines are sent together once there are this many bytes of them, or nothing else is ready.
const CHUNK: usize = 32 * 1024;

pub(super) async fn stream(upstreams: Upstreams, uri: Uri) -> Result<Response, Problem> {
    let request: ListProductsRequest =
        super::asked("/catalogue.v1.CatalogueService/ListProducts", &uri, &[])?;
    let products = upstreams.catalogue_streams().list_products(request).await?;
    Ok(lines(products.into_inner().map(|product| product.map(|product| vec![product]))))
}

pub(super) async fn export(upstreams: Upstreams, uri: Uri) -> Result<Response, Problem> {
    let request: ExportProductsRequest =
        super::asked("/catalogue.v1.TransferService/ExportProducts", &uri, &[])?;
    let batches = upstreams.transfer().export_products(request).await?;
    Ok(lines(batches.into_inner().map(|batch| batch.map(|batch| batch.products))))
}

/// A failure under way cuts the answer off, so that no caller takes a part for the whole.
fn lines(batches: impl Stream<Item = Result<Vec<Product>, Status>> + Send + 'static) -> Response {
    let body = Body::from_stream(chunks(batches));
    ([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response()
}

fn chunks(
    batches: impl Stream<Item = Result<Vec<Product>, Status>> + Send + 'static,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send {
    try_stream! {
        let mut batches = Box::pin(batches);
        let mut chunk = BytesMut::new();
        loop {
            let batch = match batches.next().now_or_never() {
                Some(batch) => batch,
                None => {
                    // What there is goes out before we wait for more.
                    if !chunk.is_empty() {
                        yield chunk.split().freeze();
                    }
                    batches.next().await
                }
            };
            let Some(batch) = batch else { break };
            for product in batch.map_err(cut_off)? {
                serde_json::to_writer((&mut chunk).writer(), &product)?;
                chunk.put_u8(b'\n');
                if chunk.len() >= CHUNK {
                    yield chunk.split().freeze();
                }
            }
        }
        if !chunk.is_empty() {
            yield chunk.freeze();
        }
    }
}

fn cut_off(status: Status) -> std::io::Error {
    tracing::warn!(code = ?status.code(), error = status.message(), "a stream was cut off");
    std::io::Error::other("the catalogue ended the stream early")
}

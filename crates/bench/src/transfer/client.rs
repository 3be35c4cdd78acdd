//! A client of low CPU cost, which sends encoded messages.

use std::time::Duration;

use anyhow::{Result, ensure};
use bytes::{BufMut as _, Bytes};
use proto::catalogue::v1::{
    ExportProductsRequest, ImportProductsResponse, transfer_service_client::TransferServiceClient,
};
use tokio::time::sleep;
use tonic::{
    Request, Status,
    client::Grpc,
    codec::{Codec, EncodeBuf, Encoder},
    transport::Channel,
};
use tonic_prost::ProstDecoder;

/// Imports products from encoded messages. Returns the last response.
///
/// # Errors
/// The call fails, or a row is rejected.
pub(crate) async fn import(
    channel: Channel,
    messages: Vec<Bytes>,
) -> Result<ImportProductsResponse> {
    let mut client = Grpc::new(channel);
    client.ready().await?;
    let path = http::uri::PathAndQuery::from_static("/catalogue.v1.TransferService/ImportProducts");
    let request = Request::new(tokio_stream::iter(messages));
    let mut responses = client.streaming(request, path, EncodedRequests).await?.into_inner();
    let mut last = ImportProductsResponse::default();
    while let Some(response) = responses.message().await? {
        ensure!(response.rejects.is_empty(), "rejected: {:?}", response.rejects);
        last = response;
    }
    Ok(last)
}

/// Exports at least `limit` products, or all. Returns their number. Calls `watch` from time to time.
///
/// # Errors
/// The call fails.
pub(crate) async fn export(
    channel: Channel,
    limit: usize,
    mut watch: impl FnMut(),
) -> Result<usize> {
    let mut client = TransferServiceClient::new(channel);
    let mut responses =
        client.export_products(ExportProductsRequest::default()).await?.into_inner();
    let mut count = 0;
    let mut messages = 0_u32;
    while count < limit
        && let Some(response) = responses.message().await?
    {
        count += response.products.len();
        messages += 1;
        if messages.is_multiple_of(64) {
            watch();
        }
    }
    watch();
    Ok(count)
}

/// Starts an export, reads one message, and the rest after the `deadline`. Returns the number of products and
/// the final status.
///
/// # Errors
/// The call fails before the first message.
pub(crate) async fn stalled_export(
    channel: Channel,
    deadline: Duration,
) -> Result<(usize, Option<Status>)> {
    let mut client = TransferServiceClient::new(channel);
    let mut request = Request::new(ExportProductsRequest::default());
    request.set_timeout(deadline);
    let mut responses = client.export_products(request).await?.into_inner();
    let mut count = responses.message().await?.map_or(0, |response| response.products.len());
    sleep(deadline).await;
    loop {
        match responses.message().await {
            Ok(Some(response)) => count += response.products.len(),
            Ok(None) => return Ok((count, None)),
            Err(status) => return Ok((count, Some(status))),
        }
    }
}

/// A codec for encoded requests.
#[derive(Debug, Clone, Copy)]
struct EncodedRequests;

impl Codec for EncodedRequests {
    type Encode = Bytes;
    type Decode = ImportProductsResponse;
    type Encoder = Self;
    type Decoder = ProstDecoder<ImportProductsResponse>;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self::Decoder {
        ProstDecoder::default()
    }
}

impl Encoder for EncodedRequests {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, message: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(message);
        Ok(())
    }
}

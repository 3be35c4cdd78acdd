//! A client that costs next to nothing: it sends messages that were made before.

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

/// Imports what the messages say; the last answer.
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
    let mut answers = client.streaming(request, path, Ready).await?.into_inner();
    let mut last = ImportProductsResponse::default();
    while let Some(answer) = answers.message().await? {
        ensure!(answer.rejects.is_empty(), "rejected: {:?}", answer.rejects);
        last = answer;
    }
    Ok(last)
}

/// Exports at least `enough` products, or all; how many they were. `watch` is called now and then.
///
/// # Errors
/// The call fails.
pub(crate) async fn export(
    channel: Channel,
    enough: usize,
    mut watch: impl FnMut(),
) -> Result<usize> {
    let mut client = TransferServiceClient::new(channel);
    let mut answers = client.export_products(ExportProductsRequest::default()).await?.into_inner();
    let mut count = 0;
    let mut messages = 0_u32;
    while count < enough
        && let Some(answer) = answers.message().await?
    {
        count += answer.products.len();
        messages += 1;
        if messages.is_multiple_of(64) {
            watch();
        }
    }
    watch();
    Ok(count)
}

/// How an export ends whose reader takes one message, and nothing more before its `deadline` is
/// over: after how many products, and with which status.
///
/// # Errors
/// The call fails at once.
pub(crate) async fn stalled_export(
    channel: Channel,
    deadline: Duration,
) -> Result<(usize, Option<Status>)> {
    let mut client = TransferServiceClient::new(channel);
    let mut request = Request::new(ExportProductsRequest::default());
    request.set_timeout(deadline);
    let mut answers = client.export_products(request).await?.into_inner();
    let mut count = answers.message().await?.map_or(0, |answer| answer.products.len());
    sleep(deadline).await;
    loop {
        match answers.message().await {
            Ok(Some(answer)) => count += answer.products.len(),
            Ok(None) => return Ok((count, None)),
            Err(status) => return Ok((count, Some(status))),
        }
    }
}

/// Sends bytes as they are.
#[derive(Debug, Clone, Copy)]
struct Ready;

impl Codec for Ready {
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

impl Encoder for Ready {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, message: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(message);
        Ok(())
    }
}

//! Calls, and their attempts.

use std::{sync::Arc, time::Duration};

use futures::{Stream, StreamExt as _, stream::BoxStream};
use prost::Message;
use tokio::time::sleep;
use tonic::{
    Request, Status, Streaming, client::Grpc, codegen::http::uri::PathAndQuery,
    metadata::MetadataMap, transport::Channel,
};
use tonic_prost::ProstCodec;
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    pause,
};

/// The largest accepted message in bytes: a page may have a thousand products.
const MAX_MESSAGE: usize = 64 << 20;

/// A client of the gateway. Cheap to clone; clones share the connection.
///
/// Reads, and writes with a `request_id`, are attempted again when the gateway or the network fails. A write that is
/// given none gets one, the same for each attempt, so that it happens once.
#[derive(Debug, Clone)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    channel: Channel,
    metadata: MetadataMap,
    timeout: Duration,
    retries: u32,
}

/// The messages of a stream. After an error it ends.
pub type Messages<T> = BoxStream<'static, Result<T>>;

impl Client {
    pub(crate) fn with(
        channel: Channel,
        metadata: MetadataMap,
        timeout: Duration,
        retries: u32,
    ) -> Self {
        Self(Arc::new(Inner { channel, metadata, timeout, retries }))
    }

    /// Calls a unary method, and again if it `may_repeat`.
    pub(crate) async fn unary<Q, A>(
        &self,
        path: &'static str,
        may_repeat: bool,
        message: Q,
    ) -> Result<A>
    where
        Q: Message + Clone + 'static,
        A: Message + Default + 'static,
    {
        let retries = if may_repeat { self.0.retries } else { 0 };
        for attempt in 0..retries {
            let status = match self.attempt(path, message.clone()).await {
                Ok(answer) => return Ok(answer),
                Err(status) => status,
            };
            let Some(pause) = pause::before_retry(&status, attempt) else {
                return Err(status.into());
            };
            sleep(pause).await;
        }
        Ok(self.attempt(path, message).await?)
    }

    async fn attempt<Q, A>(&self, path: &'static str, message: Q) -> Result<A, Status>
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        let mut request = self.request(message);
        request.set_timeout(self.0.timeout);
        let mut grpc = self.grpc().await?;
        let codec = ProstCodec::<Q, A>::default();
        let call = grpc.unary(request, PathAndQuery::from_static(path), codec);
        // A frozen gateway does not keep the deadline.
        match tokio::time::timeout(self.0.timeout, call).await {
            Ok(response) => Ok(response?.into_inner()),
            Err(_) => Err(Status::deadline_exceeded("no response within the timeout")),
        }
    }

    /// Calls a method that streams its response.
    pub(crate) async fn server_stream<Q, A>(
        &self,
        path: &'static str,
        message: Q,
    ) -> Result<Messages<A>>
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        Ok(messages(self.open(path, message).await?))
    }

    pub(crate) async fn open<Q, A>(
        &self,
        path: &'static str,
        message: Q,
    ) -> Result<Streaming<A>, Status>
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        let mut grpc = self.grpc().await?;
        let codec = ProstCodec::<Q, A>::default();
        let path = PathAndQuery::from_static(path);
        Ok(grpc.server_streaming(self.request(message), path, codec).await?.into_inner())
    }

    /// Calls a method that streams in both directions. It is attempted once.
    pub(crate) async fn both_stream<Q, A>(
        &self,
        path: &'static str,
        requests: impl Stream<Item = Q> + Send + 'static,
    ) -> Result<Messages<A>>
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        let mut grpc = self.grpc().await?;
        let codec = ProstCodec::<Q, A>::default();
        let path = PathAndQuery::from_static(path);
        let response = grpc.streaming(self.request(requests), path, codec).await?;
        Ok(messages(response.into_inner()))
    }

    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        *request.metadata_mut() = self.0.metadata.clone();
        request
    }

    async fn grpc(&self) -> Result<Grpc<Channel>, Status> {
        let mut grpc = Grpc::new(self.0.channel.clone()).max_decoding_message_size(MAX_MESSAGE);
        grpc.ready().await.map_err(|error| Status::from_error(error.into()))?;
        Ok(grpc)
    }
}

/// Fills an empty `request_id`.
pub(crate) fn identify(request_id: &mut String) {
    if request_id.is_empty() {
        *request_id = Uuid::new_v4().to_string();
    }
}

/// The messages of a stream, with the client's errors.
fn messages<A: Send + 'static>(stream: Streaming<A>) -> Messages<A> {
    stream.map(|message| message.map_err(Error::from)).boxed()
}

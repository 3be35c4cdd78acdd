//! Opening the stream, over any kind of gRPC client.

use futures::future::BoxFuture;
use proto::catalogue::v1::{
    WatchChangesRequest, WatchChangesResponse, feed_service_client::FeedServiceClient,
};
use tonic::{
    Status, Streaming,
    body::Body,
    client::GrpcService,
    codegen::{Body as HttpBody, Bytes, StdError},
};

/// A gRPC client as [`Feed`](crate::Feed) needs it: a channel, possibly with interceptors or layers.
pub trait Connection:
    GrpcService<
        Body,
        Error: Into<StdError>,
        Future: Send,
        ResponseBody: HttpBody<Data = Bytes, Error: Into<StdError> + Send> + Send + 'static,
    > + Clone
    + Send
    + 'static
{
}

impl<C> Connection for C where
    C: GrpcService<
            Body,
            Error: Into<StdError>,
            Future: Send,
            ResponseBody: HttpBody<Data = Bytes, Error: Into<StdError> + Send> + Send + 'static,
        > + Clone
        + Send
        + 'static
{
}

/// Opens a stream for a request.
pub(crate) type Connect = Box<
    dyn FnMut(
            WatchChangesRequest,
        ) -> BoxFuture<'static, Result<Streaming<WatchChangesResponse>, Status>>
        + Send,
>;

pub(crate) fn connector<C: Connection>(client: FeedServiceClient<C>) -> Connect {
    Box::new(move |request| {
        let mut client = client.clone();
        Box::pin(async move { Ok(client.watch_changes(request).await?.into_inner()) })
    })
}

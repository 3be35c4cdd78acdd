//! `FeedService`: a snapshot followed by every change as a stream, or the changes in pages.

mod cursor;
mod list;
mod parse_request;
mod snapshot;
mod watch;
mod wire_changes;

use chassis::CancellationToken;
use proto::catalogue::v1::{
    self as wire, GetWatermarkRequest, GetWatermarkResponse, ListChangesRequest,
    ListChangesResponse, WatchChangesRequest, WatchChangesResponse,
};
use tonic::{Request, Response, Status, codegen::BoxStream};

use super::{convert::timestamp, stream_sender};
use crate::{
    domain::{Error, now},
    feed::ChangeBroadcast,
    store::Store,
};
use cursor::Cursor;

/// Capacity of a watch's channel, in events.
const CAPACITY: usize = 100;

pub(super) struct Service {
    pub(super) store: Store,
    pub(super) broadcast: ChangeBroadcast,
    pub(super) shutdown: CancellationToken,
}

#[tonic::async_trait]
impl wire::feed_service_server::FeedService for Service {
    async fn watch_changes(
        &self,
        request: Request<WatchChangesRequest>,
    ) -> Result<Response<BoxStream<WatchChangesResponse>>, Status> {
        let start = watch::parse(&self.store, &request).await?;
        let resume = watch::ResumeCursor::new(&request.get_ref().cursor);
        let (store, broadcast, shutdown) =
            (self.store.clone(), self.broadcast.clone(), self.shutdown.clone());
        let (background, deadline) = (self.store.background(), stream_sender::deadline(&request));
        let events = stream_sender::stream(background, CAPACITY, deadline, async move |sender| {
            let closed = async { sender.closed().await };
            let error = tokio::select! {
                error = watch::run(&store, &broadcast, &sender, start, &resume) => error,
                () = shutdown.cancelled() => Error::ShuttingDown,
                () = closed => Error::ClientGone,
            };
            Err(resume.status(error))
        });
        Ok(Response::new(events))
    }

    async fn list_changes(
        &self,
        request: Request<ListChangesRequest>,
    ) -> Result<Response<ListChangesResponse>, Status> {
        Ok(Response::new(list::list(&self.store, &self.broadcast, &request).await?))
    }

    async fn get_watermark(
        &self,
        _: Request<GetWatermarkRequest>,
    ) -> Result<Response<GetWatermarkResponse>, Status> {
        let read_at = now();
        let bounds = self.store.feed_bounds().await?;
        let watermark =
            if bounds.is_settled() { Some(read_at) } else { self.broadcast.watermark() };
        let cursor = |place| Cursor::unbound(self.store.feed_epoch(), place).encode();
        Ok(Response::new(GetWatermarkResponse {
            cursor: cursor(bounds.settled),
            oldest_cursor: cursor(bounds.floor),
            watermark: watermark.map(timestamp),
        }))
    }
}

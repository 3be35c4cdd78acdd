//! `FeedService`: everything there is, then every change as it happens; or the changes alone, for
//! those who rather ask.

mod ask;
mod list;
mod snapshot;
mod told;
mod watch;

use chassis::CancellationToken;
use proto::catalogue::v1::{
    self as wire, GetWatermarkRequest, GetWatermarkResponse, ListChangesRequest,
    ListChangesResponse, WatchChangesRequest, WatchChangesResponse,
};
use tonic::{Request, Response, Status, codegen::BoxStream};

use super::{convert::timestamp, outlet};
use crate::{
    domain::{Error, now},
    feed::{Cursor, News},
    store::Store,
};

/// Events waiting for their reader at most.
const CAPACITY: usize = 100;

pub(super) struct Service {
    pub(super) store: Store,
    pub(super) news: News,
    pub(super) shutdown: CancellationToken,
}

#[tonic::async_trait]
impl wire::feed_service_server::FeedService for Service {
    async fn watch_changes(
        &self,
        request: Request<WatchChangesRequest>,
    ) -> Result<Response<BoxStream<WatchChangesResponse>>, Status> {
        let begin = watch::begin(&self.store, request.get_ref()).await?;
        let resume = watch::Resume::new(&request.get_ref().cursor);
        let (store, news, shutdown) =
            (self.store.clone(), self.news.clone(), self.shutdown.clone());
        let (background, deadline) = (self.store.background(), outlet::deadline(&request));
        let events = outlet::stream(background, CAPACITY, deadline, async move |outlet| {
            let gone = async { outlet.gone().await };
            let error = tokio::select! {
                error = watch::run(&store, &news, &outlet, begin, &resume) => error,
                () = shutdown.cancelled() => Error::ShuttingDown,
                () = gone => Error::ReaderGone,
            };
            Err(resume.status(error))
        });
        Ok(Response::new(events))
    }

    async fn list_changes(
        &self,
        request: Request<ListChangesRequest>,
    ) -> Result<Response<ListChangesResponse>, Status> {
        Ok(Response::new(list::list(&self.store, &self.news, request.get_ref()).await?))
    }

    async fn get_watermark(
        &self,
        _: Request<GetWatermarkRequest>,
    ) -> Result<Response<GetWatermarkResponse>, Status> {
        let asked_at = now();
        let kept = self.store.kept_changes().await?;
        let watermark = if kept.is_settled() { Some(asked_at) } else { self.news.watermark() };
        let cursor = |place| Cursor::unbound(self.store.feed_epoch(), place).encode();
        Ok(Response::new(GetWatermarkResponse {
            cursor: cursor(kept.newest),
            oldest_cursor: cursor(kept.floor),
            watermark: watermark.map(timestamp),
        }))
    }
}

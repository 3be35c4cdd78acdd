//! A fake catalogue that serves scripted streams in this process.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
};

use futures::{Stream, StreamExt as _, future::pending, stream::BoxStream};
use proto::catalogue::v1::{
    GetWatermarkRequest, GetWatermarkResponse, Heartbeat, ListChangesRequest, ListChangesResponse,
    WatchChangesRequest, WatchChangesResponse,
    feed_service_client::FeedServiceClient,
    feed_service_server::{FeedService, FeedServiceServer},
    watch_changes_response::Event,
};
use tonic::{Code, Request, Response, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

pub(crate) type Item = Result<WatchChangesResponse, Status>;

/// Response to one request.
enum Script {
    Refuse(Status),
    Hang,
    Stream(BoxStream<'static, Item>),
}

/// Serves its scripts in order, and then streams without events. Clones share the state.
#[derive(Clone, Default)]
pub(crate) struct Fake {
    scripts: Arc<Mutex<VecDeque<Script>>>,
    requests: Arc<Mutex<Vec<WatchChangesRequest>>>,
}

impl Fake {
    pub(crate) fn client(&self) -> FeedServiceClient<FeedServiceServer<Self>> {
        FeedServiceClient::new(FeedServiceServer::new(self.clone()))
    }

    pub(crate) fn refuse(self, status: Status) -> Self {
        self.script(Script::Refuse(status))
    }

    /// Leaves a request without a response.
    pub(crate) fn hang(self) -> Self {
        self.script(Script::Hang)
    }

    pub(crate) fn stream(self, items: impl Stream<Item = Item> + Send + 'static) -> Self {
        self.script(Script::Stream(items.boxed()))
    }

    fn script(self, script: Script) -> Self {
        self.scripts.lock().unwrap().push_back(script);
        self
    }

    /// Returns the cursors of the requests received, oldest first.
    pub(crate) fn cursors(&self) -> Vec<String> {
        self.requests.lock().unwrap().iter().map(|request| request.cursor.clone()).collect()
    }

    pub(crate) fn requests(&self) -> Vec<WatchChangesRequest> {
        self.requests.lock().unwrap().clone()
    }
}

#[tonic::async_trait]
impl FeedService for Fake {
    async fn watch_changes(
        &self,
        request: Request<WatchChangesRequest>,
    ) -> Result<Response<BoxStream<'static, Item>>, Status> {
        self.requests.lock().unwrap().push(request.into_inner());
        let script = self.scripts.lock().unwrap().pop_front();
        match script {
            Some(Script::Refuse(status)) => Err(status),
            Some(Script::Hang) => pending().await,
            Some(Script::Stream(items)) => Ok(Response::new(items)),
            None => Ok(Response::new(futures::stream::pending().boxed())),
        }
    }

    async fn list_changes(
        &self,
        _: Request<ListChangesRequest>,
    ) -> Result<Response<ListChangesResponse>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn get_watermark(
        &self,
        _: Request<GetWatermarkRequest>,
    ) -> Result<Response<GetWatermarkResponse>, Status> {
        Err(Status::unimplemented(""))
    }
}

pub(crate) fn heartbeat(cursor: &str) -> Item {
    let event = Some(Event::Heartbeat(Heartbeat::default()));
    Ok(WatchChangesResponse { cursor: cursor.to_owned(), event })
}

pub(crate) fn unavailable() -> Status {
    Status::unavailable("restarting")
}

pub(crate) fn cursor_expired() -> Status {
    let details = ErrorDetails::with_error_info("CURSOR_EXPIRED", "test", HashMap::new());
    Status::with_error_details(Code::FailedPrecondition, "too old", details)
}

//! The fake feed service.

use async_stream::stream;
use proto::catalogue::v1::{
    GetWatermarkRequest, GetWatermarkResponse, Heartbeat, ListChangesRequest, ListChangesResponse,
    SnapshotComplete, WatchChangesRequest, WatchChangesResponse, feed_service_server::FeedService,
    watch_changes_request::Start, watch_changes_response::Event,
};
use tonic::{Request, Response, codegen::BoxStream};

use super::{Fake, RpcResult};

#[tonic::async_trait]
impl FeedService for Fake {
    async fn watch_changes(
        &self,
        request: Request<WatchChangesRequest>,
    ) -> RpcResult<BoxStream<WatchChangesResponse>> {
        let request = self.record(request);
        let mut length = self.0.length.subscribe();
        let now = *length.borrow();
        let mut at = match request.cursor.as_str() {
            "" => now,
            cursor => self.position(cursor)?,
        };
        let mut first = Vec::new();
        if request.cursor.is_empty() && request.start() != Start::Now {
            first.extend(self.all().into_iter().map(Event::SnapshotItem));
            first.push(Event::SnapshotComplete(SnapshotComplete {}));
        } else {
            first.push(Event::Heartbeat(Heartbeat::default()));
        }
        let fake = self.clone();
        Ok(Response::new(Box::pin(stream! {
            for event in first {
                yield Ok(WatchChangesResponse { cursor: fake.cursor(at), event: Some(event) });
            }
            loop {
                let due = fake.0.changes.lock().unwrap()[at..].to_vec();
                for change in due {
                    at += 1;
                    let event = Some(Event::Change(change));
                    yield Ok(WatchChangesResponse { cursor: fake.cursor(at), event });
                }
                if length.changed().await.is_err() {
                    return;
                }
            }
        })))
    }

    async fn list_changes(
        &self,
        request: Request<ListChangesRequest>,
    ) -> RpcResult<ListChangesResponse> {
        let request = self.record(request);
        if request.cursor == "other scope" {
            let violations = [("cursor", "was made with another filter")];
            return Err(rpc::status::invalid_because("CURSOR_MISMATCH", violations));
        }
        let at = match request.cursor.as_str() {
            "" => 0,
            cursor => self.position(cursor)?,
        };
        let changes = self.0.changes.lock().unwrap()[at..].to_vec();
        let next_cursor = self.cursor(at + changes.len());
        let response =
            ListChangesResponse { changes, next_cursor, caught_up: true, ..Default::default() };
        Ok(Response::new(response))
    }

    async fn get_watermark(
        &self,
        request: Request<GetWatermarkRequest>,
    ) -> RpcResult<GetWatermarkResponse> {
        self.record(request);
        let cursor = self.cursor(self.0.changes.lock().unwrap().len());
        let oldest_cursor = self.cursor(0);
        Ok(Response::new(GetWatermarkResponse { cursor, oldest_cursor, ..Default::default() }))
    }
}

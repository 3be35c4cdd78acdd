//! FeedService.

use futures::{StreamExt as _, stream};
use proto::catalogue::v1::{change::Op, feed_service_server::FeedService, *};
use tonic::{Code, Request, Response, Status};

use super::{ResponseStream, Store, error};

#[tonic::async_trait]
impl FeedService for Store {
    /// A snapshot of all products, and then FAILED_PRECONDITION. The cursor `old` has expired; after
    /// `cut` one change is sent before the stream is cut, and after `quiet` nothing happens.
    async fn watch_changes(
        &self,
        request: Request<WatchChangesRequest>,
    ) -> Result<Response<ResponseStream<WatchChangesResponse>>, Status> {
        match self.record(request).cursor.as_str() {
            "old" => {
                let message = "the changes after the cursor are gone";
                return Err(error(Code::FailedPrecondition, "CURSOR_EXPIRED", message));
            }
            "cut" => {
                let change = Change { product_id: "cup".to_owned(), ..Change::default() };
                let event = Some(watch_changes_response::Event::Change(change));
                let change = WatchChangesResponse { cursor: "after cup".to_owned(), event };
                let cut = Err(Status::unavailable("restarting"));
                return Ok(Response::new(stream::iter([Ok(change), cut]).boxed()));
            }
            "quiet" => return Ok(Response::new(stream::pending().boxed())),
            _ => {}
        }
        let products: Vec<Product> = self.products.lock().unwrap().values().cloned().collect();
        let items = products.into_iter().map(|product| {
            let event = Some(watch_changes_response::Event::SnapshotItem(product));
            Ok(WatchChangesResponse { cursor: "c".to_owned(), event })
        });
        let end = Err(Status::failed_precondition("no more"));
        let events: Vec<_> = items.chain([end]).collect();
        Ok(Response::new(stream::iter(events).boxed()))
    }

    /// Five changes, two per page. A cursor is the number of changes before it.
    async fn list_changes(
        &self,
        request: Request<ListChangesRequest>,
    ) -> Result<Response<ListChangesResponse>, Status> {
        let request = self.record(request);
        let from: usize = request.cursor.parse().unwrap_or(0);
        let size = (request.page_size as usize).min(2);
        let change = |number: usize| Change {
            op: Op::Stock.into(),
            product_id: format!("p{number}"),
            actor: "jo@shop".to_owned(),
            ..Change::default()
        };
        let until = (from + size).min(5);
        Ok(Response::new(ListChangesResponse {
            changes: (from..until).map(change).collect(),
            next_cursor: until.to_string(),
            caught_up: until == 5,
            watermark: None,
        }))
    }
}

//! The one watch: connects, reads, reconnects where it left off.

use std::{sync::Arc, time::Duration};

use proto::catalogue::v1::{
    Change, WatchChangesRequest, WatchChangesResponse, change::Op, watch_changes_request::Start,
    watch_changes_response::Event,
};
use tokio::sync::{broadcast, watch};
use tonic::{Status, Streaming};

use super::{Frame, Link, LinkState, jittered, shard};
use crate::upstreams::Upstreams;

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
/// A feed that has said nothing for this long, not even a heartbeat, is taken for dead.
const SILENCE: Duration = Duration::from_secs(30);

pub(super) struct Follower {
    upstreams: Upstreams,
    shards: Arc<[broadcast::Sender<Frame>]>,
    link: watch::Sender<Link>,
    /// Where the watch goes on; empty: with the next change.
    cursor: String,
    pause: Duration,
}

impl Follower {
    pub(super) fn new(
        upstreams: Upstreams,
        shards: Arc<[broadcast::Sender<Frame>]>,
        link: watch::Sender<Link>,
    ) -> Self {
        Self { upstreams, shards, link, cursor: String::new(), pause: FIRST_PAUSE }
    }

    /// Never ends by itself.
    pub(super) async fn run(&mut self) {
        loop {
            let error = match self.watch_once().await {
                Ok(()) => "the stream ended".to_owned(),
                Err(status) => {
                    self.forget_refused_cursor(&status);
                    status.message().to_owned()
                }
            };
            let was = self.link.send_replace(Link { state: LinkState::Down, ..self.link() });
            if was.state != LinkState::Down {
                tracing::warn!(error, "the change feed is lost: stock is stale until it is back");
            }
            tokio::time::sleep(jittered(self.pause)).await;
            self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn watch_once(&mut self) -> Result<(), Status> {
        let request = WatchChangesRequest {
            cursor: self.cursor.clone(),
            start: Start::Now.into(),
            ..Default::default()
        };
        let mut events = self.upstreams.feed().watch_changes(request).await?.into_inner();
        self.up();
        while let Some(event) = next_of(&mut events).await? {
            self.pause = FIRST_PAUSE;
            self.pass_on(event);
        }
        Ok(())
    }

    fn pass_on(&mut self, event: WatchChangesResponse) {
        if !event.cursor.is_empty() {
            self.cursor = event.cursor;
        }
        if let Some(frame) = event.event.and_then(frame_of) {
            // Nobody listening is no error.
            self.shards[shard(&frame.product_id)].send(frame).ok();
        }
    }

    fn forget_refused_cursor(&mut self, status: &Status) {
        if rpc::status::reason(status).as_deref() == Some("CURSOR_EXPIRED") {
            tracing::warn!("the feed no longer knows our cursor: starting from now");
            self.cursor.clear();
            self.pause = FIRST_PAUSE;
        }
    }

    /// The watch has begun, so whatever is read from now on misses nothing: everyone reads their
    /// products again.
    fn up(&self) {
        let Link { generation, .. } = self.link();
        self.link.send_replace(Link { state: LinkState::Up, generation: generation + 1 });
    }

    fn link(&self) -> Link {
        *self.link.borrow()
    }
}

/// A feed that is well says something every few seconds.
async fn next_of(
    events: &mut Streaming<WatchChangesResponse>,
) -> Result<Option<WatchChangesResponse>, Status> {
    let next = tokio::time::timeout(SILENCE, events.message()).await;
    next.unwrap_or_else(|_| Err(Status::deadline_exceeded("the feed has gone silent")))
}

fn frame_of(event: Event) -> Option<Frame> {
    match event {
        // Categories have no stock.
        Event::Change(Change { product_id, .. }) if product_id.is_empty() => None,
        Event::Change(Change { op, product_id, .. }) if op == i32::from(Op::Deleted) => {
            Some(Frame::gone(product_id))
        }
        Event::Change(change) => change.product.map(Frame::of),
        Event::SnapshotItem(product) => Some(Frame::of(product)),
        Event::SnapshotComplete(_) | Event::Heartbeat(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use proto::catalogue::v1::{Category, Product};

    use super::*;

    #[test]
    fn changes_of_categories_are_no_news_of_stock() {
        let change = |op: Op| Change {
            op: op.into(),
            category_id: "mugs".into(),
            category: (op != Op::Deleted).then(Category::default),
            ..Default::default()
        };
        for op in [Op::Updated, Op::Deleted] {
            assert!(frame_of(Event::Change(change(op))).is_none(), "{op:?}");
        }
        let deleted =
            Change { op: Op::Deleted.into(), product_id: "mug".into(), ..Default::default() };
        assert!(frame_of(Event::Change(deleted)).is_some_and(|frame| frame.stock.is_none()));
        let product = Product { id: "mug".into(), stock_qty: 3, ..Default::default() };
        let changed =
            Change { product_id: "mug".into(), product: Some(product), ..Default::default() };
        let frame = frame_of(Event::Change(changed)).unwrap();
        assert_eq!(frame.stock.map(|stock| stock.quantity), Some(3));
    }
}

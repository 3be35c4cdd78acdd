//! The events of one `GET /v1/changes`.

use std::sync::Arc;

use async_stream::stream;
use futures::Stream;
use proto::catalogue::v1::{WatchChangesResponse, watch_changes_response::Event as FeedEvent};
use rpc::status::{leaving, upstream_unavailable};
use serde::Serialize;
use serde_json::json;
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc, watch},
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;
use tonic::{Status, Streaming};

use super::{Event, HEARTBEAT, catch_up::CatchUp};
use crate::{
    live::{Begin, ChangeStream, FeedState, FeedStatus, LiveChange, LiveChanges, LiveStock},
    problem::Problem,
    request_id::RequestId,
};

/// Where a stream's changes come from.
pub(super) enum Source {
    /// The changes for all streams.
    Live(ChangeStream),
    /// A read of the feed, and then the changes for all streams.
    CatchUp(mpsc::Receiver<CatchUp>),
    /// A watch for this stream alone.
    Own(Box<Streaming<WatchChangesResponse>>),
}

/// The event for missing changes: the client reads its products again, and continues with the changes that follow.
pub(super) struct Resync {
    reason: String,
    detail: String,
}

impl Resync {
    /// The cursor is too old, or of another feed.
    pub(super) fn expired(status: &Status) -> Self {
        let problem = Problem::from(status.clone());
        Self { reason: problem.reason.into_owned(), detail: problem.detail }
    }

    fn too_slow() -> Self {
        let detail = "changes came faster than they were read, and some are missing; \
                      read the products again";
        Self { reason: "READ_TOO_SLOWLY".to_owned(), detail: detail.to_owned() }
    }

    /// The event, with the cursor that the changes which follow come after.
    fn event(self, cursor: &str) -> Event {
        let Self { reason, detail } = self;
        let data = json!({ "reason": reason, "detail": detail });
        Event::new("resync", &data.to_string(), cursor)
    }
}

/// One client's stream.
pub(super) struct ChangeEvents {
    pub(super) live: LiveStock,
    pub(super) id: RequestId,
    /// The products of the stream; empty: all.
    pub(super) product_ids: Vec<String>,
    pub(super) shutdown: CancellationToken,
    pub(super) _permit: OwnedSemaphorePermit,
}

/// The next part of a stream.
#[expect(clippy::large_enum_variant, reason = "not stored")]
enum Next {
    Response(WatchChangesResponse),
    Change(Arc<LiveChange>),
    /// Changes are missing.
    Missed,
    Failed(Status),
    End,
    /// No change for a while.
    Idle,
    /// The status of the shared watch has changed.
    Status(FeedState),
}

impl ChangeEvents {
    /// The events of `source`. With `resync`, the first one says that changes before it are missing.
    pub(super) fn stream(
        self,
        source: Source,
        resync: Option<Resync>,
    ) -> impl Stream<Item = Event> + Send {
        stream! {
            let status = self.live.status();
            let idle_at = Instant::now() + HEARTBEAT;
            let cursor = String::new();
            let mut state =
                Progress { source, status, cursor, resync, is_stale: false, idle_at, ended: false };
            if let Some(first) = state.begin() {
                yield first;
            }
            while !state.ended {
                let next = self.next(&mut state).await;
                for event in self.events(&mut state, next) {
                    yield event;
                }
            }
        }
    }

    /// The events for the next part, none or up to two.
    fn events(&self, state: &mut Progress, next: Next) -> impl Iterator<Item = Event> + use<> {
        let (mut before, mut event) = (None, None);
        match next {
            Next::Response(response) => {
                state.cursor.clone_from(&response.cursor);
                let is_heartbeat = matches!(response.event, Some(FeedEvent::Heartbeat(_)));
                match state.resync.take() {
                    Some(resync) if is_heartbeat => event = Some(resync.event(&state.cursor)),
                    resync => {
                        before = resync.map(|resync| resync.event(""));
                        event = Some(to_event(&response));
                    }
                }
            }
            Next::Change(change) => {
                state.cursor.clone_from(&change.cursor);
                state.idle_at = Instant::now() + HEARTBEAT;
                event = Some(Event::encoded(
                    change.encoded(|change, cursor| named("change", change, cursor).into_bytes()),
                ));
            }
            Next::Idle => event = Some(state.idle(self.live.changes())),
            Next::Status(FeedState::Down) => {
                let is_new = !std::mem::replace(&mut state.is_stale, true);
                event = is_new.then(|| Event::new("stale", "{}", ""));
            }
            Next::Status(FeedState::Up | FeedState::Connecting) => state.is_stale = false,
            Next::Missed => {
                let begin = Begin::Now;
                event = Some(match self.live.changes().follow(begin, &self.product_ids) {
                    Some(changes) => state.go_on(changes),
                    // The feed has not begun again. The client returns with its cursor.
                    None => self.last(state, upstream_unavailable("catalogue")),
                });
            }
            Next::Failed(status) => event = Some(self.last(state, status)),
            Next::End => state.ended = true,
        }
        before.into_iter().chain(event)
    }

    async fn next(&self, state: &mut Progress) -> Next {
        let Progress { source, status, idle_at, .. } = state;
        let is_live = matches!(source, Source::Live(_));
        tokio::select! {
            next = source.next() => next,
            changed = status.changed(), if is_live => match changed {
                Ok(()) => Next::Status(status.borrow_and_update().state),
                // The feed's task has ended before this stream.
                Err(_) => Next::Failed(leaving()),
            },
            () = sleep_until(*idle_at), if is_live => Next::Idle,
            () = self.shutdown.cancelled() => Next::Failed(leaving()),
        }
    }

    /// The last event. Its id lets the client resume after the last event that it received.
    fn last(&self, state: &mut Progress, status: Status) -> Event {
        state.ended = true;
        super::problem(status, &self.id, &state.cursor)
    }
}

/// How far a stream has come.
struct Progress {
    source: Source,
    status: watch::Receiver<FeedStatus>,
    /// Of the last event.
    cursor: String,
    /// To be sent with the first event.
    resync: Option<Resync>,
    /// Whether the client's latest information is that the feed is interrupted.
    is_stale: bool,
    /// When a heartbeat is due.
    idle_at: Instant,
    ended: bool,
}

impl Progress {
    /// The first event of a stream that needs no read of the feed: it has the cursor.
    fn begin(&mut self) -> Option<Event> {
        let Source::Live(changes) = &self.source else { return None };
        changes.cursor().clone_into(&mut self.cursor);
        let resync = self.resync.take();
        Some(resync.map_or_else(|| heartbeat(&self.cursor), |resync| resync.event(&self.cursor)))
    }

    /// A heartbeat, with the cursor after the changes of other products.
    fn idle(&mut self, all: &LiveChanges) -> Event {
        if let Source::Live(changes) = &mut self.source {
            changes.skip_to_end(all);
            changes.cursor().clone_into(&mut self.cursor);
        }
        self.idle_at = Instant::now() + HEARTBEAT;
        heartbeat(&self.cursor)
    }

    /// Continues with these changes, after missing some.
    fn go_on(&mut self, changes: ChangeStream) -> Event {
        changes.cursor().clone_into(&mut self.cursor);
        self.source = Source::Live(changes);
        Resync::too_slow().event(&self.cursor)
    }
}

impl Source {
    /// Waits for the next part. Cancel-safe.
    async fn next(&mut self) -> Next {
        loop {
            match self {
                Self::Live(changes) => {
                    return changes.next().await.map_or(Next::Missed, Next::Change);
                }
                Self::CatchUp(items) => match items.recv().await {
                    Some(CatchUp::Event(response)) => return Next::Response(response),
                    Some(CatchUp::CaughtUp(changes)) => *self = Self::Live(changes),
                    Some(CatchUp::Failed(status)) => return Next::Failed(status),
                    // The client was too slow.
                    None => return Next::Missed,
                },
                Self::Own(feed) => {
                    return match feed.message().await {
                        Ok(Some(response)) => Next::Response(response),
                        Ok(None) => Next::End,
                        Err(status) => Next::Failed(status),
                    };
                }
            }
        }
    }
}

fn to_event(response: &WatchChangesResponse) -> Event {
    let cursor = &response.cursor;
    match &response.event {
        Some(FeedEvent::Change(change)) => named("change", change, cursor),
        Some(FeedEvent::SnapshotItem(product)) => named("snapshot", product, cursor),
        Some(FeedEvent::SnapshotComplete(_)) => Event::new("snapshot-complete", "{}", cursor),
        Some(FeedEvent::Heartbeat(_)) | None => heartbeat(cursor),
    }
}

fn heartbeat(cursor: &str) -> Event {
    Event::comment("heartbeat", cursor)
}

fn named(name: &str, data: &impl Serialize, cursor: &str) -> Event {
    let data = serde_json::to_string(data).expect("messages of the contract serialize");
    Event::new(name, &data, cursor)
}

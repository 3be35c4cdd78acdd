//! Clients of the catalogue's streams for services: its change feed, `catalogue.v1.FeedService.WatchChanges`, and its
//! keys ([`follow_keys`]); and of its audit trail, for their events ([`AuditSender`]).
//!
//! A [`Feed`] connects, yields the events of the stream, and after an interruption reconnects with backoff and resumes
//! after the last event. It has no task: it reads only while it is polled, so that HTTP/2 flow control slows the
//! catalogue down to the pace of the reader.

mod audit;
mod connect;
mod interruption;
mod keys;

use std::{
    error::Error as _,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use backoff::Backoff;
use futures::{Stream, StreamExt as _, future::BoxFuture};
use proto::catalogue::v1::{
    WatchChangesRequest, WatchChangesResponse, feed_service_client::FeedServiceClient,
};
use tokio::time::{Sleep, sleep};
use tonic::{Status, Streaming};

pub use audit::AuditSender;
pub use connect::Connection;
pub use interruption::Interruption;
pub use keys::follow_keys;

/// Time without any event after which the stream counts as dead. The catalogue sends a heartbeat
/// every five seconds.
pub const SILENCE: Duration = Duration::from_secs(30);

/// Default delays before reconnecting.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(3));

/// The change feed: a stream without end.
///
/// An outage is logged once, when it begins, and so is its end, which is the first event received.
/// Reading is cancel-safe: dropping the future of [`Feed::next`] loses neither an event nor an
/// attempt to connect. Dropping the feed closes the stream.
pub struct Feed {
    connect: connect::Connect,
    /// Request of the next attempt; its cursor is that of the last event.
    request: WatchChangesRequest,
    backoff: Backoff,
    state: State,
    /// The delay before connecting; afterwards the silence timeout, from the first poll without an
    /// event. Created when it is needed, so that it belongs to the runtime of the reader.
    timer: Option<Pin<Box<Sleep>>>,
    health: Health,
}

enum State {
    Disconnected,
    Connecting(BoxFuture<'static, Result<Streaming<WatchChangesResponse>, Status>>),
    Open(Box<Streaming<WatchChangesResponse>>),
}

#[derive(PartialEq)]
enum Health {
    Unknown,
    Receiving,
    Interrupted,
}

/// An item of a [`Feed`].
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "items are not stored")]
pub enum FeedEvent {
    /// The stream is open. State that is read after this, together with the events that follow,
    /// misses no change.
    Connected,
    /// An event of the stream.
    Received(WatchChangesResponse),
    /// The stream is lost. The next read waits for the backoff and reconnects with the same cursor.
    Interrupted(Interruption),
}

impl Feed {
    /// Creates a feed, which connects when it is first read. It begins at the cursor of `request`,
    /// or without one where `request.start` says.
    pub fn new<C: Connection>(client: FeedServiceClient<C>, request: WatchChangesRequest) -> Self {
        Self {
            connect: connect::connector(client),
            request,
            backoff: BACKOFF,
            state: State::Disconnected,
            timer: None,
            health: Health::Unknown,
        }
    }

    /// Sets the delays before reconnecting. They start over when an event is received.
    #[must_use]
    pub fn with_backoff(self, backoff: Backoff) -> Self {
        Self { backoff, ..self }
    }

    /// Reads the next event.
    pub async fn next(&mut self) -> FeedEvent {
        poll_fn(|cx| self.poll_event(cx)).await
    }

    /// Forgets the cursor, which has expired: after the first delay the feed begins again where its
    /// request's `start` says.
    pub fn start_over(&mut self) {
        self.request.cursor.clear();
        self.backoff.reset();
        self.disconnect();
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<FeedEvent> {
        let event = match ready!(self.poll_stream(cx)) {
            Ok(Some(response)) => {
                self.on_received(&response);
                FeedEvent::Received(response)
            }
            Ok(None) => FeedEvent::Connected,
            Err(interruption) => {
                self.on_interrupted(&interruption);
                FeedEvent::Interrupted(interruption)
            }
        };
        Poll::Ready(event)
    }

    /// Polls for a response; returns `None` once when the stream opens.
    fn poll_stream(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<WatchChangesResponse>, Interruption>> {
        loop {
            let polled = match &mut self.state {
                State::Disconnected => {
                    if let Some(delay) = &mut self.timer {
                        ready!(delay.as_mut().poll(cx));
                    }
                    self.timer = None;
                    self.state = State::Connecting((self.connect)(self.request.clone()));
                    continue;
                }
                State::Connecting(connecting) => connecting.as_mut().poll(cx).map(|connected| {
                    self.state = State::Open(Box::new(connected?));
                    Ok(None)
                }),
                State::Open(stream) => stream.poll_next_unpin(cx).map(|read| match read {
                    Some(response) => Ok(Some(response?)),
                    None => Err(Interruption::Ended),
                }),
            };
            if polled.is_ready() {
                self.timer = None;
                return polled;
            }
            let silence = self.timer.get_or_insert_with(|| Box::pin(sleep(SILENCE)));
            ready!(silence.as_mut().poll(cx));
            return Poll::Ready(Err(Interruption::Silent));
        }
    }

    fn on_received(&mut self, response: &WatchChangesResponse) {
        if !response.cursor.is_empty() {
            self.request.cursor.clone_from(&response.cursor);
        }
        self.backoff.reset();
        if std::mem::replace(&mut self.health, Health::Receiving) != Health::Receiving {
            tracing::info!("receiving the change feed");
        }
    }

    fn on_interrupted(&mut self, interruption: &Interruption) {
        self.disconnect();
        if interruption.is_cursor_expired() {
            // Handled and logged by the reader.
            return;
        }
        let (reason, error) = (interruption.to_string(), interruption.source());
        if std::mem::replace(&mut self.health, Health::Interrupted) == Health::Interrupted {
            tracing::debug!(reason, error, "change feed interrupted; reconnecting");
        } else {
            tracing::warn!(reason, error, "change feed interrupted; reconnecting");
        }
    }

    fn disconnect(&mut self) {
        self.state = State::Disconnected;
        self.timer = Some(Box::pin(sleep(self.backoff.next_delay())));
    }
}

impl Stream for Feed {
    type Item = FeedEvent;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<FeedEvent>> {
        self.get_mut().poll_event(cx).map(Some)
    }
}

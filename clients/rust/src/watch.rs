//! Watches that connect again and resume.

use std::time::Duration;

use async_stream::try_stream;
use futures::{Stream, StreamExt as _};
use proto::catalogue::v1::{
    Change, Product, WatchAvailabilityRequest, WatchAvailabilityResponse, WatchChangesRequest,
    WatchChangesResponse, watch_changes_request::Start, watch_changes_response::Event,
};
use tokio::time::{sleep, timeout};
use tonic::{Status, Streaming};
use tonic_types::StatusExt as _;

use crate::{Client, Messages, pause};

const CHANGES: &str = "/catalogue.v1.FeedService/WatchChanges";
const AVAILABILITY: &str = "/catalogue.v1.StockService/WatchAvailability";

/// The catalogue sends a heartbeat every five seconds: silence for longer means that the connection is dead.
const SILENCE: Duration = Duration::from_secs(30);

/// One event of [`Client::follow_changes`].
#[derive(Debug, Clone, PartialEq)]
pub struct WatchEvent {
    /// Resumes after this event.
    pub cursor: String,
    /// The change.
    pub event: ChangeEvent,
}

/// A change in the catalogue.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "events are not stored")]
#[non_exhaustive]
pub enum ChangeEvent {
    /// A product as it is, before the changes.
    Snapshot(Product),
    /// There is no other product; changes follow.
    SnapshotComplete,
    /// A change.
    Change(Change),
    /// Changes were missed, as the cursor has expired: read again what you keep. Changes after this event follow.
    Resync,
}

impl Client {
    /// Every change, for ever: connects again and resumes after the last event.
    ///
    /// Without a cursor the products as they are come first, unless the request says [`Start::Now`].
    ///
    /// # Errors
    /// The stream ends with the error of a request that will fail whenever it is made.
    pub fn follow_changes(&self, mut request: WatchChangesRequest) -> Messages<WatchEvent> {
        let client = self.clone();
        try_stream! {
            let mut failures = 0;
            let mut missed = false;
            loop {
                let mut end = None;
                match client.open::<_, WatchChangesResponse>(CHANGES, request.clone()).await {
                    Ok(stream) => {
                        if std::mem::take(&mut missed) {
                            yield WatchEvent {
                                cursor: String::new(),
                                event: ChangeEvent::Resync,
                            };
                        }
                        let mut events = Box::pin(until_silent(stream));
                        while let Some(received) = events.next().await {
                            match received {
                                Ok(received) => {
                                    failures = 0;
                                    request.cursor.clone_from(&received.cursor);
                                    if let Some(event) = to_event(received) {
                                        yield event;
                                    }
                                }
                                Err(status) => end = Some(status),
                            }
                        }
                    }
                    Err(status) => end = Some(status),
                }
                if let Some(status) = end {
                    if is_expired(&status) {
                        request.cursor.clear();
                        request.set_start(Start::Now);
                        missed = true;
                    } else if !pause::may_pass(&status) {
                        Err(status)?;
                    }
                }
                sleep(pause_after(&mut failures)).await;
            }
        }
        .boxed()
    }

    /// The stock of up to 200 products, now and whenever it changes, for ever. The first answer of each connection has all of
    /// them, and says `resync`.
    ///
    /// # Errors
    /// As [`Client::follow_changes`].
    pub fn follow_availability(
        &self,
        request: WatchAvailabilityRequest,
    ) -> Messages<WatchAvailabilityResponse> {
        let client = self.clone();
        try_stream! {
            let mut failures = 0;
            loop {
                let opened =
                    client.open::<_, WatchAvailabilityResponse>(AVAILABILITY, request.clone()).await;
                let mut end = opened.as_ref().err().cloned();
                if let Ok(stream) = opened {
                    let mut answers = Box::pin(until_silent(stream));
                    while let Some(answer) = answers.next().await {
                        match answer {
                            Ok(answer) => {
                                failures = 0;
                                yield answer;
                            }
                            Err(status) => end = Some(status),
                        }
                    }
                }
                if let Some(status) = end.filter(|status| !pause::may_pass(status)) {
                    Err(status)?;
                }
                sleep(pause_after(&mut failures)).await;
            }
        }
        .boxed()
    }
}

/// The messages of a stream until one is late.
fn until_silent<T: Send + 'static>(
    mut stream: Streaming<T>,
) -> impl Stream<Item = Result<T, Status>> + Send {
    async_stream::stream! {
        loop {
            match timeout(SILENCE, stream.message()).await {
                Ok(Ok(Some(message))) => yield Ok(message),
                Ok(Ok(None)) => break,
                Ok(Err(status)) => {
                    yield Err(status);
                    break;
                }
                Err(_) => {
                    yield Err(Status::deadline_exceeded("the watch is silent"));
                    break;
                }
            }
        }
    }
}

fn pause_after(failures: &mut u32) -> Duration {
    let pause = pause::before_retry(&Status::unavailable(""), *failures);
    *failures += 1;
    pause.unwrap_or_default()
}

fn is_expired(status: &Status) -> bool {
    status.get_details_error_info().is_some_and(|info| info.reason == "CURSOR_EXPIRED")
}

/// The event; `None` for a heartbeat.
fn to_event(received: WatchChangesResponse) -> Option<WatchEvent> {
    let event = match received.event? {
        Event::SnapshotItem(product) => ChangeEvent::Snapshot(product),
        Event::SnapshotComplete(_) => ChangeEvent::SnapshotComplete,
        Event::Change(change) => ChangeEvent::Change(change),
        Event::Heartbeat(_) => return None,
    };
    Some(WatchEvent { cursor: received.cursor, event })
}

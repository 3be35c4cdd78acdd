//! Server-sent events (WHATWG HTML, section 9.2). An idle stream sends a comment every 15 s ([`HEARTBEAT`]).

mod event;

use std::{convert::Infallible, pin::pin, time::Duration};

use async_stream::stream;
use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use backoff::jitter;
use futures::{Stream, StreamExt as _};
use http::header;
use tokio::time::timeout;

pub(crate) use event::Event;

use crate::{problem::Problem, request_id::RequestId};

/// The content type of event streams.
pub(crate) const CONTENT_TYPE: &str = "text/event-stream";
/// Maximum delay before a client reconnects after losing its connection. Each client is given
/// another one, from a fifth of it on: after a restart they do not all return together.
const RETRY: Duration = Duration::from_secs(5);
/// Interval of comments on an idle stream, so that no proxy closes the connection as dead.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(15);

/// The last event of a stream that fails, without an id.
pub(crate) fn problem_event(problem: &Problem, id: &RequestId) -> Event {
    Event::new("problem", &String::from_utf8_lossy(&problem.to_json(id)), "")
}

/// The response with these events.
pub(crate) fn respond(events: impl Stream<Item = Event> + Send + 'static) -> Response {
    let events = stream! {
        yield Event::retry(jitter(RETRY, 0.8));
        let mut events = pin!(events);
        loop {
            match timeout(HEARTBEAT, events.next()).await {
                Ok(Some(event)) => yield event,
                Ok(None) => break,
                Err(_) => yield Event::comment("", ""),
            }
        }
    };
    let body = Body::from_stream(events.map(|event| Ok::<_, Infallible>(event.into_bytes())));
    let headers = [(header::CONTENT_TYPE, CONTENT_TYPE), (header::CACHE_CONTROL, "no-cache")];
    (headers, body).into_response()
}

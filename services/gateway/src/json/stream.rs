//! The responses of streaming methods: lines of JSON, or server-sent events for clients that accept those.

use async_stream::stream;
use axum::response::Response;
use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use http::{HeaderMap, header, request::Parts};
use tonic::{Status, Streaming};

use super::{body, ndjson};
use crate::{
    contract::Message,
    event_stream::{self, Event, problem_event},
    problem::Problem,
    request_id::RequestId,
};

/// Responds with messages of this type.
pub(super) fn respond(messages: Streaming<Bytes>, of: Message, head: &Parts) -> Response {
    if !accepts_events(&head.headers) {
        return ndjson::lines(messages, of);
    }
    let id = head.extensions.get().cloned();
    let id = id.unwrap_or_else(|| RequestId::of(&head.headers));
    event_stream::respond(events(messages, of, id))
}

fn accepts_events(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|it| it.to_str().ok());
    accepted.flat_map(|it| it.split(',')).any(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case(event_stream::CONTENT_TYPE)
    })
}

/// An event for each message, and one that says how the stream ended: browsers would read it again.
fn events(
    mut messages: Streaming<Bytes>,
    of: Message,
    id: RequestId,
) -> impl Stream<Item = Event> + Send {
    stream! {
        while let Some(message) = messages.next().await {
            match event(message, of) {
                Ok(event) => yield event,
                Err(problem) => {
                    yield problem_event(&problem, &id);
                    return;
                }
            }
        }
        yield Event::new("end", "{}", "");
    }
}

fn event(message: Result<Bytes, Status>, of: Message) -> Result<Event, Problem> {
    Ok(Event::new("message", &text(message, of)?, ""))
}

/// The JSON of a message of a stream.
pub(super) fn text(message: Result<Bytes, Status>, of: Message) -> Result<String, Problem> {
    let mut json = Vec::new();
    of.append(&message?, &mut json).map_err(body::not_transcodable)?;
    Ok(String::from_utf8_lossy(&json).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_for_those_who_accept_them() {
        for (accept, expected) in [
            ("text/event-stream", true),
            ("application/json, Text/Event-Stream;q=0.5", true),
            ("application/x-ndjson", false),
            ("*/*", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT, accept.parse().unwrap())]);
            assert_eq!(accepts_events(&headers), expected, "{accept}");
        }
        assert!(!accepts_events(&HeaderMap::new()));
    }
}

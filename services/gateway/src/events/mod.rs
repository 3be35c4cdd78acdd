//! Server-sent events (WHATWG HTML, section 9.2): changing stock, and the change feed. An idle stream
//! sends a comment every 15 s ([`HEARTBEAT`]).

mod availability;
mod catch_up;
mod change_events;
mod changes;
mod event;
mod product_ids;
mod sent_stock;

use std::{convert::Infallible, pin::pin, time::Duration};

use async_stream::stream;
use axum::{
    Router,
    body::Body,
    response::{IntoResponse as _, Response},
    routing::{MethodRouter, get},
};
use backoff::jitter;
use contract::Class;
use futures::{Stream, StreamExt as _};
use http::{HeaderValue, Method, StatusCode, header};
use tokio::{sync::OwnedSemaphorePermit, time::timeout};

pub(crate) use event::Event;

use crate::{live::LiveStock, problem::Problem, request_id::RequestId, state::AppState};

/// Maximum delay before a client reconnects after losing its connection. Each client is given
/// another one, from a fifth of it on: after a restart they do not all return together.
const RETRY: Duration = Duration::from_secs(5);
/// Interval of comments on an idle stream, so that no proxy closes the connection as dead.
const HEARTBEAT: Duration = Duration::from_secs(15);

pub(crate) fn router() -> Router<AppState> {
    routes().into_iter().fold(Router::new(), |router, (path, route)| router.route(path, route))
}

pub(crate) fn routes() -> [(&'static str, MethodRouter<AppState>); 2] {
    [("/v1/availability", get(availability::availability)), ("/v1/changes", get(changes::changes))]
}

/// The routes with their methods and classes of cost.
pub(crate) fn classes() -> impl Iterator<Item = (String, Method, Class)> {
    routes().into_iter().map(|(path, _)| (path.to_owned(), Method::GET, Class::Stream))
}

/// A permit for one more stream, or 503.
pub(crate) fn acquire_stream(live: &LiveStock) -> Result<OwnedSemaphorePermit, Problem> {
    live.try_open_stream().ok_or_else(|| {
        let detail = "as many event streams are open as this gateway allows";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "TOO_MANY_STREAMS", detail)
            .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
    })
}

/// The last event of a stream that fails, with the id to resume from.
fn problem(status: tonic::Status, id: &RequestId, cursor: &str) -> Event {
    let problem = Problem::from(status).to_json(id);
    Event::new("problem", &String::from_utf8_lossy(&problem), cursor)
}

/// The last event of a stream that fails, without an id.
pub(crate) fn problem_event(problem: &Problem, id: &RequestId) -> Event {
    Event::new("problem", &String::from_utf8_lossy(&problem.to_json(id)), "")
}

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
    let headers =
        [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-cache")];
    (headers, body).into_response()
}

//! Server-sent events (WHATWG HTML, section 9.2): changing stock, and the change feed. An idle stream
//! sends a comment every 15 s ([`HEARTBEAT`]).

mod availability;
mod catch_up;
mod change_events;
mod changes;
mod product_ids;
mod sent_stock;

use std::{convert::Infallible, time::Duration};

use axum::{
    Router,
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::{MethodRouter, get},
};
use backoff::jitter;
use futures::{Stream, StreamExt as _};
use http::{HeaderValue, StatusCode, header};
use tokio::sync::OwnedSemaphorePermit;

use crate::{live::LiveStock, problem::Problem, request_id::RequestId, state::AppState};

/// The longest time after which a client reconnects when the connection is lost. Each client is given
/// another one, from a fifth of it on: after a restart they do not all return at once.
const RETRY: Duration = Duration::from_secs(5);
/// Interval of comments on an idle stream, so that no proxy closes the connection as dead.
const HEARTBEAT: Duration = Duration::from_secs(15);

pub(crate) fn router() -> Router<AppState> {
    routes().into_iter().fold(Router::new(), |router, (path, route)| router.route(path, route))
}

pub(crate) fn routes() -> [(&'static str, MethodRouter<AppState>); 2] {
    [("/v1/availability", get(availability::availability)), ("/v1/changes", get(changes::changes))]
}

/// A permit for one more stream, or 503.
fn acquire_stream(live: &LiveStock) -> Result<OwnedSemaphorePermit, Problem> {
    live.try_open_stream().ok_or_else(|| {
        let detail = "as many event streams are open as this gateway allows";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "TOO_MANY_STREAMS", detail)
            .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
    })
}

/// The last event of a stream that fails.
fn problem(status: tonic::Status, id: &RequestId) -> Event {
    let problem = Problem::from(status).to_json(id);
    Event::default().event("problem").data(String::from_utf8_lossy(&problem))
}

fn respond(events: impl Stream<Item = Event> + Send + 'static) -> Response {
    let first = futures::stream::iter([Event::default().retry(jitter(RETRY, 0.8))]);
    let events = first.chain(events).map(Ok::<_, Infallible>);
    Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response()
}

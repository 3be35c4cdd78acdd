//! Server-sent events (WHATWG HTML, section 9.2): stock and changes, as they happen.

mod availability;
mod changes;
mod shown;

pub(crate) use availability::availability;
pub(crate) use changes::changes;

use std::{convert::Infallible, time::Duration};

use axum::response::{
    IntoResponse as _, Response,
    sse::{Event, KeepAlive, Sse},
};
use futures::Stream;
use http::{HeaderValue, StatusCode, header};
use tokio::sync::OwnedSemaphorePermit;

use crate::{live::LiveStock, problem::Problem, request_id::RequestId};

/// How soon a reader connects again after a cut.
const RETRY: Duration = Duration::from_secs(1);
/// A quiet stream says something this often, so that nobody on the way takes it for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Room for one more stream.
fn open(live: &LiveStock) -> Result<OwnedSemaphorePermit, Problem> {
    live.try_open_stream().ok_or_else(|| {
        let detail = "as many event streams are open as this gateway takes";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "TOO_MANY_STREAMS", detail)
            .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
    })
}

/// The last event of a stream that cannot go on, and why.
fn problem(status: tonic::Status, id: &RequestId) -> Event {
    let problem = Problem::from(status).to_json(id);
    Event::default().event("problem").data(String::from_utf8_lossy(&problem))
}

fn respond(events: impl Stream<Item = Event> + Send + 'static) -> Response {
    use futures::StreamExt as _;
    let first = futures::stream::iter([Event::default().retry(RETRY)]);
    let events = first.chain(events).map(Ok::<_, Infallible>);
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

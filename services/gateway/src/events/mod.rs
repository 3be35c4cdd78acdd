//! Streams of server-sent events that resume: changing stock, and the change feed.

mod availability;
mod catch_up;
mod change_events;
mod changes;
mod product_ids;
mod sent_stock;

use axum::{
    Router,
    routing::{MethodRouter, get},
};
use contract::Class;
use http::{HeaderValue, Method, StatusCode, header};
use tokio::sync::OwnedSemaphorePermit;

pub(crate) use crate::event_stream::{Event, problem_event, respond};

use crate::{
    event_stream::HEARTBEAT, live::LiveStock, problem::Problem, request_id::RequestId,
    state::AppState,
};

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

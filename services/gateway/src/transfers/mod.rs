//! Files over HTTP: `POST /v1/imports`, what becomes of an import, and `GET /v1/exports`.

mod events;
mod exports;
mod post;
mod rejects;

pub(crate) use events::watch;
pub(crate) use rejects::rejected_rows;

use axum::{
    Router,
    routing::{MethodRouter, get, post},
};
use contract::Class;
use http::Method;

use crate::{contract as methods, problem::Problem, state::AppState};

/// The path that files are posted to.
pub(crate) const UPLOAD: &str = "/v1/imports";

/// Paths whose responses are streams.
pub(crate) const STREAMS: [&str; 3] =
    ["/v1/imports/{id}/events", "/v1/imports/{id}/rejects", "/v1/exports"];

/// The method whose response is that of imports.
const GET: &str = "/catalogue.v1.TransferService/GetImport";

/// The routes besides those of the contract's methods.
pub(crate) fn router() -> Router<AppState> {
    routes()
        .into_iter()
        .fold(Router::new(), |router, (path, _, _, route)| router.route(path, route))
}

fn routes() -> [(&'static str, Method, Class, MethodRouter<AppState>); 4] {
    [
        (UPLOAD, Method::POST, Class::Bulk, post(post::post)),
        (STREAMS[0], Method::GET, Class::Stream, get(events::events)),
        (STREAMS[1], Method::GET, Class::Bulk, get(rejects::rejects)),
        (STREAMS[2], Method::GET, Class::Bulk, get(exports::export)),
    ]
}

/// The routes with their methods and classes of cost.
pub(crate) fn classes() -> impl Iterator<Item = (String, Method, Class)> {
    routes().into_iter().map(|(path, method, class, _)| (path.to_owned(), method, class))
}

/// The JSON of an encoded import.
fn to_json(import: &[u8]) -> Result<Vec<u8>, Problem> {
    let output = methods::method(GET).expect("the contract has it").output;
    let mut text = Vec::new();
    output.append(import, &mut text).map_err(|error| {
        let error = anyhow::Error::from(error);
        Problem::internal(format!("transcoding an import to JSON failed: {error:#}"))
    })?;
    Ok(text)
}

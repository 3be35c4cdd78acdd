//! Files over HTTP: `POST /v1/imports`, what becomes of an import, and `GET /v1/exports`.

mod events;
mod exports;
mod post;
mod rejects;
mod uploads;

pub(crate) use events::watch;
pub(crate) use post::submission;
pub(crate) use rejects::rejected_rows;
pub(crate) use uploads::{append, begun, cancel, progress};

use axum::{
    Router,
    response::{IntoResponse as _, Response},
    routing::{MethodRouter, delete, get, head, patch, post},
};
use contract::Class;
use http::{HeaderValue, Method, StatusCode, header};
use prost::Message as _;
use proto::catalogue::v1::Import;

use crate::{contract as methods, problem::Problem, state::AppState};

/// The path that files are posted to.
pub(crate) const UPLOAD: &str = "/v1/imports";
/// The path of files that are sent in pieces, without their ids.
const UPLOADS: &str = "/v1/uploads";
/// The path that pieces are sent to.
pub(crate) const PIECES: &str = "/v1/uploads/{id}";

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

fn routes() -> [(&'static str, Method, Class, MethodRouter<AppState>); 7] {
    [
        (UPLOAD, Method::POST, Class::Bulk, post(post::post)),
        (STREAMS[0], Method::GET, Class::Stream, get(events::events)),
        (STREAMS[1], Method::GET, Class::Bulk, get(rejects::rejects)),
        (STREAMS[2], Method::GET, Class::Bulk, get(exports::export)),
        (PIECES, Method::HEAD, Class::Read, head(uploads::head)),
        (PIECES, Method::PATCH, Class::Write, patch(uploads::patch)),
        (PIECES, Method::DELETE, Class::Write, delete(uploads::delete)),
    ]
}

/// The routes with their methods and classes of cost.
pub(crate) fn classes() -> impl Iterator<Item = (String, Method, Class)> {
    routes().into_iter().map(|(path, method, class, _)| (path.to_owned(), method, class))
}

/// 202 with a new import, 200 with one that the same request has begun before.
fn respond(import: &Import, is_new: bool) -> Result<Response, Problem> {
    let status = if is_new { StatusCode::ACCEPTED } else { StatusCode::OK };
    let location = HeaderValue::from_str(&format!("{UPLOAD}/{}", import.id)).ok();
    let body = to_json(&import.encode_to_vec())?;
    let mut response = (status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
    if let Some(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
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

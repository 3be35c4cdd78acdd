//! `/docs`: the guide, the reference of the JSON API, and the catalogue of errors. All is written as Markdown,
//! by hand or from the OpenAPI document and the table of reasons, and rendered here: no script, nothing foreign.

mod errors;
mod markdown;
mod reference;

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use http::Uri;

use super::{Layout, locale::Locale};
use crate::{problem::Problem, state::AppState};
use reference::Reference;

/// The guide. `testkit/tests/system/clients.rs` runs its code.
const GUIDE: &str = include_str!("../../../guide.md");

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/docs", get(async || page("Guide", "/docs", GUIDE)))
        .route("/docs/reference", get(index))
        .route("/docs/reference/{operation}", get(operation))
        .route("/docs/schemas/{name}", get(schema))
        .route("/docs/errors", get(async || page("Errors", "/docs/errors", &errors::index())))
        .route("/docs/errors/{reason}", get(error))
}

async fn index(State(reference): State<Reference>) -> Result<Response, Problem> {
    page("Reference", "/docs/reference", &reference.index())
}

async fn operation(
    State(reference): State<Reference>,
    uri: Uri,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    of(&id, uri.path(), reference.operation(&id))
}

async fn schema(
    State(reference): State<Reference>,
    uri: Uri,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    of(&name, uri.path(), reference.schema(&name))
}

async fn error(uri: Uri, Path(reason): Path<String>) -> Result<Response, Problem> {
    of(&reason, uri.path(), errors::page(&reason))
}

fn of(title: &str, path: &str, text: Option<String>) -> Result<Response, Problem> {
    page(title, path, &text.ok_or_else(|| Problem::no_such_route(path))?)
}

#[derive(Template)]
#[template(path = "docs.html")]
struct Page {
    layout: Layout,
    body: String,
}

fn page(title: &str, path: &str, text: &str) -> Result<Response, Problem> {
    let layout = Layout {
        title: title.to_owned(),
        description: format!("{title}: documentation of the product catalogue's API."),
        canonical: path.to_owned(),
        // The documentation is in English.
        ..Layout::new(Locale::English, path.to_owned())
    };
    super::html(&Page { layout, body: markdown::html(text) })
}

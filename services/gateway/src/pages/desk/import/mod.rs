//! Imports at the desk: a file, the map that is guessed for it, a dry run, the import, and the way back. Over the same
//! operation as `POST /v1/imports`.

mod start;
mod undo;
mod upload;
mod view;

use axum::{
    Extension, Router,
    body::Body,
    extract::{Path, State},
    response::Response,
    routing::{get, head, post},
};
use http::HeaderMap;
use proto::catalogue::v1::{CancelImportRequest, GetImportRequest, Import};

use super::{
    super::{Locale, links},
    IMPORT, html, see_other,
    session::{Desk, Submitted},
};
use crate::{
    imports::{Submission, accept},
    problem::Problem,
    request_id::RequestId,
    state::AppState,
    transfers,
};
use view::{Form, Page};

/// Pages whose responses are streams, or take as long as an import.
pub(crate) const STREAMS: [&str; 3] =
    ["/admin/import/{id}/events", "/admin/import/{id}/rejects", "/admin/import/{id}/undo"];

/// The path that pieces of a file are sent to.
pub(crate) const PIECES: &str = "/admin/uploads/{id}";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(IMPORT, get(start::page).post(start::submit))
        .route("/admin/import/{id}", get(page).post(again))
        .route("/admin/import/{id}/cancel", post(cancel))
        .route(PIECES, head(upload::progress).patch(upload::append).delete(upload::cancel))
        .route(STREAMS[0], get(events))
        .route(STREAMS[1], get(rejects))
        .route(STREAMS[2], get(undo::preview).post(undo::undo))
}

fn href(id: &str) -> String {
    format!("{IMPORT}/{}", links::encode(id))
}

/// `GET /admin/import/{id}`.
async fn page(desk: Desk, locale: Locale, Path(id): Path<String>) -> Result<Response, Problem> {
    let import = read(&desk, &id).await?;
    let form = Form::of(&import);
    html(&Page::new(&import, desk.token, locale, form))
}

/// `POST /admin/import/{id}`: imports its file again, as the form says.
async fn again(
    State(state): State<AppState>,
    locale: Locale,
    Path(id): Path<String>,
    form: Submitted,
) -> Result<Response, Problem> {
    let field = |name: &'static str| (name, form.field(name).to_owned());
    let fields = Form::NAMES.map(field);
    let desk = form.desk;
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let parameters = [&fields[..], &[("fileOf", id.as_str())]].concat();
    let begun = match Submission::new(HeaderMap::new(), Body::empty(), &parameters, None) {
        Ok(submission) => accept(&state.imports, desk.upstreams.clone(), submission).await,
        Err(problem) => Err(problem),
    };
    match begun {
        Ok((import, _)) => Ok(see_other(&href(&import.id))),
        Err(problem) if problem.status.is_client_error() => {
            let import = read(&desk, &id).await?;
            let page = Page::new(&import, desk.token, locale, Some(Form::submitted(&fields)));
            html(&page.refused(problem.detail))
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /admin/import/{id}/cancel`.
async fn cancel(Path(id): Path<String>, form: Submitted) -> Result<Response, Problem> {
    let request = CancelImportRequest { import_id: id.clone() };
    form.desk.upstreams.transfers().cancel_import(request).await?;
    Ok(see_other(&href(&id)))
}

/// `GET /admin/import/{id}/events`: for the page's script.
async fn events(
    State(state): State<AppState>,
    Extension(request): Extension<RequestId>,
    Path(id): Path<String>,
    desk: Desk,
) -> Result<Response, Problem> {
    transfers::watch(state, request, id, desk.upstreams).await
}

/// `GET /admin/import/{id}/rejects`.
async fn rejects(
    State(state): State<AppState>,
    Path(id): Path<String>,
    desk: Desk,
) -> Result<Response, Problem> {
    transfers::rejected_rows(&state.imports, &id, &desk.upstreams).await
}

async fn read(desk: &Desk, id: &str) -> Result<Import, Problem> {
    let request = GetImportRequest { import_id: id.to_owned() };
    Ok(desk.upstreams.transfers().get_import(request).await?.into_inner())
}

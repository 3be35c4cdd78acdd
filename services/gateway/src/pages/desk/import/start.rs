//! The first step: a file, and the latest imports.

use askama::Template;
use axum::{
    extract::{Request, State},
    response::Response,
};
use proto::catalogue::v1::{Import, ListImportsRequest};

use super::{
    super::{
        super::{Locale, text},
        Frame, form_token, history, html, see_other,
        session::Desk,
        words::{Messages, words},
    },
    href, upload, view,
};
use crate::{
    imports::{Submission, accept, is_upload},
    problem::Problem,
    state::AppState,
};

/// Number of imports that are listed.
const SHOWN: i32 = 20;

#[derive(Template)]
#[template(path = "desk/imports.html")]
struct Page {
    frame: Frame,
    words: &'static Messages,
    /// Why the file was not taken; may be empty.
    error: String,
    imports: Vec<Row>,
}

struct Row {
    href: String,
    name: String,
    time: String,
    actor: String,
    state: &'static str,
    rows: String,
}

/// `GET /admin/import`.
pub(super) async fn page(desk: Desk, locale: Locale) -> Result<Response, Problem> {
    render(desk, locale, String::new()).await
}

/// `POST /admin/import`: takes a file, and guesses a map for it.
pub(super) async fn submit(
    State(state): State<AppState>,
    locale: Locale,
    desk: Desk,
    request: Request,
) -> Result<Response, Problem> {
    let (head, body) = request.into_parts();
    if is_upload(&head.headers) {
        return upload::begin(&state, desk, head, body).await;
    }
    let is_valid = |token: &str| form_token::is_valid(&desk.cookie, token);
    let submission = Submission::of_form(head.headers, body, &is_valid);
    let upstreams = desk.upstreams.clone();
    let accepted = accept(&state.imports, upstreams, submission).await;
    match accepted {
        Ok((import, _)) => Ok(see_other(&href(&import.id))),
        Err(problem) if problem.reason == "FORM_TOKEN_INVALID" => Err(problem),
        Err(problem) if problem.status.is_client_error() => {
            render(desk, locale, problem.detail).await
        }
        Err(problem) => Err(problem),
    }
}

async fn render(desk: Desk, locale: Locale, error: String) -> Result<Response, Problem> {
    let request = ListImportsRequest { page_size: SHOWN, ..Default::default() };
    let listed = desk.upstreams.transfers().list_imports(request).await?.into_inner();
    let words = words(locale);
    let imports = listed.imports.iter().map(|import| row(import, words)).collect();
    let frame = Frame { locale, ..Frame::new(words.import, desk.token) };
    html(&Page { frame, words, error, imports })
}

fn row(import: &Import, words: &'static Messages) -> Row {
    let report = import.report.as_ref();
    let name = report.map(|report| text::plain(&report.file_name)).filter(|name| !name.is_empty());
    Row {
        href: href(&import.id),
        name: name.unwrap_or_else(|| import.id.clone()),
        time: import.create_time.as_ref().map(history::time).unwrap_or_default(),
        actor: text::plain(&import.actor),
        state: view::state(import, words),
        rows: report.map(|report| report.rows.to_string()).unwrap_or_default(),
    }
}

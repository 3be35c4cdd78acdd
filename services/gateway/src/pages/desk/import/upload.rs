//! A large file that the page's script sends in pieces. Without it, the form has the whole file.

use axum::{
    body::Body,
    extract::{Path, Request, State},
    response::Response,
};
use http::{HeaderMap, request::Parts};

use super::super::{form_token, session::Desk};
use crate::{
    imports::{begin_upload, no_token},
    problem::Problem,
    state::AppState,
    transfers,
};

/// The header with the token of the page's form.
const TOKEN: &str = "x-form-token";

/// Begins an upload, with the fields of the form as parameters.
pub(super) async fn begin(
    state: &AppState,
    desk: Desk,
    head: Parts,
    body: Body,
) -> Result<Response, Problem> {
    check_token(&desk, &head.headers)?;
    let submission = transfers::submission(head, body, None)?;
    let appended = begin_upload(&state.imports, desk.upstreams, submission).await?;
    transfers::begun(appended, "/admin/uploads")
}

/// `HEAD /admin/uploads/{id}`.
pub(super) async fn progress(
    State(state): State<AppState>,
    Path(id): Path<String>,
    desk: Desk,
) -> Result<Response, Problem> {
    transfers::progress(&state.imports, &desk.upstreams, &id).await
}

/// `PATCH /admin/uploads/{id}`.
pub(super) async fn append(
    State(state): State<AppState>,
    Path(id): Path<String>,
    desk: Desk,
    request: Request,
) -> Result<Response, Problem> {
    check_token(&desk, request.headers())?;
    transfers::append(&state.imports, desk.upstreams, &id, request).await
}

/// `DELETE /admin/uploads/{id}`.
pub(super) async fn cancel(
    State(state): State<AppState>,
    Path(id): Path<String>,
    desk: Desk,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    check_token(&desk, &headers)?;
    transfers::cancel(&state.imports, &desk.upstreams, &id).await
}

fn check_token(desk: &Desk, headers: &HeaderMap) -> Result<(), Problem> {
    let token = headers.get(TOKEN).and_then(|token| token.to_str().ok()).unwrap_or_default();
    match form_token::is_valid(&desk.cookie, token) {
        true => Ok(()),
        false => Err(no_token()),
    }
}

//! Undoing an import: first what it would do, then the result.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::catalogue::v1::{UndoImportRequest, UndoImportResponse};

use super::{
    super::{
        super::{Locale, text},
        Frame, html,
        session::{Desk, Submitted},
        words::{Messages, words},
    },
    href,
};
use crate::problem::Problem;

/// Number of conflicts that are shown.
const SHOWN: usize = 20;

#[derive(Template)]
#[template(path = "desk/import_undo.html")]
struct Page {
    frame: Frame,
    words: &'static Messages,
    href: String,
    is_done: bool,
    deleted: i64,
    restored: i64,
    conflicted: i64,
    /// The products of conflicts with their messages: the first ones.
    conflicts: Vec<(String, String)>,
}

/// `GET /admin/import/{id}/undo`: what undoing it would do.
pub(super) async fn preview(
    desk: Desk,
    locale: Locale,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    run(desk, locale, id, true).await
}

/// `POST /admin/import/{id}/undo`.
pub(super) async fn undo(
    locale: Locale,
    Path(id): Path<String>,
    form: Submitted,
) -> Result<Response, Problem> {
    run(form.desk, locale, id, false).await
}

async fn run(
    desk: Desk,
    locale: Locale,
    id: String,
    validate_only: bool,
) -> Result<Response, Problem> {
    let href = href(&id);
    let request = UndoImportRequest { import_id: id, validate_only };
    let mut responses = desk.upstreams.transfer().undo_import(request).await?.into_inner();
    let (mut last, mut conflicts) = (UndoImportResponse::default(), Vec::new());
    while let Some(mut response) = responses.message().await? {
        let room = SHOWN - conflicts.len();
        let found = response.conflicts.drain(..).take(room);
        conflicts.extend(found.map(|it| (it.product_id, text::plain(&it.message))));
        last = response;
    }
    let words = words(locale);
    let frame = Frame { locale, ..Frame::new(words.undo_title, desk.token) };
    html(&Page {
        frame,
        words,
        href,
        is_done: !validate_only,
        deleted: last.deleted,
        restored: last.restored,
        conflicted: last.conflicted,
        conflicts,
    })
}

//! The desk: pages for merchandisers, over the same calls and with the same rights as the public API.

mod cookie;
mod editor;
mod fields;
mod form_token;
mod form_words;
mod history;
mod import;
mod oidc;
mod products;
mod queries;
mod session;
mod sign_in;
mod words;

use askama::Template;
use axum::{
    Router,
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use http::{HeaderMap, HeaderValue, header};

use super::Locale;
use crate::{problem::Problem, state::AppState};

pub(crate) use self::import::{PIECES as IMPORT_PIECES, STREAMS as IMPORT_STREAMS};

/// The path that an identity provider sends people back to.
pub(crate) const SIGN_IN_CALLBACK: &str = "/admin/sign-in/callback";

/// The page that a file to import is posted to.
pub(crate) const IMPORT: &str = "/admin/import";

/// Every page of the desk, under `/admin`.
pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/admin", get(async || Redirect::to("/admin/products")))
        .route("/admin/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/admin/sign-in/oidc", get(oidc::begin))
        .route(SIGN_IN_CALLBACK, get(oidc::callback))
        .route("/admin/sign-in/done", get(sign_in::done))
        .route("/admin/sign-out", post(sign_in::sign_out))
        .route("/admin/products", get(products::page))
        .route("/admin/products/{id}", get(editor::page).post(editor::save))
        .route("/admin/products/{id}/stock", post(editor::adjust_stock))
        .route("/admin/products/{id}/history", get(history::page))
        .route("/admin/products/{id}/revert", post(history::revert))
        .merge(import::router())
        .route("/admin/search", get(queries::page))
        .route("/admin/search/synonyms", post(queries::put_synonym))
}

/// The credential of the session that a request's cookie names; `None` without one.
pub(super) fn credential(headers: &HeaderMap) -> Option<HeaderMap> {
    Some(cookie::SessionCookie::of(headers)?.credential())
}

/// A page that no cache keeps: it has a form's token, and data that only this caller may see.
fn html(template: &impl Template) -> Result<Response, Problem> {
    let mut response = super::html(template)?;
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, no_store);
    Ok(response)
}

/// The part that all pages of the desk share.
struct Frame {
    title: String,
    /// The form's token; empty before signing in.
    token: String,
    locale: Locale,
}

impl Frame {
    /// The frame of a page in English.
    fn new(title: impl Into<String>, token: String) -> Self {
        Self { title: title.into(), token, locale: Locale::English }
    }

    fn lang(&self) -> &'static str {
        self.locale.code()
    }

    fn words(&self) -> &'static words::Messages {
        words::words(self.locale)
    }

    fn asset(&self, name: &str) -> String {
        super::assets::url(name)
    }
}

/// See Other: a reload does not send the form again.
fn see_other(path: &str) -> Response {
    Redirect::to(path).into_response()
}

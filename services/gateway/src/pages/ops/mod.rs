//! `/ops`: the state of the deployment, for whoever is on call. A page that says its age, and that a script keeps
//! current by server-sent events.

mod board;
mod figures;
mod map;
mod rows;
mod stream;
mod texts;
mod viewer;
mod views;
mod words;

use askama::Template;
use axum::{
    Extension, Router, extract::State, middleware::from_fn, response::Response, routing::get,
};
use http::{HeaderValue, StatusCode, Uri, header};

use super::locale::{self, Locale};
use crate::{problem::Problem, state::AppState};
use texts::Messages;
use viewer::Viewer;
use views::{Rendered, Views};

/// The path of the event stream.
pub(crate) const OPS_EVENTS: &str = "/ops/events";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/ops", get(page))
        .route(OPS_EVENTS, get(stream::events))
        .layer(Extension(Views::default()))
        .layer(from_fn(locale::remember))
}

#[derive(Template)]
#[template(path = "ops/page.html")]
struct Page<'a> {
    locale: Locale,
    m: &'static Messages,
    rendered: &'a Rendered,
    /// The rows in the order that is asked for.
    rows: Vec<&'a str>,
    slowest_first: bool,
    newest: u64,
}

impl Page<'_> {
    fn asset(&self, name: &str) -> String {
        super::assets::url(name)
    }

    fn events_url(&self) -> String {
        format!("{OPS_EVENTS}?lang={}&after={}", self.locale.code(), self.newest)
    }
}

/// `GET /ops`.
async fn page(
    State(state): State<AppState>,
    Extension(views): Extension<Views>,
    _: Viewer,
    locale: Locale,
    uri: Uri,
) -> Result<Response, Problem> {
    let snapshot = state.ops.latest().await.ok_or_else(|| {
        let detail =
            "the state of the deployment could not be collected in time; load the page again";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "OPS_UNAVAILABLE", detail)
            .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
    })?;
    let rendered = views.of(&snapshot, locale)?;
    let slowest_first =
        uri.query().is_some_and(|query| query.split('&').any(|it| it == "sort=slowest"));
    let mut rows: Vec<_> = rendered.rows.iter().rev().collect();
    if slowest_first {
        rows.sort_by_key(|row| std::cmp::Reverse(row.elapsed));
    }
    let rows = rows.into_iter().map(|row| row.html.as_str()).collect();
    let m = texts_of(locale);
    let newest = rendered.newest();
    let page = Page { locale, m, rendered: &rendered, rows, slowest_first, newest };
    let mut response = super::html(&page)?;
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, no_store);
    Ok(response)
}

fn texts_of(locale: Locale) -> &'static Messages {
    match locale {
        Locale::English => &texts::ENGLISH,
        Locale::German => &texts::GERMAN,
    }
}

//! The storefront: pages rendered on the server. JavaScript adds only live updates.
//!
//! Product texts are untrusted: templates escape them, `text` removes characters that could reorder a
//! line, `links` drops unsafe URLs of pictures, and every page's content security policy forbids inline
//! scripts and styles.

mod assets;
mod card;
mod desk;
mod docs;
mod freshness;
mod links;
mod listing;
mod locale;
mod messages;
mod ops;
mod pictures;
mod problem;
mod product;
mod query;
mod stock_text;
mod text;
mod tree;
mod visibility;

pub(crate) use desk::{IMPORT, IMPORT_PIECES, IMPORT_STREAMS, SIGN_IN_CALLBACK};
pub(crate) use links::product as product_path;
pub(crate) use ops::OPS_EVENTS;
pub(crate) use text::plain as plain_text;

use askama::Template;
use axum::{
    Extension, Router,
    middleware::from_fn,
    response::{IntoResponse as _, Response},
    routing::get,
};
use contract::Class;
use http::{HeaderMap, HeaderValue, Method, header};
use serde_json::json;

pub(crate) use locale::Locale;

use freshness::Freshness;
use messages::Messages;

use crate::{problem::Problem, request_id::RequestId, state::AppState};

/// Allows scripts and styles of this host, and pictures of any host.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: http:; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// Every page, under paths other than `/v1/` and `/media/`.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(listing::page))
        .route("/fragments/results", get(listing::fragment))
        .route("/p/{id}", get(product::page))
        .layer(Extension(tree::TreeCache::default()))
        .layer(from_fn(locale::remember))
        .merge(desk::router())
        .merge(ops::router())
        .merge(assets::router())
        .merge(docs::router())
}

/// The routes with their methods and classes of cost.
pub(crate) fn classes() -> impl Iterator<Item = (String, Method, Class)> {
    let routes =
        [("/", Class::Search), ("/fragments/results", Class::Search), ("/p/{id}", Class::Read)];
    routes.into_iter().map(|(path, class)| (path.to_owned(), Method::GET, class))
}

/// The page of a problem; `None` if it cannot be rendered. The caller sets its status and headers.
pub(crate) fn problem_page(problem: &Problem, id: &RequestId, locale: Locale) -> Option<Response> {
    html(&problem::Page::new(problem, id, locale)).ok()
}

/// The value of a cookie.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
    let mut pairs = cookies.flat_map(|it| it.split(';')).filter_map(|it| it.split_once('='));
    pairs.find(|(known, _)| known.trim() == name).map(|(_, value)| value.trim())
}

/// [`html`] of products that are as current as this.
fn html_of(template: &impl Template, freshness: Freshness) -> Result<Response, Problem> {
    let mut response = html(template)?;
    response.headers_mut().insert(freshness::HEADER, freshness.header());
    Ok(response)
}

/// 200 with a page, or a part of one. Caches must revalidate: prices may change at any time.
fn html(template: &impl Template) -> Result<Response, Problem> {
    let html = template
        .render()
        .map_err(|error| Problem::internal(format!("rendering a page failed: {error}")))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    Ok((headers, html).into_response())
}

/// The parts that all pages share.
struct Layout {
    locale: Locale,
    m: &'static Messages,
    /// The document's title, without the site's name.
    title: String,
    description: String,
    /// The canonical path for search engines; empty: the page is not indexed.
    canonical: String,
    /// The text of the search box.
    query: String,
    /// The category of the search box; empty for all.
    category_id: String,
    /// The link to the page itself, in any language.
    href: String,
}

impl Layout {
    fn new(locale: Locale, href: String) -> Self {
        Self {
            locale,
            m: locale.messages(),
            title: String::new(),
            description: String::new(),
            canonical: String::new(),
            query: String::new(),
            category_id: String::new(),
            href,
        }
    }

    fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    fn other_language_href(&self) -> String {
        let separator = if self.href.contains('?') { '&' } else { '?' };
        format!("{}{separator}lang={}", self.href, self.locale.other().0.code())
    }

    /// The messages that scripts show, as JSON.
    fn script_texts(&self) -> String {
        let m = self.m;
        json!({
            "outOfStock": m.out_of_stock,
            "onlyLeft": m.only_left,
            "inStock": m.in_stock,
            "notSold": m.not_sold,
            "priceFrom": m.price_from_lowest,
            "noPrice": m.no_price,
            "live": m.live,
            "stale": m.live_stale,
            "searchFailed": m.search_failed,
            "unreachable": m.unreachable,
            "suggestions": m.suggestions,
            "site": m.site,
        })
        .to_string()
    }
}

/// The stock of a product or a variant on a page, with the ids that its live updates need.
struct Stock {
    product_id: String,
    /// The variant's; empty for the whole product.
    sku: String,
    /// The product's revision.
    revision: i64,
    quantity: i32,
    locale: Locale,
}

impl Stock {
    fn words(&self) -> String {
        stock_text::text(self.quantity, self.locale)
    }

    fn level(&self) -> &'static str {
        stock_text::level(self.quantity)
    }
}

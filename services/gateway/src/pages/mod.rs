//! The storefront: pages rendered here, that work without JavaScript but for what is live.
//!
//! Product texts are hostile until shown otherwise: templates escape them, `text` takes from them
//! what could reorder a line, `links` drops addresses that are not pictures, and the policy of
//! every page forbids what is inline.

mod assets;
mod links;
mod listing;
mod pictures;
mod problem;
mod product;
mod shelf;
mod text;
mod tree;

use askama::Template;
use axum::{
    Extension, Router,
    response::{IntoResponse as _, Response},
    routing::get,
};
use http::{HeaderValue, header};
use proto::catalogue::v1::Product;

use crate::{problem::Problem, request_id::RequestId, state::AppState};

/// Nothing but what a page needs: files from here, and pictures wherever products have theirs.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: http: data:; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// Every page, under paths other than `/v1/` and `/media/`.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(listing::page))
        .route("/fragments/results", get(listing::fragment))
        .route("/p/{id}", get(product::page))
        .layer(Extension(tree::Trees::default()))
        .merge(assets::router())
}

/// The page that tells a browser what went wrong; `None` leaves it to the JSON form. Its status,
/// request id and security headers are set by the caller.
pub(crate) fn problem_page(problem: &Problem, id: &RequestId) -> Option<Response> {
    html(&problem::Page::new(problem, id)).ok()
}

/// 200 with a page, or a part of one. Caches must ask again: a price may change at any moment.
fn html(template: &impl Template) -> Result<Response, Problem> {
    let html = template
        .render()
        .map_err(|error| Problem::internal(format!("a page cannot be rendered: {error}")))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    Ok((headers, html).into_response())
}

/// What stands around every page.
struct Layout {
    /// Of the window; the name of the place follows it.
    title: String,
    description: String,
    /// The path under which search engines shall know the page; empty: not at all.
    canonical: String,
    /// What is in the search box.
    query: String,
    /// Where the search box looks; empty: everywhere.
    category_id: String,
    /// A product to try things with; empty if the page has none.
    example_id: String,
}

impl Layout {
    fn asset(&self, name: &str) -> String {
        assets::url(name)
    }
}

/// The id of the first product whose stock goes by it; empty if all have variants.
fn example<'a>(products: impl IntoIterator<Item = &'a Product>) -> String {
    let mut plain = products.into_iter().filter(|product| product.variants.is_empty());
    plain.next().map(|product| product.id.clone()).unwrap_or_default()
}

/// A product's stock on a page, or one of its variants', with what the page needs to keep it live.
struct Stock {
    product_id: String,
    /// Which variant; empty for the whole product.
    sku: String,
    /// The product's.
    revision: i64,
    quantity: i32,
}

impl Stock {
    fn words(&self) -> String {
        text::stock(self.quantity)
    }

    fn level(&self) -> &'static str {
        text::stock_level(self.quantity)
    }
}

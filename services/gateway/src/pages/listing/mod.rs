//! The list of products: all, a category, or the results of a search, narrowed down by the chosen filters.

mod chips;
mod facets;
mod fetch;
mod pager;
mod results;

use askama::Template;
use axum::{Extension, response::Response};
use http::Uri;

use super::{
    Layout,
    freshness::Freshness,
    locale::Locale,
    messages::{Messages, fill},
    query::ListingQuery,
    tree::{Tree, TreeCache},
};
use crate::{problem::Problem, upstreams::Upstreams};
use fetch::{Detail, Listing};
use results::Results;

/// `GET /` with the parameters of [`ListingQuery`].
pub(super) async fn page(
    upstreams: Upstreams,
    Extension(trees): Extension<TreeCache>,
    locale: Locale,
    uri: Uri,
) -> Result<Response, Problem> {
    let query = ListingQuery::parse(&uri)?;
    let listing = fetch::listing(&upstreams, &query, Detail::AllFacets);
    let (listing, tree) = tokio::join!(listing, trees.get(&upstreams));
    let listing = listing?;
    let freshness = listing.freshness;
    super::html_of(&Page::new(&query, listing, &tree, locale)?, freshness)
}

/// `GET /fragments/results`, with the same parameters: the part of the page that depends on them.
pub(super) async fn fragment(
    upstreams: Upstreams,
    Extension(trees): Extension<TreeCache>,
    locale: Locale,
    uri: Uri,
) -> Result<Response, Problem> {
    let query = ListingQuery::parse(&uri)?;
    // Sent with each keystroke, so without the facets that take a second search.
    let listing = fetch::listing(&upstreams, &query, Detail::CommonFacets);
    let (listing, tree) = tokio::join!(listing, trees.get(&upstreams));
    let listing = listing?;
    let freshness = listing.freshness;
    let results = Results::new(&query, listing, &tree, locale)?;
    super::html_of(&Fragment { results, m: locale.messages() }, freshness)
}

#[derive(Template)]
#[template(path = "listing.html")]
struct Page {
    layout: Layout,
    results: Results,
    m: &'static Messages,
}

impl Page {
    fn new(
        query: &ListingQuery,
        listing: Listing,
        tree: &Tree,
        locale: Locale,
    ) -> Result<Self, Problem> {
        let is_fresh = listing.freshness == Freshness::Fresh;
        let results = Results::new(query, listing, tree, locale)?;
        let of_category = ListingQuery::of_category(&query.category_id);
        let is_canonical = *query == of_category && is_fresh;
        let layout = Layout {
            title: results.title.clone(),
            description: fill(locale.messages().list_description, &[&results.summary]),
            canonical: if is_canonical { of_category.href() } else { String::new() },
            query: query.search.clone(),
            category_id: query.category_id.clone(),
            ..Layout::new(locale, query.href())
        };
        Ok(Self { layout, results, m: locale.messages() })
    }
}

#[derive(Template)]
#[template(path = "results.html")]
struct Fragment {
    results: Results,
    m: &'static Messages,
}

#[cfg(test)]
mod tests;

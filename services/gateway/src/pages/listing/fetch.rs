//! Fetches a list: from the search service, which counts and sorts; while that is away, from the catalogue.

use proto::{
    catalogue::v1::{BrowseProductsRequest, Product, attribute::Value},
    search::v1::{Facet, Relaxation, SearchRequest, SearchResponse, UnderstoodSpan},
};
use rpc::status::reason;
use std::collections::HashMap;
use tonic::Status;

use super::super::{
    freshness::{Freshness, is_outage},
    query::{self, ListingQuery},
    visibility::{FOR_SALE, Visibility},
};
use crate::{problem::Problem, upstreams::Upstreams};

/// Divisible by the numbers of columns: two, three, four and six.
pub(super) const PAGE_SIZE: i32 = 24;
/// The results that pages reach, as the search service limits them.
pub(super) const MAX_RESULTS: i32 = 10_000;
/// The words of a search that the catalogue looks for in names.
const MAX_WORDS: usize = 8;
/// Maximum attributes with counts, beside the chosen ones.
const MAX_ATTRIBUTES: usize = 8;
/// The longest text of an attribute that is worth a choice, in bytes.
const MAX_VALUE: usize = 40;

const FACETS: [&str; 5] = ["category", "brand", "price", "currency", "stock"];

/// How much of a list is fetched.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    CommonFacets,
    /// Also the facets of the attributes that the list's products have.
    AllFacets,
}

/// One page of products.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) products: Vec<Product>,
    /// The number of products on all pages, if it is known.
    pub(super) total: Option<i32>,
    /// The catalogue's token of the next page; empty for a list of the search service.
    pub(super) next_page_token: String,
    pub(super) facets: Vec<Facet>,
    pub(super) understood: Vec<UnderstoodSpan>,
    pub(super) corrected: String,
    pub(super) dropped_words: Vec<String>,
    pub(super) freshness: Freshness,
}

/// Fetches the page of a list.
///
/// # Errors
/// The problem of the search service, or of the catalogue if both are away.
pub(super) async fn listing(
    upstreams: &Upstreams,
    query: &ListingQuery,
    detail: Detail,
) -> Result<Listing, Problem> {
    if !query.after.is_empty() {
        // The next page of a list that the catalogue began.
        return browse(upstreams, query).await;
    }
    match search(upstreams, query, detail).await {
        // The index knows only the categories that have products.
        Err(status) if reason(&status).as_deref() == Some("CATEGORY_NOT_FOUND") => {
            Ok(Listing { total: Some(0), ..Listing::default() })
        }
        Err(status) if is_outage(&status) => {
            browse(upstreams, query).await.map_err(|_| status.into())
        }
        result => Ok(result?),
    }
}

async fn search(
    upstreams: &Upstreams,
    query: &ListingQuery,
    detail: Detail,
) -> Result<Listing, Status> {
    let chosen = query.attribute_names().into_iter().map(query::attribute_field);
    let request = SearchRequest {
        query: query.search.clone(),
        page_size: PAGE_SIZE,
        skip: i32::try_from(query.page).unwrap_or(i32::MAX).saturating_mul(PAGE_SIZE),
        category_id: query.category_id.clone(),
        filter: query.conditions().join(" AND "),
        facets: FACETS.map(str::to_owned).into_iter().chain(chosen.take(MAX_ATTRIBUTES)).collect(),
        order_by: query.sort.order_by().to_owned(),
        as_words: query.as_words.clone(),
        ..SearchRequest::default()
    };
    let response = upstreams.search().search(request.clone()).await?.into_inner();
    let relaxed = response.relaxed();
    let SearchResponse { results, total_size, understood, corrected_query, lag, .. } = response;
    let products = results.into_iter().filter_map(|hit| hit.product);
    let products = products.filter(|product| Visibility::of(product) == Visibility::ForSale);
    let products: Vec<Product> = products.collect();
    let mut facets = response.facets;
    if detail == Detail::AllFacets {
        facets.extend(attribute_facets(upstreams, request, &products).await);
    }
    Ok(Listing {
        products,
        total: Some(total_size),
        next_page_token: String::new(),
        facets,
        understood,
        corrected: corrected_query,
        dropped_words: match relaxed {
            Relaxation::Words => response.dropped_words,
            _ => Vec::new(),
        },
        freshness: Freshness::of_lag(lag.as_ref()),
    })
}

/// The facets of the attributes that most products of the page have. None if they cannot be had: the list
/// is of use without.
async fn attribute_facets(
    upstreams: &Upstreams,
    request: SearchRequest,
    products: &[Product],
) -> Vec<Facet> {
    let names = frequent_attributes(products).into_iter().map(query::attribute_field);
    let facets: Vec<String> = names.filter(|name| !request.facets.contains(name)).collect();
    if facets.is_empty() {
        return Vec::new();
    }
    let request = SearchRequest { facets, page_size: 1, skip: 0, unlogged: true, ..request };
    let response = upstreams.search().search(request).await;
    response.map(|response| response.into_inner().facets).unwrap_or_default()
}

/// The attributes with short values that at least a quarter of the products have, the most frequent first.
fn frequent_attributes(products: &[Product]) -> Vec<&str> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for attribute in products.iter().flat_map(|product| &product.attributes) {
        let is_short = match &attribute.value {
            Some(Value::Text(text)) => text.len() <= MAX_VALUE,
            Some(Value::Number(_) | Value::Flag(_)) => true,
            None => false,
        };
        if is_short {
            *counts.entry(&attribute.name).or_default() += 1;
        }
    }
    let mut names: Vec<(&str, usize)> = counts.into_iter().collect();
    names.retain(|(_, count)| *count * 4 >= products.len() && *count > 1);
    names.sort_by(|(name, count), (other, others)| others.cmp(count).then(name.cmp(other)));
    names.into_iter().take(MAX_ATTRIBUTES).map(|(name, _)| name).collect()
}

/// The catalogue's list: products with the words of the search in their names, in the order of their ids.
async fn browse(upstreams: &Upstreams, query: &ListingQuery) -> Result<Listing, Problem> {
    let mut conditions = vec![FOR_SALE.to_owned()];
    let words = query.search.split_whitespace().take(MAX_WORDS);
    conditions.extend(words.map(|word| format!("name:{}", filter::quote(word))));
    conditions.extend(query.conditions());
    let request = BrowseProductsRequest {
        page_size: PAGE_SIZE,
        page_token: query.after.clone(),
        category_id: query.category_id.clone(),
        filter: conditions.join(" AND "),
        ..Default::default()
    };
    let response = upstreams.catalogue().browse_products(request).await?.into_inner();
    // The catalogue does not count the matches of a filter, but a single page has all of them.
    let count = i32::try_from(response.products.len()).unwrap_or(i32::MAX);
    let is_single_page = query.after.is_empty() && response.next_page_token.is_empty();
    Ok(Listing {
        products: response.products,
        next_page_token: response.next_page_token,
        total: is_single_page.then_some(count),
        freshness: Freshness::WithoutSearch,
        ..Listing::default()
    })
}

#[cfg(test)]
mod tests {
    use proto::catalogue::v1::Attribute;

    use super::*;

    #[test]
    fn attributes_that_many_products_have_are_counted() {
        let attribute = |name: &str, text: &str| Attribute {
            name: name.into(),
            value: Some(Value::Text(text.into())),
            ..Default::default()
        };
        let product = |attributes| Product { attributes, ..Default::default() };
        let long = "x".repeat(MAX_VALUE + 1);
        let mut products = vec![
            product(vec![attribute("colour", "red"), attribute("size", "M")]),
            product(vec![attribute("colour", "blue"), attribute("story", &long)]),
            product(vec![attribute("size", "L"), attribute("story", &long)]),
            product(vec![attribute("colour", "blue"), attribute("only", "one")]),
        ];
        assert_eq!(frequent_attributes(&products), ["colour", "size"]);
        products.resize(9, Product::default());
        assert_eq!(frequent_attributes(&products), ["colour"]);
    }
}

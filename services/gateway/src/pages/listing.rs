//! The list of products: all, those of a category, or the results of a search.

use askama::Template;
use axum::{Extension, extract::Query, response::Response};
use http::{StatusCode, Uri};
use proto::{
    catalogue::v1::{BrowseProductsRequest, Product},
    search::v1::{SearchRequest, SpanKind, UnderstoodSpan},
};

use super::{
    Layout, Stock, links, pictures, text,
    tree::{Menu, Tree, TreeCache},
    visibility::{FOR_SALE, Visibility},
};
use crate::{problem::Problem, upstreams::Upstreams};

/// Divisible by the numbers of columns: two, three, four and six.
const PAGE_SIZE: i32 = 24;

/// `GET /?q=&category=&page=&as=`.
pub(super) async fn page(
    upstreams: Upstreams,
    Extension(trees): Extension<TreeCache>,
    uri: Uri,
) -> Result<Response, Problem> {
    let query = ListingQuery::parse(&uri)?;
    let (results, tree) = tokio::join!(fetch(&upstreams, &query), trees.get(&upstreams));
    super::html(&Page::new(&query, results?, &tree)?)
}

/// `GET /fragments/results`, with the same parameters: the part of the page that depends on them.
pub(super) async fn fragment(
    upstreams: Upstreams,
    Extension(trees): Extension<TreeCache>,
    uri: Uri,
) -> Result<Response, Problem> {
    let query = ListingQuery::parse(&uri)?;
    let (results, tree) = tokio::join!(fetch(&upstreams, &query), trees.get(&upstreams));
    super::html(&Fragment { results: Results::new(&query, results?, &tree)? })
}

/// The parameters of the URL. Unknown ones are ignored, because campaigns add their own.
#[derive(Default)]
struct ListingQuery {
    search: String,
    category_id: String,
    page_token: String,
    /// Parts of the search to take as plain words.
    as_words: Vec<String>,
}

impl ListingQuery {
    fn parse(uri: &Uri) -> Result<Self, Problem> {
        let Query(params) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| Problem::invalid("query", "cannot be read as name=value&name=value"))?;
        let mut query = Self::default();
        for (name, value) in params {
            match name.as_str() {
                "q" => query.search = value.trim().to_owned(),
                "category" => query.category_id = value,
                "page" => query.page_token = value,
                "as" => query.as_words.push(value),
                _ => {}
            }
        }
        Ok(query)
    }
}

/// One page of products.
#[derive(Default)]
struct ProductPage {
    products: Vec<Product>,
    next_page_token: String,
    /// The number of products on all pages, if it is known.
    total: Option<i32>,
    understood: Vec<UnderstoodSpan>,
}

/// Fetches products: from the search service for a search, else from the catalogue, so that each
/// works while the other is unavailable.
async fn fetch(upstreams: &Upstreams, query: &ListingQuery) -> Result<ProductPage, Problem> {
    let ListingQuery { search, category_id, page_token, as_words } = query;
    if search.is_empty() {
        let request = BrowseProductsRequest {
            page_size: PAGE_SIZE,
            page_token: page_token.clone(),
            category_id: category_id.clone(),
            filter: FOR_SALE.to_owned(),
            ..Default::default()
        };
        let response = upstreams.catalogue().browse_products(request).await?.into_inner();
        // The catalogue does not count the matches of a filter, but a single page has all of them.
        let count = i32::try_from(response.products.len()).unwrap_or(i32::MAX);
        let is_single_page = page_token.is_empty() && response.next_page_token.is_empty();
        return Ok(ProductPage {
            products: response.products,
            next_page_token: response.next_page_token,
            total: is_single_page.then_some(count),
            understood: Vec::new(),
        });
    }
    let request = SearchRequest {
        query: search.clone(),
        page_size: PAGE_SIZE,
        page_token: page_token.clone(),
        category_id: category_id.clone(),
        as_words: as_words.clone(),
        ..SearchRequest::default()
    };
    let response = upstreams.search().search(request).await?.into_inner();
    let products = response.results.into_iter().filter_map(|hit| hit.product);
    let products = products.filter(|product| Visibility::of(product) == Visibility::ForSale);
    Ok(ProductPage {
        products: products.collect(),
        next_page_token: response.next_page_token,
        total: Some(response.total_size),
        understood: response.understood,
    })
}

#[derive(Template)]
#[template(path = "listing.html")]
struct Page {
    layout: Layout,
    menu: Menu,
    everything_href: String,
    results: Results,
}

impl Page {
    fn new(query: &ListingQuery, page: ProductPage, tree: &Tree) -> Result<Self, Problem> {
        let example_id = super::example(&page.products);
        let results = Results::new(query, page, tree)?;
        let is_canonical = query.search.is_empty() && query.page_token.is_empty();
        let canonical = links::results("", &query.category_id, "");
        let layout = Layout {
            title: results.title.clone(),
            description: format!("{}: names, prices and live stock.", results.summary),
            canonical: if is_canonical { canonical } else { String::new() },
            query: query.search.clone(),
            category_id: query.category_id.clone(),
            example_id,
        };
        let menu = tree.menu(&query.category_id, &query.search);
        let everything_href = links::results(&query.search, "", "");
        Ok(Self { layout, menu, everything_href, results })
    }
}

#[derive(Template)]
#[template(path = "results.html")]
struct Fragment {
    results: Results,
}

/// The part of the page that search-as-you-type replaces.
struct Results {
    /// The document's title.
    title: String,
    heading: String,
    /// The search text; empty without a search.
    query: String,
    /// The category's name; empty for all categories.
    category: String,
    /// The names and links of the category's ancestors.
    above: Vec<(String, String)>,
    /// The number of products, as text.
    amount: String,
    /// The heading and the category in one line, for screen readers.
    summary: String,
    /// The link to the same search in all categories.
    anywhere_href: String,
    /// Parts of the search that can be taken as plain words.
    chips: Vec<Chip>,
    cards: Vec<Card>,
    next_href: String,
    /// Empty on the first page.
    first_href: String,
}

impl Results {
    /// # Errors
    /// 404 for an unknown category without products.
    fn new(query: &ListingQuery, page: ProductPage, tree: &Tree) -> Result<Self, Problem> {
        let ListingQuery { search, category_id, page_token, as_words } = query;
        let path = tree.path(category_id);
        let is_unknown = path.is_empty() && !category_id.is_empty();
        if is_unknown && page.products.is_empty() && !tree.menu("", "").is_empty() {
            let detail = format!("there is no category {}", text::plain(category_id));
            return Err(Problem::new(StatusCode::NOT_FOUND, "CATEGORY_NOT_FOUND", detail));
        }
        let category = match path.last() {
            Some(category) => text::plain(&category.name),
            None => text::plain(category_id),
        };
        let above = path.iter().rev().skip(1).rev();
        let above = above.map(|category| {
            (text::plain(&category.name), links::results(search, &category.id, ""))
        });
        let search_text = text::plain(search);
        let amount = match page.total {
            Some(total) => text::products(total),
            None if page_token.is_empty() => {
                let count = i32::try_from(page.products.len()).unwrap_or(i32::MAX);
                format!("More than {}", text::products(count))
            }
            None => "More products".to_owned(),
        };
        let (title, heading) = match (search_text.as_str(), category.as_str()) {
            ("", "") => ("All products".to_owned(), "All products".to_owned()),
            ("", category) => (category.to_owned(), category.to_owned()),
            (search, _) if page.products.is_empty() => {
                (format!("“{search}”"), format!("Nothing found for “{search}”"))
            }
            (search, _) => (format!("“{search}”"), format!("{amount} for “{search}”")),
        };
        let mut summary = if search_text.is_empty() { amount.clone() } else { heading.clone() };
        if !category.is_empty() {
            summary.push_str(&format!(" in {category}"));
        }
        let page_href = |token: &str| links::search(search, category_id, token, as_words);
        let chips = page.understood.iter().filter_map(|span| Chip::new(span, query)).collect();
        let next = Some(&page.next_page_token).filter(|token| !token.is_empty());
        Ok(Self {
            title,
            heading,
            amount,
            query: search_text,
            category,
            above: above.collect(),
            summary,
            anywhere_href: links::results(search, "", ""),
            next_href: next.map(|token| page_href(token)).unwrap_or_default(),
            first_href: if page_token.is_empty() { String::new() } else { page_href("") },
            chips,
            cards: page.products.into_iter().map(Card::new).collect(),
        })
    }
}

/// A part of the search that was understood as more than words, with the link that takes it as words.
struct Chip {
    text: String,
    /// Meaning, for people.
    meaning: &'static str,
    href: String,
    /// Whether no product meets it.
    is_unmet: bool,
}

impl Chip {
    /// Returns none for what need not be said: that a word names a brand or a kind of thing.
    fn new(span: &UnderstoodSpan, query: &ListingQuery) -> Option<Self> {
        let meaning = match span.kind() {
            SpanKind::Price => "Price",
            SpanKind::Exclusion => "Left out",
            SpanKind::Phrase => "Side by side",
            SpanKind::Need => "Need",
            SpanKind::OwnBrand => "Own brand only",
            SpanKind::Unspecified
            | SpanKind::Brand
            | SpanKind::Type
            | SpanKind::Measure
            | SpanKind::Relation
            | SpanKind::Filler => return None,
        };
        let mut as_words = query.as_words.clone();
        as_words.push(span.span.clone());
        Some(Self {
            text: text::plain(&span.span),
            meaning,
            href: links::search(&query.search, &query.category_id, "", &as_words),
            is_unmet: span.unmet,
        })
    }
}

/// A product in the list.
struct Card {
    name: String,
    brand: String,
    href: String,
    picture: Option<String>,
    price: Option<String>,
    stock: Stock,
}

impl Card {
    fn new(product: Product) -> Self {
        let picture = pictures::of(&product).next().map(|picture| picture.url);
        Self {
            name: text::plain(&product.name),
            brand: text::plain(&product.brand),
            href: links::product(&product.id),
            picture,
            price: product.price.as_ref().map(text::price),
            stock: Stock {
                product_id: product.id,
                sku: String::new(),
                revision: product.revision,
                quantity: product.stock_qty,
            },
        }
    }
}

#[cfg(test)]
mod tests;

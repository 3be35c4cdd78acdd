//! Products in a grid: all, those of a category, those that match some words.

use askama::Template;
use axum::{Extension, extract::Query, response::Response};
use http::{StatusCode, Uri};
use proto::{
    catalogue::v1::{BrowseProductsRequest, Product},
    search::v1::SearchRequest,
};

use super::{
    Layout, Stock, links, pictures,
    shelf::{FOR_SALE, Shelf},
    text,
    tree::{Menu, Tree, Trees},
};
use crate::{problem::Problem, upstreams::Upstreams};

/// Whole rows of two, three, four and six.
const PAGE_SIZE: i32 = 24;

/// `GET /?q=&category=&page=`.
pub(super) async fn page(
    upstreams: Upstreams,
    Extension(trees): Extension<Trees>,
    uri: Uri,
) -> Result<Response, Problem> {
    let asked = Asked::of(&uri)?;
    let (found, tree) = tokio::join!(find(&upstreams, &asked), trees.get(&upstreams));
    super::html(&Page::new(&asked, found?, &tree)?)
}

/// `GET /fragments/results`, of the same parameters: what of the page changes with them.
pub(super) async fn fragment(
    upstreams: Upstreams,
    Extension(trees): Extension<Trees>,
    uri: Uri,
) -> Result<Response, Problem> {
    let asked = Asked::of(&uri)?;
    let (found, tree) = tokio::join!(find(&upstreams, &asked), trees.get(&upstreams));
    super::html(&Fragment { results: Results::new(&asked, found?, &tree)? })
}

/// What the address asks for. Other parameters are ignored: campaigns and the like add theirs.
#[derive(Default)]
struct Asked {
    query: String,
    category_id: String,
    page_token: String,
}

impl Asked {
    fn of(uri: &Uri) -> Result<Self, Problem> {
        let Query(params) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| Problem::invalid("query", "cannot be read as name=value&name=value"))?;
        let mut asked = Self::default();
        for (name, value) in params {
            match name.as_str() {
                "q" => asked.query = value.trim().to_owned(),
                "category" => asked.category_id = value,
                "page" => asked.page_token = value,
                _ => {}
            }
        }
        Ok(asked)
    }
}

/// One page of products.
#[derive(Default)]
struct Found {
    products: Vec<Product>,
    next_page_token: String,
    /// How many there are on all pages, where that is known.
    total: Option<i32>,
}

/// Words are for the search service; without words the catalogue itself is browsed, so that each
/// works while the other is away.
async fn find(upstreams: &Upstreams, asked: &Asked) -> Result<Found, Problem> {
    let Asked { query, category_id, page_token } = asked;
    if query.is_empty() {
        let request = BrowseProductsRequest {
            page_size: PAGE_SIZE,
            page_token: page_token.clone(),
            category_id: category_id.clone(),
            filter: FOR_SALE.to_owned(),
            ..Default::default()
        };
        let found = upstreams.catalogue().browse_products(request).await?.into_inner();
        // Those that a filter leaves are not counted: but who sees all of them can.
        let shown = i32::try_from(found.products.len()).unwrap_or(i32::MAX);
        let is_all = page_token.is_empty() && found.next_page_token.is_empty();
        let next_page_token = found.next_page_token;
        return Ok(Found {
            products: found.products,
            next_page_token,
            total: is_all.then_some(shown),
        });
    }
    let request = SearchRequest {
        query: query.clone(),
        page_size: PAGE_SIZE,
        page_token: page_token.clone(),
        category_id: category_id.clone(),
        ..SearchRequest::default()
    };
    let found = upstreams.search().search(request).await?.into_inner();
    let products = found.results.into_iter().filter_map(|hit| hit.product);
    Ok(Found {
        products: products.filter(|product| Shelf::of(product) == Shelf::ForSale).collect(),
        next_page_token: found.next_page_token,
        total: Some(found.total_size),
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
    fn new(asked: &Asked, found: Found, tree: &Tree) -> Result<Self, Problem> {
        let example_id = super::example(&found.products);
        let results = Results::new(asked, found, tree)?;
        let is_plain = asked.query.is_empty() && asked.page_token.is_empty();
        let canonical = links::results("", &asked.category_id, "");
        let layout = Layout {
            title: results.title.clone(),
            description: format!("{}: names, prices and live stock.", results.summary),
            canonical: if is_plain { canonical } else { String::new() },
            query: asked.query.clone(),
            category_id: asked.category_id.clone(),
            example_id,
        };
        let menu = tree.menu(&asked.category_id, &asked.query);
        let everything_href = links::results(&asked.query, "", "");
        Ok(Self { layout, menu, everything_href, results })
    }
}

#[derive(Template)]
#[template(path = "results.html")]
struct Fragment {
    results: Results,
}

/// The part of the page that changes as words are typed.
struct Results {
    /// For the window.
    title: String,
    /// The heading: what these products are.
    heading: String,
    /// The words looked for; empty if none.
    query: String,
    /// The category they are in, empty if any, and the categories above it.
    category: String,
    above: Vec<(String, String)>,
    /// How many there are.
    amount: String,
    /// All of that in one line, to be read out.
    summary: String,
    /// The same words, in every category.
    anywhere_href: String,
    cards: Vec<Card>,
    next_href: String,
    /// Set on all pages but the first.
    first_href: String,
}

impl Results {
    /// # Errors
    /// 404 for a category that neither has products nor is known.
    fn new(asked: &Asked, found: Found, tree: &Tree) -> Result<Self, Problem> {
        let Asked { query, category_id, page_token } = asked;
        let path = tree.path(category_id);
        let is_unknown = path.is_empty() && !category_id.is_empty();
        if is_unknown && found.products.is_empty() && !tree.menu("", "").is_empty() {
            let detail = format!("there is no category {}", text::plain(category_id));
            return Err(Problem::new(StatusCode::NOT_FOUND, "CATEGORY_NOT_FOUND", detail));
        }
        let category = match path.last() {
            Some(category) => text::plain(&category.name),
            None => text::plain(category_id),
        };
        let above = path.iter().rev().skip(1).rev();
        let above = above
            .map(|category| (text::plain(&category.name), links::results(query, &category.id, "")));
        let query_shown = text::plain(query);
        let amount = match found.total {
            Some(total) => text::products(total),
            None if page_token.is_empty() => {
                let shown = i32::try_from(found.products.len()).unwrap_or(i32::MAX);
                format!("More than {}", text::products(shown))
            }
            None => "More products".to_owned(),
        };
        let (title, heading) = match (query_shown.as_str(), category.as_str()) {
            ("", "") => ("All products".to_owned(), "All products".to_owned()),
            ("", category) => (category.to_owned(), category.to_owned()),
            (words, _) if found.products.is_empty() => {
                (format!("“{words}”"), format!("Nothing found for “{words}”"))
            }
            (words, _) => (format!("“{words}”"), format!("{amount} for “{words}”")),
        };
        let mut summary = if query_shown.is_empty() { amount.clone() } else { heading.clone() };
        if !category.is_empty() {
            summary.push_str(&format!(" in {category}"));
        }
        let has_next = !found.next_page_token.is_empty();
        Ok(Self {
            title,
            heading,
            amount,
            query: query_shown,
            category,
            above: above.collect(),
            summary,
            anywhere_href: links::results(query, "", ""),
            cards: found.products.into_iter().map(Card::new).collect(),
            next_href: match has_next {
                true => links::results(query, category_id, &found.next_page_token),
                false => String::new(),
            },
            first_href: match page_token.is_empty() {
                true => String::new(),
                false => links::results(query, category_id, ""),
            },
        })
    }
}

/// A product in the grid.
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

//! The list of products, with a filter.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::catalogue::v1::{BrowseProductsRequest, Product};

use super::{
    super::{links, text},
    Frame, html,
    session::Desk,
};
use crate::problem::Problem;

const PAGE_SIZE: i32 = 50;

#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Parameters {
    filter: String,
    after: String,
}

#[derive(Template)]
#[template(path = "desk/products.html")]
struct Page {
    frame: Frame,
    filter: String,
    /// Why the filter was refused; empty if it was not.
    error: String,
    rows: Vec<Row>,
    /// The link to the next page; empty after the last.
    next_href: String,
}

struct Row {
    name: String,
    href: String,
    brand: String,
    price: String,
    stock: i32,
    status: String,
}

/// `GET /admin/products?filter=&after=`.
pub(super) async fn page(
    desk: Desk,
    Query(Parameters { filter, after }): Query<Parameters>,
) -> Result<Response, Problem> {
    let request = BrowseProductsRequest {
        page_size: PAGE_SIZE,
        page_token: after,
        filter: filter.clone(),
        ..Default::default()
    };
    let found = desk.upstreams.catalogue().browse_products(request).await;
    let (found, error) = match found.map_err(Problem::from) {
        Ok(found) => (found.into_inner(), String::new()),
        Err(problem) if problem.errors.iter().any(|error| error.field == "filter") => {
            (Default::default(), problem.detail)
        }
        Err(problem) => return Err(problem),
    };
    let next_href = match found.next_page_token.as_str() {
        "" => String::new(),
        token => format!(
            "/admin/products?filter={}&after={}",
            links::encode(&filter),
            links::encode(token)
        ),
    };
    let rows = found.products.into_iter().map(row).collect();
    let frame = Frame::new("Products", desk.token);
    html(&Page { frame, filter, error, rows, next_href })
}

fn row(product: Product) -> Row {
    Row {
        name: text::plain(&product.name),
        href: format!("/admin/products/{}", links::encode(&product.id)),
        brand: text::plain(&product.brand),
        price: product.price.as_ref().map(proto::money::display).unwrap_or_default(),
        stock: product.stock_qty,
        status: product.status().as_str_name().to_lowercase(),
    }
}

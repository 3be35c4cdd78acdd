//! A product's own page.

mod data;
mod variants;

use askama::Template;
use axum::{extract::Path, response::Response};
use http::StatusCode;
use proto::catalogue::v1::{Attribute, CategoryPath, GetProductRequest, Product, attribute::Value};

use super::{Layout, Stock, links, pictures, pictures::Picture, shelf::Shelf, text};
use crate::{problem::Problem, upstreams::Upstreams};
use data::Data;
use variants::Variants;

/// Pictures shown at most.
const PICTURES: usize = 12;
/// Characters of the description that search engines are given.
const EXCERPT: usize = 200;

/// `GET /p/{id}`.
pub(super) async fn page(
    upstreams: Upstreams,
    Path(product_id): Path<String>,
) -> Result<Response, Problem> {
    let request = GetProductRequest { product_id, ..Default::default() };
    let product = upstreams.catalogue().get_product(request).await?.into_inner();
    let shelf = Shelf::of(&product);
    if shelf == Shelf::Hidden {
        // In the words of one that does not exist.
        let detail = format!("product {} does not exist", product.id);
        return Err(Problem::new(StatusCode::NOT_FOUND, "PRODUCT_NOT_FOUND", detail));
    }
    super::html(&Page::new(product, shelf))
}

#[derive(Template)]
#[template(path = "product.html")]
struct Page {
    layout: Layout,
    data: Data,
    name: String,
    brand: String,
    brand_href: String,
    /// The way to the product through the tree, once for each place it is in.
    trails: Vec<Vec<Crumb>>,
    id: String,
    /// The main one first, each with words for those who do not see it.
    pictures: Vec<Picture>,
    /// The main one, where it is named by a whole address: others need that.
    public_picture: Option<String>,
    price: Option<String>,
    /// None for what is no longer sold: there is nothing to buy then.
    stock: Option<Stock>,
    variants: Variants,
    description: String,
    labels: Vec<String>,
    external_id: String,
    /// Headings and values, all text.
    attributes: Vec<(String, String)>,
}

/// A step of a trail. Without a link where the category's id is not known.
struct Crumb {
    name: String,
    href: String,
}

impl Page {
    fn new(product: Product, shelf: Shelf) -> Self {
        let data = Data::of(&product);
        let name = text::plain(&product.name);
        let brand = text::plain(&product.brand);
        let mut pictures: Vec<Picture> = pictures::of(&product).take(PICTURES).collect();
        let public_picture = pictures.first().map(|picture| &picture.url);
        let public_picture = public_picture.filter(|url| !url.starts_with('/')).cloned();
        describe(&mut pictures, &name);
        let is_sold = shelf == Shelf::ForSale;
        let excerpt: String = text::plain(&product.description).chars().take(EXCERPT).collect();
        Self {
            layout: Layout {
                title: name.clone(),
                description: if excerpt.trim().is_empty() { name.clone() } else { excerpt },
                canonical: links::product(&product.id),
                query: String::new(),
                category_id: String::new(),
                example_id: super::example(is_sold.then_some(&product)),
            },
            data,
            brand_href: links::results(&brand, "", ""),
            name,
            brand,
            trails: product.category_paths.iter().map(trail).collect(),
            pictures,
            public_picture,
            price: price(&product),
            variants: if is_sold { Variants::of(&product) } else { Variants::default() },
            stock: is_sold.then(|| Stock {
                product_id: product.id.clone(),
                sku: String::new(),
                revision: product.revision,
                quantity: product.stock_qty,
            }),
            description: product.description.trim().to_owned(),
            labels: product.labels.iter().map(|label| text::plain(label)).collect(),
            external_id: text::plain(&product.external_id),
            attributes: product.attributes.iter().map(row).collect(),
            id: product.id,
        }
    }
}

/// Gives words to pictures that nobody has described.
fn describe(pictures: &mut [Picture], name: &str) {
    let count = pictures.len();
    for (at, picture) in pictures.iter_mut().enumerate() {
        if picture.alt.trim().is_empty() {
            picture.alt = match count {
                1 => name.to_owned(),
                _ => format!("{name}, picture {} of {count}", at + 1),
            };
        }
    }
}

/// What it costs; the least, where that depends on the variant.
fn price(product: &Product) -> Option<String> {
    let (least, most) = variants::prices(product)?;
    let price = text::price(least);
    Some(if least == most { price } else { format!("From {price}") })
}

fn trail(path: &CategoryPath) -> Vec<Crumb> {
    let names = path.names.iter().enumerate();
    let crumbs = names.map(|(at, name)| Crumb {
        name: text::plain(name),
        href: match path.ids.get(at) {
            Some(id) => links::results("", id, ""),
            None => String::new(),
        },
    });
    crumbs.collect()
}

fn row(attribute: &Attribute) -> (String, String) {
    let value = match &attribute.value {
        Some(Value::Text(text)) => text::plain(text),
        Some(Value::Number(number)) => text::measure(*number, &attribute.unit),
        Some(Value::Flag(true)) => "Yes".to_owned(),
        Some(Value::Flag(false)) => "No".to_owned(),
        None => "–".to_owned(),
    };
    (text::heading(&attribute.name), value)
}

#[cfg(test)]
mod tests;

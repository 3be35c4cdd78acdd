//! The page of a product.

mod structured_data;
mod variants;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::{HeaderMap, StatusCode, Uri};
use product_fields::TextField;
use proto::catalogue::v1::{Attribute, CategoryPath, GetProductRequest, Product, attribute::Value};

use super::{Layout, Stock, links, pictures, pictures::Picture, text, visibility::Visibility};
use crate::{base_url::BaseUrl, problem::Problem, upstreams::Upstreams};
use structured_data::StructuredData;
use variants::Variants;

const MAX_PICTURES: usize = 12;
/// The length of the meta description, in characters.
const EXCERPT: usize = 200;

/// `GET /p/{id}`.
pub(super) async fn page(
    State(base): State<BaseUrl>,
    upstreams: Upstreams,
    uri: Uri,
    headers: HeaderMap,
    Path(product_id): Path<String>,
) -> Result<Response, Problem> {
    let request = GetProductRequest { product_id, ..Default::default() };
    let product = upstreams.catalogue().get_product(request).await?.into_inner();
    let visibility = Visibility::of(&product);
    if visibility == Visibility::Hidden {
        // The same text as for a product that does not exist.
        let detail = format!("product {} does not exist", product.id);
        return Err(Problem::new(StatusCode::NOT_FOUND, "PRODUCT_NOT_FOUND", detail));
    }
    super::html(&Page::new(product, visibility, &base.of(&uri, &headers)))
}

#[derive(Template)]
#[template(path = "product.html")]
struct Page {
    layout: Layout,
    data: StructuredData,
    name: String,
    brand: String,
    brand_href: String,
    /// The breadcrumbs, one trail for each of the product's categories.
    trails: Vec<Vec<Crumb>>,
    id: String,
    /// The main picture first, all with alternative texts.
    pictures: Vec<Picture>,
    /// The URL of the main picture, as other sites need it.
    public_picture: Option<String>,
    price: Option<String>,
    /// `None` for a product that is no longer sold.
    stock: Option<Stock>,
    variants: Variants,
    description: String,
    labels: Vec<String>,
    external_id: String,
    /// Headings and values.
    attributes: Vec<(String, String)>,
}

/// One category of a breadcrumb trail.
struct Crumb {
    name: String,
    /// Empty if the category's id is unknown.
    href: String,
}

impl Page {
    /// The page on the host `base`.
    fn new(product: Product, visibility: Visibility, base: &str) -> Self {
        let data = StructuredData::of(&product, base);
        let name = text::plain(&product.name);
        let brand = text::plain(&product.brand);
        let mut pictures: Vec<Picture> = pictures::of(&product).take(MAX_PICTURES).collect();
        let public_picture = pictures.first().map(|picture| links::absolute(base, &picture.url));
        add_alternative_texts(&mut pictures, &name);
        let is_sold = visibility == Visibility::ForSale;
        let excerpt: String = text::plain(&product.description).chars().take(EXCERPT).collect();
        Self {
            layout: Layout {
                title: name.clone(),
                description: if excerpt.trim().is_empty() { name.clone() } else { excerpt },
                canonical: links::absolute(base, &links::product(&product.id)),
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
            attributes: minor_texts(&product)
                .chain(product.attributes.iter().map(attribute_row))
                .collect(),
            id: product.id,
        }
    }
}

/// Gives an alternative text to pictures without one.
fn add_alternative_texts(pictures: &mut [Picture], name: &str) {
    let count = pictures.len();
    for (index, picture) in pictures.iter_mut().enumerate() {
        if picture.alt.trim().is_empty() {
            picture.alt = match count {
                1 => name.to_owned(),
                _ => format!("{name}, picture {} of {count}", index + 1),
            };
        }
    }
}

/// The price, or the lowest price of the variants.
fn price(product: &Product) -> Option<String> {
    let (min, max) = variants::price_range(product)?;
    let price = text::price(min);
    Some(if min == max { price } else { format!("From {price}") })
}

fn trail(path: &CategoryPath) -> Vec<Crumb> {
    let names = path.names.iter().enumerate();
    let crumbs = names.map(|(index, name)| Crumb {
        name: text::plain(name),
        href: match path.ids.get(index) {
            Some(id) => links::results("", id, ""),
            None => String::new(),
        },
    });
    crumbs.collect()
}

/// The text fields that have no place of their own on the page, by heading.
fn minor_texts(product: &Product) -> impl Iterator<Item = (String, String)> {
    let fields = TextField::ALL.iter().filter(|field| field.is_minor());
    let texts = fields.map(|field| (text::heading(field.name()), text::plain(field.get(product))));
    texts.filter(|(_, text)| !text.is_empty())
}

fn attribute_row(attribute: &Attribute) -> (String, String) {
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

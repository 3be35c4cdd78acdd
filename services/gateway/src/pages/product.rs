//! A product's own page.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::catalogue::v1::{Attribute, CategoryPath, GetProductRequest, Product, attribute::Value};
use serde_json::json;

use super::{Layout, Stock, links, text};
use crate::{problem::Problem, upstreams::Upstreams};

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
    super::html(&Page::new(product))
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
    /// The main one first.
    pictures: Vec<String>,
    /// The main one, where it is named by a whole address: others need that.
    public_picture: Option<String>,
    price: Option<String>,
    stock: Stock,
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
    fn new(product: Product) -> Self {
        let data = Data::of(&product);
        let name = text::plain(&product.name);
        let brand = text::plain(&product.brand);
        let addresses = product.image_urls.iter().filter_map(|url| links::picture(url));
        let pictures: Vec<String> = addresses.take(PICTURES).map(str::to_owned).collect();
        let public_picture = pictures.first().filter(|url| !url.starts_with('/')).cloned();
        let excerpt: String = text::plain(&product.description).chars().take(EXCERPT).collect();
        Self {
            layout: Layout {
                title: name.clone(),
                description: if excerpt.trim().is_empty() { name.clone() } else { excerpt },
                canonical: links::product(&product.id),
                query: String::new(),
                category_id: String::new(),
                example_id: product.id.clone(),
            },
            data,
            brand_href: links::results(&brand, "", ""),
            name,
            brand,
            trails: product.category_paths.iter().map(trail).collect(),
            pictures,
            public_picture,
            price: product.price.as_ref().map(text::price),
            stock: Stock {
                product_id: product.id,
                revision: product.revision,
                quantity: product.stock_qty,
            },
            description: product.description.trim().to_owned(),
            labels: product.labels.iter().map(|label| text::plain(label)).collect(),
            external_id: text::plain(&product.external_id),
            attributes: product.attributes.iter().map(row).collect(),
        }
    }
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

/// What machines read off the page (schema.org), as JSON that cannot end its own element.
struct Data(String);

/// See [`Data::of`]: no character is left in it that means anything to HTML.
impl askama::filters::HtmlSafe for Data {}

impl std::fmt::Display for Data {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Data {
    fn of(product: &Product) -> Self {
        let pictures = product.image_urls.iter().filter_map(|url| links::picture(url));
        let pictures: Vec<&str> = pictures.filter(|url| !url.starts_with('/')).collect();
        let stock = if product.stock_qty > 0 { "InStock" } else { "OutOfStock" };
        let offer = product.price.as_ref().map(|price| {
            // As `12.50 EUR`.
            let text = proto::money::display(price);
            let amount = text.split_once(' ').map_or(text.as_str(), |(amount, _)| amount);
            json!({
                "@type": "Offer",
                "price": amount,
                "priceCurrency": price.currency_code,
                "availability": format!("https://schema.org/{stock}"),
            })
        });
        let data = json!({
            "@context": "https://schema.org",
            "@type": "Product",
            "name": product.name,
            "sku": product.id,
            "description": product.description,
            "brand": { "@type": "Brand", "name": product.brand },
            "image": pictures,
            "offers": offer,
        });
        let escaped = ['<', '>', '&', '\u{2028}', '\u{2029}'];
        let escape =
            |json: String, char: char| json.replace(char, &format!("\\u{:04x}", u32::from(char)));
        Self(escaped.into_iter().fold(data.to_string(), escape))
    }
}

#[cfg(test)]
mod tests;

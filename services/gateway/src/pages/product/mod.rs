//! The page of a product.

mod chooser;
mod fetch;
mod measures;
mod related;
mod structured_data;
mod structured_offer;
mod variants;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use http::{HeaderMap, StatusCode, Uri};
use product_fields::TextField;
use proto::catalogue::v1::{Attribute, CategoryPath, Product, Variant, attribute::Value};

use super::{
    Layout, Stock,
    card::Card,
    links,
    locale::Locale,
    messages::{Messages, fill},
    pictures,
    pictures::Picture,
    query::ListingQuery,
    text,
    visibility::Visibility,
};
use crate::{base_url::BaseUrl, prices, problem::Problem, upstreams::Upstreams};
use chooser::Chooser;
use structured_data::StructuredData;
use variants::Variants;

const MAX_PICTURES: usize = 12;
/// The length of the meta description, in characters.
const EXCERPT: usize = 200;

/// The parameters of the URL. Unknown ones are ignored, because campaigns add their own.
#[derive(serde::Deserialize)]
pub(super) struct Parameters {
    /// The chosen variant's sku.
    #[serde(default)]
    variant: String,
}

/// `GET /p/{id}?variant=`.
pub(super) async fn page(
    State(base): State<BaseUrl>,
    upstreams: Upstreams,
    uri: Uri,
    headers: HeaderMap,
    Path(product_id): Path<String>,
    Query(parameters): Query<Parameters>,
    locale: Locale,
) -> Result<Response, Problem> {
    let (product, freshness) = fetch::product(&upstreams, product_id).await?;
    let visibility = Visibility::of(&product);
    if visibility == Visibility::Hidden {
        // The same text as for a product that does not exist.
        let detail = format!("product {} does not exist", product.id);
        return Err(Problem::new(StatusCode::NOT_FOUND, "PRODUCT_NOT_FOUND", detail));
    }
    let similar = related::similar(&upstreams, &product, locale).await;
    let mut page =
        Page::new(product, visibility, &parameters.variant, locale, &base.of(&uri, &headers));
    page.similar = similar;
    page.notice = freshness.notice(locale).unwrap_or_default();
    super::html_of(&page, freshness)
}

#[derive(Template)]
#[template(path = "product.html")]
struct Page {
    layout: Layout,
    m: &'static Messages,
    data: StructuredData,
    /// Notice of old data; may be empty.
    notice: String,
    name: String,
    brand: String,
    brand_href: String,
    /// The breadcrumbs, one trail for each of the product's categories.
    trails: Vec<Vec<Crumb>>,
    id: String,
    revision: i64,
    /// The main picture first, all with alternative texts.
    pictures: Vec<Picture>,
    /// The URL of the main picture, as other sites need it.
    public_picture: Option<String>,
    /// Of the chosen variant, or of all.
    price: Option<String>,
    /// The higher price beside it, struck; absent outside of a sale.
    struck: Option<String>,
    /// Empty for new products.
    condition: &'static str,
    /// The chosen variant's, or the product's. `None` for a product that is no longer sold.
    stock: Option<Stock>,
    chooser: Chooser,
    variants: Variants,
    description: String,
    labels: Vec<String>,
    /// Headings and values.
    attributes: Vec<(String, String)>,
    similar: Vec<Card>,
}

/// One category of a breadcrumb trail.
struct Crumb {
    name: String,
    /// Empty if the category's id is unknown.
    href: String,
}

impl Page {
    /// The page on the host `base`.
    fn new(
        product: Product,
        visibility: Visibility,
        sku: &str,
        locale: Locale,
        base: &str,
    ) -> Self {
        let data = StructuredData::of(&product, base);
        let name = text::plain(&product.name);
        let is_sold = visibility == Visibility::ForSale;
        let chosen = chooser::variant(&product, sku).filter(|_| is_sold);
        let mut pictures: Vec<Picture> = pictures::of(&product).take(MAX_PICTURES).collect();
        if let Some(chosen) = chosen {
            chooser::show_picture(&mut pictures, chosen);
        }
        let public_picture = pictures.first().map(|picture| links::absolute(base, &picture.url));
        add_alternative_texts(&mut pictures, &name, locale);
        let (chooser, variants) = match is_sold {
            true => (Chooser::new(&product, chosen, locale), Variants::of(&product, locale)),
            false => Default::default(),
        };
        let brand = text::plain(&product.brand);
        let of_brand = ListingQuery { brands: vec![product.brand.clone()], ..Default::default() };
        Self {
            layout: layout(&product, &name, chosen, locale, base),
            m: locale.messages(),
            notice: String::new(),
            data,
            brand_href: of_brand.href(),
            name,
            brand,
            trails: product.category_paths.iter().map(trail).collect(),
            pictures,
            public_picture,
            price: match chosen {
                Some(variant) => {
                    prices::of_variant(&product, variant).map(|price| text::price(price, locale))
                }
                None => text::price_of(&product, locale),
            },
            struck: match chosen {
                Some(_) => prices::current(&product, chosen).and_then(|current| current.struck),
                None => prices::struck(&product),
            }
            .map(|struck| text::price(struck, locale)),
            condition: measures::condition(&product, locale),
            chooser,
            variants,
            stock: is_sold.then(|| stock(&product, chosen, locale)),
            description: product.description.trim().to_owned(),
            labels: product.labels.iter().map(|label| text::plain(label)).collect(),
            attributes: minor_texts(&product)
                .chain(measures::rows(&product, chosen, locale))
                .chain(product.attributes.iter().map(|it| attribute_row(it, locale)))
                .collect(),
            revision: product.revision,
            id: product.id.clone(),
            similar: Vec::new(),
        }
    }

    /// The SKU that the page shows the stock and price of; empty for the whole product.
    fn sku(&self) -> &str {
        self.stock.as_ref().map_or("", |stock| &stock.sku)
    }

    /// A heading of a table, for screen readers.
    fn of_this(&self, message: &str) -> String {
        fill(message, &[&self.name])
    }

    /// The chosen values in words.
    fn chosen(&self, values: &[chooser::OptionLink]) -> String {
        let chosen = values.iter().find(|value| value.is_chosen);
        chosen.map(|value| value.text.clone()).unwrap_or_default()
    }
}

fn layout(
    product: &Product,
    name: &str,
    chosen: Option<&Variant>,
    locale: Locale,
    base: &str,
) -> Layout {
    let excerpt: String = text::plain(&product.description).chars().take(EXCERPT).collect();
    let path = links::product(&product.id);
    let canonical = links::absolute(base, &path);
    let href = match chosen {
        Some(variant) => format!("{path}?variant={}", links::encode(&variant.sku)),
        None => path,
    };
    Layout {
        title: or(&product.seo_title, name),
        description: or(&product.seo_description, or(&excerpt, name).as_str()),
        canonical,
        ..Layout::new(locale, href)
    }
}

/// The text in one line, or `other` if it is empty.
fn or(text: &str, other: &str) -> String {
    let text = text::plain(text);
    if text.is_empty() { other.to_owned() } else { text }
}

fn stock(product: &Product, chosen: Option<&Variant>, locale: Locale) -> Stock {
    Stock {
        product_id: product.id.clone(),
        sku: chosen.map(|variant| variant.sku.clone()).unwrap_or_default(),
        revision: product.revision,
        quantity: chosen.map_or(product.stock_qty, |variant| variant.stock_qty),
        locale,
    }
}

/// Gives an alternative text to pictures without one.
fn add_alternative_texts(pictures: &mut [Picture], name: &str, locale: Locale) {
    let count = pictures.len();
    for (index, picture) in pictures.iter_mut().enumerate() {
        if picture.alt.trim().is_empty() {
            picture.alt = match count {
                1 => name.to_owned(),
                _ => {
                    let (number, count) = ((index + 1).to_string(), count.to_string());
                    fill(locale.messages().picture_of, &[name, &number, &count])
                }
            };
        }
    }
}

fn trail(path: &CategoryPath) -> Vec<Crumb> {
    let names = path.names.iter().enumerate();
    let crumbs = names.map(|(index, name)| Crumb {
        name: text::plain(name),
        href: match path.ids.get(index) {
            Some(id) => ListingQuery::of_category(id).href(),
            None => String::new(),
        },
    });
    crumbs.collect()
}

/// The text fields that have no place of their own on the page, by heading.
fn minor_texts(product: &Product) -> impl Iterator<Item = (String, String)> {
    let fields = TextField::ALL.iter().filter(|field| field.is_minor() && field.is_for_shoppers());
    let texts = fields.map(|field| (text::heading(field.name()), text::plain(field.get(product))));
    texts.filter(|(_, text)| !text.is_empty())
}

fn attribute_row(attribute: &Attribute, locale: Locale) -> (String, String) {
    let value = match &attribute.value {
        Some(Value::Text(text)) => text::plain(text),
        Some(Value::Number(number)) => text::measure(*number, &attribute.unit, locale),
        Some(Value::Flag(true)) => locale.messages().yes.to_owned(),
        Some(Value::Flag(false)) => locale.messages().no.to_owned(),
        None => "–".to_owned(),
    };
    (text::heading(&attribute.name), value)
}

#[cfg(test)]
mod tests;

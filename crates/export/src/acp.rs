//! Products as the Agentic Commerce Protocol takes them (2026-04-17, product feeds): an object with all of its
//! variants.

use proto::{
    catalogue::v1::{Media, Product},
    google::r#type::Money,
    money,
};
use serde::Serialize;

use super::{
    columns::path,
    google_merchant::condition,
    item::{Item, is_for_sale, items},
    shop::Shop,
};

/// A product of the feed.
#[derive(Debug, Serialize)]
pub struct FeedProduct {
    /// Our id of the product.
    pub id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Description>,
    #[serde(skip_serializing_if = "String::is_empty")]
    url: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    media: Vec<FeedMedia>,
    variants: Vec<FeedVariant>,
}

#[derive(Debug, Serialize)]
struct Description {
    plain: String,
}

#[derive(Debug, Serialize)]
struct FeedMedia {
    r#type: &'static str,
    url: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    alt_text: String,
    #[serde(skip_serializing_if = "is_unknown")]
    width: i32,
    #[serde(skip_serializing_if = "is_unknown")]
    height: i32,
}

#[derive(Debug, Serialize)]
struct FeedVariant {
    id: String,
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    url: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    barcodes: Vec<Barcode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<Price>,
    #[serde(skip_serializing_if = "Option::is_none")]
    list_price: Option<Price>,
    availability: Availability,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    categories: Vec<Category>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    condition: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    variant_options: Vec<VariantOption>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    media: Vec<FeedMedia>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seller: Option<Seller>,
}

#[derive(Debug, Serialize)]
struct Barcode {
    r#type: &'static str,
    value: String,
}

#[derive(Debug, Serialize)]
struct Price {
    /// In minor units.
    amount: i64,
    currency: String,
}

#[derive(Debug, Serialize)]
struct Availability {
    available: bool,
    status: &'static str,
}

#[derive(Debug, Serialize)]
struct Category {
    value: String,
    taxonomy: &'static str,
}

#[derive(Debug, Serialize)]
struct VariantOption {
    name: String,
    value: String,
}

#[derive(Debug, Serialize)]
struct Seller {
    name: String,
}

fn is_unknown(pixels: &i32) -> bool {
    *pixels <= 0
}

impl FeedProduct {
    /// The product, with the variants that can be bought.
    pub fn of(product: &Product, shop: &Shop) -> Self {
        let description = Some(product.description.clone()).filter(|text| !text.is_empty());
        let media = product.media.iter().filter_map(|media| picture(media, shop)).collect();
        Self {
            id: product.id.clone(),
            title: product.name.clone(),
            description: description.map(|plain| Description { plain }),
            url: shop.link(&product.id),
            media,
            variants: match is_for_sale(product) {
                true => items(product).iter().map(|item| FeedVariant::of(item, shop)).collect(),
                false => Vec::new(),
            },
        }
    }

    /// A product of which nothing can be bought. The protocol deletes none.
    pub fn gone(id: String) -> Self {
        Self {
            id,
            title: String::new(),
            description: None,
            url: String::new(),
            media: Vec::new(),
            variants: Vec::new(),
        }
    }
}

impl FeedVariant {
    fn of(item: &Item<'_>, shop: &Shop) -> Self {
        let Item { product, variant, .. } = item;
        let (current, regular) = item.prices();
        let own = Media { url: variant.media_url.clone(), ..Media::default() };
        let condition = condition(product);
        let paths = product.category_paths.iter();
        Self {
            id: variant.sku.clone(),
            title: item.title(),
            url: shop.link(&product.id),
            barcodes: match variant.gtin.is_empty() {
                true => Vec::new(),
                false => vec![Barcode { r#type: "GTIN", value: variant.gtin.clone() }],
            },
            price: current.and_then(price),
            list_price: regular.and_then(price),
            availability: Availability {
                available: item.stock_qty > 0,
                status: item.availability(),
            },
            categories: paths
                .map(|it| Category { value: path(it), taxonomy: "merchant" })
                .collect(),
            condition: Some(condition).filter(|it| !it.is_empty()).into_iter().collect(),
            variant_options: variant
                .option_values
                .iter()
                .map(|it| VariantOption { name: it.name.clone(), value: it.value.clone() })
                .collect(),
            media: picture(&own, shop).into_iter().collect(),
            seller: shop.seller.clone().map(|name| Seller { name }),
        }
    }
}

/// A price; `None` for one that has no minor units.
fn price(of: &Money) -> Option<Price> {
    let amount = money::to_minor(of).ok()?;
    Some(Price { amount, currency: of.currency_code.clone() })
}

fn picture(media: &Media, shop: &Shop) -> Option<FeedMedia> {
    let url = shop.absolute(&media.url);
    let Media { alt, width, height, .. } = media;
    (!url.is_empty()).then(|| FeedMedia {
        r#type: "image",
        url,
        alt_text: alt.clone(),
        width: *width,
        height: *height,
    })
}

/// The lines of `products.jsonl`.
pub(super) fn lines(products: &[Product], shop: &Shop) -> serde_json::Result<Vec<u8>> {
    let mut lines = Vec::new();
    for product in products.iter().filter(|product| is_for_sale(product)) {
        serde_json::to_writer(&mut lines, &FeedProduct::of(product, shop))?;
        lines.push(b'\n');
    }
    Ok(lines)
}

//! Products as UCP has them.

use proto::catalogue::v1::{Product, Variant, product::Status};
use serde_json::{Value, json};

use super::{request::PriceFilter, text::visible};
use crate::prices;

/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 5_000;

/// Something that can be bought: a variant, or the product itself if it has none.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) sku: String,
    gtin: String,
    /// Names and values.
    pub(super) options: Vec<(String, String)>,
    currency: String,
    /// In minor units.
    pub(super) amount: i64,
    stock_qty: i32,
}

impl Item {
    pub(super) fn is_available(&self) -> bool {
        self.stock_qty > 0
    }

    /// Whether its price is within the filter, if that is in its currency.
    pub(super) fn passes(&self, filter: PriceFilter, currency: &str) -> bool {
        let amount = u64::try_from(self.amount).unwrap_or_default();
        self.currency != currency
            || (filter.min.is_none_or(|min| amount >= min)
                && filter.max.is_none_or(|max| amount <= max))
    }

    /// The variant of an answer. `title` is the product's.
    pub(super) fn to_json(&self, title: &str) -> Value {
        let labels: Vec<_> = self.options.iter().map(|(_, value)| value.as_str()).collect();
        let own_title = if labels.is_empty() { title.to_owned() } else { labels.join(" / ") };
        let status = if self.is_available() { "in_stock" } else { "out_of_stock" };
        let mut variant = json!({
            "id": self.sku,
            "sku": self.sku,
            "title": own_title,
            "description": { "plain": own_title },
            "price": price(self.amount, &self.currency),
            "availability": { "available": self.is_available(), "status": status },
            "metadata": { "stock_qty": self.stock_qty },
        });
        if !self.options.is_empty() {
            let options = self.options.iter();
            variant["options"] =
                options.map(|(name, label)| json!({ "name": name, "label": label })).collect();
        }
        if !self.gtin.is_empty() {
            variant["barcodes"] = json!([{ "type": "GTIN", "value": self.gtin }]);
        }
        variant
    }
}

fn price(amount: i64, currency: &str) -> Value {
    json!({ "amount": amount, "currency": currency })
}

/// The items of a product, the ones in stock first; empty if it is not for sale or has no price.
pub(super) fn items(product: &Product) -> Vec<Item> {
    if product.status() != Status::Active || product.delete_time.is_some() {
        return Vec::new();
    }
    let mut items: Vec<_> = if product.variants.is_empty() {
        let whole =
            Variant { sku: product.id.clone(), stock_qty: product.stock_qty, ..Default::default() };
        item(&whole, product).into_iter().collect()
    } else {
        let variants = product.variants.iter();
        variants.filter_map(|variant| item(variant, product)).collect()
    };
    items.sort_by_key(|item| !item.is_available());
    items
}

fn item(variant: &Variant, product: &Product) -> Option<Item> {
    let price = prices::of_variant(product, variant)?;
    Some(Item {
        sku: variant.sku.clone(),
        gtin: variant.gtin.clone(),
        options: variant
            .option_values
            .iter()
            .map(|option| (visible(&option.name), visible(&option.value)))
            .collect(),
        currency: price.currency_code.clone(),
        amount: proto::money::to_minor(price).ok()?,
        stock_qty: variant.stock_qty,
    })
}

/// The product of an answer with these variants, of which there is one at least. `all` are all of its items.
pub(super) fn to_json(product: &Product, variants: Vec<Value>, all: &[Item], base: &str) -> Value {
    let currency = all.first().map_or("", |item| item.currency.as_str());
    let amounts = || all.iter().filter(|item| item.currency == currency).map(|item| item.amount);
    let (min, max) = (amounts().min().unwrap_or_default(), amounts().max().unwrap_or_default());
    let description: String = product.description.chars().take(MAX_DESCRIPTION).collect();
    let mut json = json!({
        "id": product.id,
        "handle": product.id,
        "title": visible(&product.name),
        "description": { "plain": visible(&description) },
        "url": format!("{base}{}", crate::pages::product_path(&product.id)),
        "price_range": { "min": price(min, currency), "max": price(max, currency) },
        "variants": variants,
        "metadata": { "revision": product.revision },
    });
    let categories: Vec<_> = product
        .category_ids
        .iter()
        .map(|id| json!({ "value": id, "taxonomy": "merchant" }))
        .collect();
    if !categories.is_empty() {
        json["categories"] = categories.into();
    }
    let media: Vec<_> = product.media.iter().filter_map(|media| picture(media, base)).collect();
    if !media.is_empty() {
        json["media"] = media.into();
    }
    if !product.labels.is_empty() {
        json["tags"] = product.labels.iter().map(|label| visible(label)).collect();
    }
    if !product.brand.is_empty() {
        json["metadata"]["brand"] = json!(visible(&product.brand));
    }
    let options = options(all);
    if !options.is_empty() {
        json["options"] = options
            .into_iter()
            .map(|(name, labels)| {
                let values: Vec<_> =
                    labels.into_iter().map(|label| json!({ "label": label })).collect();
                json!({ "name": name, "values": values })
            })
            .collect();
    }
    json
}

/// The names of options with their values, each in the order of the variants.
pub(super) fn options(items: &[Item]) -> Vec<(&str, Vec<&str>)> {
    let mut options: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name, value) in items.iter().flat_map(|item| &item.options) {
        match options.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) if values.contains(&value.as_str()) => {}
            Some((_, values)) => values.push(value),
            None => options.push((name, vec![value])),
        }
    }
    options
}

fn picture(media: &proto::catalogue::v1::Media, base: &str) -> Option<Value> {
    let url = match media.url.as_str() {
        path if path.starts_with('/') => format!("{base}{path}"),
        url if url.starts_with("https://") || url.starts_with("http://") => url.to_owned(),
        _ => return None,
    };
    let mut picture = json!({ "type": "image", "url": url });
    if !media.alt.is_empty() {
        picture["alt_text"] = json!(visible(&media.alt));
    }
    if media.width > 0 && media.height > 0 {
        picture["width"] = json!(media.width);
        picture["height"] = json!(media.height);
    }
    Some(picture)
}
